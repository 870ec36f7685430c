import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rdsServer } from '../../rds-server.ts';
import { runCommand } from '../../run-command.ts';

const server = await rdsServer();

/** The numbers of a row: logins, refused, failed. */
function countsOf(stdout: string, secret: string): number[] {
  const row = stdout.split('\n').find((line) => line.includes('│') && line.includes(secret));
  return (row?.match(/ \d+ /g) ?? []).map(Number);
}

describe('npm start -- postgres', () => {
  it('starts a server and rotates while an application logs in, and no login fails', async () => {
    const { exitCode, stdout } = await runCommand('npm', ['start', '--silent', '--', 'postgres']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Started a throw-away PostgreSQL, 127\.0\.0\.1:\d+/);
    for (const secret of ['shop/alternating-users', 'reporting/single-user']) {
      expect(stdout).toMatch(new RegExp(`${secret} rotated in [\\d.]+ s`));
      const [logins = 0, , failed] = countsOf(stdout, secret);
      expect(logins).toBeGreaterThan(3);
      expect(failed).toBe(0);
    }
    expect(countsOf(stdout, 'shop/alternating-users')[1], 'refused logins of alternating users').toBe(0);
    expect(stdout).not.toMatch(/"password"|SCRAM/);
  }, 240_000);

  it('does the same on your own server, and leaves nothing behind', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const root = path.join(folder, 'root.pem');
    writeFileSync(root, server.ca);
    const url = `postgres://master:${encodeURIComponent(server.password)}@localhost:${server.port}/postgres?sslrootcert=${root}`;
    const { exitCode, stdout } = await runCommand('npm', ['start', '--silent', '--', 'postgres', url]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Found PostgreSQL, localhost:${server.port}`);
    expect(stdout).not.toContain(server.password);
    expect(await server.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'rotaform%'")).toEqual([]);
  }, 240_000);

  it('changes nothing on a server that already has a user with that name', async () => {
    await server.query('CREATE ROLE rotaform_shop LOGIN');
    onTestFinished(async () => void (await server.query('DROP ROLE rotaform_shop')));
    const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-test-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const root = path.join(folder, 'root.pem');
    writeFileSync(root, server.ca);
    const url = `postgres://master:${encodeURIComponent(server.password)}@localhost:${server.port}/postgres?sslrootcert=${root}`;
    const { exitCode, stdout, stderr } = await runCommand('npm', ['start', '--silent', '--', 'postgres', url]);
    expect(exitCode).toBe(1);
    expect(stdout + stderr).toMatch(/The server already has rotaform_shop.*\n[\s\S]*Fix the problem above/);
    const roles = await server.query("SELECT rolname FROM pg_roles WHERE rolname LIKE 'rotaform%'");
    expect(roles).toEqual([{ rolname: 'rotaform_shop' }]);
  }, 120_000);

  it('says what is wrong if the server cannot be reached, or the show is unknown', async () => {
    const away = await runCommand('npm', [
      'start',
      '--silent',
      '--',
      'postgres',
      'postgres://postgres:x@127.0.0.1:1/postgres',
    ]);
    expect(away.exitCode).toBe(1);
    expect(away.stdout + away.stderr).toMatch(/ECONNREFUSED[\s\S]*Fix the problem above/);
    const other = await runCommand('npm', ['start', '--silent', '--', 'oracle']);
    expect([other.exitCode, other.stderr]).toEqual([2, expect.stringContaining('There is no show "oracle".')]);
  }, 120_000);
});
