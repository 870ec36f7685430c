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
    const row = stdout.split('\n').find((line) => line.includes('│') && line.includes('shop/dual-password'));
    const [logins = 0, refused, failed] = (row?.match(/ \d+ /g) ?? []).map(Number);
    expect(logins).toBeGreaterThan(3);
    expect([refused, failed]).toEqual([0, 0]);
    expect(stdout).toMatch(/reporting\/single-user rotated in [\d.]+ s/);
    expect(stdout).not.toContain('"password"');
  }, 240_000);
});
