import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ED25519 } from '../../../lambda/mysql/password-hash.ts';
import type { ServerLogin } from '../../asked-server.ts';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const settings = { 'plugin-load-add': 'auth_ed25519', 'general-log': '1', 'log-output': 'TABLE' };

describeOnMariadb('A MariaDB user with ed25519', { settings }, (server) => {
  const identified = "VIA ed25519 USING PASSWORD('$password')";

  /** MariaDB's own client, which comes with the server. */
  async function accepts({ username, password }: ServerLogin): Promise<boolean> {
    const flags = ['--no-defaults', '--protocol=tcp', `--host=${server.host}`, `--port=${server.port}`];
    try {
      const env = { ...process.env, MYSQL_PWD: password };
      await promisify(execFile)('mariadb', [...flags, `--user=${username}`, '--execute=SELECT 1'], { env });
      return true;
    } catch (error) {
      if (/Access denied/.test(String(Object(error).stderr))) return false;
      throw error;
    }
  }

  it('is stored as the server stores it, whatever the length of the password', async () => {
    const passwords = ['x', 'a password of exactly 32 letters', 'schön, 日本語', 'long '.repeat(60)];
    for (const [index, password] of passwords.entries()) {
      await server.query(`CREATE USER stored_${index} IDENTIFIED VIA ed25519 USING PASSWORD('${password}')`);
    }
    const rows = await server.query(
      "SELECT JSON_VALUE(Priv, '$.authentication_string') AS stored FROM mysql.global_priv WHERE User LIKE 'stored_%' ORDER BY User",
    );
    expect(passwords.map((password) => ED25519.hash(password, '').toString())).toEqual(
      rows.map(({ stored }) => stored),
    );
  });

  it.each([
    ['single-user', SINGLE],
    ['single-user by an administrator', SINGLE_BY_ADMIN],
    ['alternating-users', ALTERNATING],
  ])('rotates, keeps its method, and no log has a password: %s', async (_, environment) => {
    const user = await rotatedUser(server, { environment, identified });
    await server.query('TRUNCATE mysql.general_log');
    const [second, third] = [await user.rotated(), await user.rotated()];
    const isAlternating = environment === ALTERNATING;
    expect([await accepts(user.first), await accepts(second), await accepts(third)]).toEqual([
      false,
      isAlternating,
      true,
    ]);
    const [row] = await server.query(`SHOW CREATE USER ${third.username}`);
    expect(Object.values(row ?? {})[0]).toMatch(/IDENTIFIED VIA ed25519 USING '[\w+/]{43}'$/);
    const log = JSON.stringify(
      await server.query('SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log'),
    );
    for (const { password } of [user.first, second, third]) expect(log).not.toContain(password);
  });

  it('is refused for two passwords by name, and stays as it is', async () => {
    const user = await rotatedUser(server, { environment: DUAL, identified });
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(
        /logs in by ed25519\. Many clients.*Declare strategy 'single-user' or 'alternating-users'/,
      ),
    });
    expect(await accepts(user.first)).toBe(true);
  });

  it('next to mysql_native_password keeps the other one, whose password stays valid', async () => {
    const both = `VIA mysql_native_password USING '$hash' OR ed25519 USING PASSWORD('of ed25519')`;
    for (const environment of [SINGLE, SINGLE_BY_ADMIN]) {
      const user = await rotatedUser(server, { environment, identified: both });
      const now = await user.rotated();
      expect([
        await accepts(now),
        await accepts(user.first),
        await accepts({ ...now, password: 'of ed25519' }),
      ]).toEqual([true, false, true]);
    }
    const behind = "VIA ed25519 USING PASSWORD('of ed25519') OR mysql_native_password USING '$hash'";
    const user = await rotatedUser(server, { environment: SINGLE, identified: behind });
    expect(await user.failure()).toMatchObject({ message: expect.stringMatching(/has 2 passwords: expected 1/) });
  });
});
