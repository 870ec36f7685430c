import { describe, expect, it } from 'vitest';
import { hasMariadb } from '../../../harness/throw-away-mariadb.ts';
import { runCommand } from '../../run-command.ts';

describe('npm start -- mysql', () => {
  it('rotates on a real MariaDB while an application logs in, or says that there is none', async () => {
    const { exitCode, stdout } = await runCommand('npm', ['start', '--silent', '--', 'mysql']);
    expect(exitCode).toBe(0);
    if (!hasMariadb) {
      expect(stdout).toContain('There is no MariaDB on this machine');
      return;
    }
    expect(stdout).toMatch(/Started a throw-away MariaDB, 127\.0\.0\.1:\d+/);
    for (const secret of ['shop/dual-password', 'orders/alternating-users', 'reporting/single-user']) {
      expect(stdout).toMatch(new RegExp(`${secret} rotated in [\\d.]+ s`));
      const row = stdout.split('\n').find((line) => line.includes('│') && line.includes(secret));
      const [logins = 0, refused, failed] = (row?.match(/ \d+ /g) ?? []).map(Number);
      expect(logins).toBeGreaterThan(3);
      expect(failed).toBe(0);
      if (!secret.startsWith('reporting')) expect(refused, secret).toBe(0);
    }
    expect(stdout).not.toContain('"password"');
  }, 240_000);
});
