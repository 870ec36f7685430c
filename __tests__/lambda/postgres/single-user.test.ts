import { describe, expect, it } from 'vitest';
import { rdsServer } from '../../rds-server.ts';
import { rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const server = await rdsServer({ settings: { log_statement: 'all', log_connections: 'on' } });

/** What the server wrote from now on. */
function serverLog(): { logins(username: string): number; refusals(): number; text(): string } {
  const from = server.log().length;
  const text = () => server.log().slice(from);
  const count = (pattern: RegExp) => text().match(pattern)?.length ?? 0;
  return {
    text,
    logins: (username) => count(new RegExp(`connection authorized: user=${username} `, 'g')),
    refusals: () => count(/authentication failed/g),
  };
}

describe('A single PostgreSQL user', { timeout: 120_000 }, () => {
  it('gets a new password with 9 calls, 3 logins and no refused login', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const log = serverLog();
    const now = await user.rotated();
    expect(user.calls).toHaveLength(9);
    expect([log.logins(now.username), log.refusals()]).toEqual([3, 0]);
    expect(now.username).toBe(user.first.username);
    expect(await server.accepts(now)).toBe(true);
    expect(await server.accepts(user.first)).toBe(false);
  });

  it("keeps every password out of the server's log, although it logs all statements", async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const log = serverLog();
    const logins = [await user.rotated(), await user.rotated()];
    expect(log.text()).toMatch(/ALTER ROLE "app_\w+"\s+PASSWORD 'SCRAM-SHA-256\$4096:/);
    for (const { password } of logins) expect(log.text()).not.toContain(password);
  });

  it('shows in pg_stat_activity and in the log which version it sets', async () => {
    await server.superuser.query("ALTER SYSTEM SET log_line_prefix = '<%a> '");
    await server.superuser.query('SELECT pg_reload_conf()');
    const user = await rotatedUser(server, { environment: SINGLE });
    const log = serverLog();
    const { versionId } = await user.rotate();
    expect(log.text()).toContain(`<rotaform ${versionId}> LOG:  statement: ALTER ROLE`);
  });

  it('rotates with CONNECTION LIMIT 1: its own session makes room for the proof', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await server.query(`ALTER ROLE ${user.first.username} CONNECTION LIMIT 1`);
    for (const _ of ['first', 'second']) expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('rotates while its open sessions, long transactions and temporary tables go on', async () => {
    for (const environment of [SINGLE, SINGLE_BY_ADMIN]) {
      const user = await rotatedUser(server, { environment });
      const { username } = user.first;
      await server.superuser.query(`CREATE TABLE of_${username} (); ALTER TABLE of_${username} OWNER TO ${username}`);
      const open = await server.login(user.first);
      await open.query(`CREATE TEMPORARY TABLE mine AS SELECT 1 AS entry; BEGIN; LOCK TABLE of_${username}`);
      expect(await server.accepts(await user.rotated())).toBe(true);
      expect((await open.query(`SELECT entry FROM mine, of_${username}`)).rows).toEqual([]);
      await open.query('COMMIT');
      await open.end();
    }
  });

  it('is told which limit it is if no connection is left, and nothing is changed', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const { username } = user.first;
    await server.query(`ALTER ROLE ${username} CONNECTION LIMIT 0`);
    expect(await user.failure()).toMatchObject({
      code: 'SERVICE',
      message: expect.stringMatching(/too many connections for role.*raise the CONNECTION LIMIT of the role/),
    });
    expect(await server.accepts(user.first).catch((error: Error) => error.message)).toMatch(/too many connections/);
    await server.query(`ALTER ROLE ${username} CONNECTION LIMIT 1`);
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('gets its old password back from an administrator if the new one cannot log in', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    const { username } = user.first;
    await server.query(`ALTER ROLE ${username} CONNECTION LIMIT 1`);
    const session = await server.login(user.first);
    expect(await user.failure()).toMatchObject({
      code: 'SERVICE',
      message: expect.stringMatching(/too many connections for role.*raise the CONNECTION LIMIT of the role/),
    });
    await session.end();
    expect(await user.login()).toMatchObject(user.first);
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('recovers with an administrator after its password was changed elsewhere', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    await server.query(`ALTER ROLE ${user.first.username} PASSWORD 'changed by hand'`);
    const log = serverLog();
    const now = await user.rotated();
    expect(user.calls).toHaveLength(10);
    expect([log.logins('master'), log.logins(now.username), log.refusals()]).toEqual([1, 2, 0]);
    expect(await server.accepts(now)).toBe(true);
  });

  it('says what to do without an administrator after its password was changed elsewhere', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await server.query(`ALTER ROLE ${user.first.username} PASSWORD 'changed by hand'`);
    expect(await user.failure()).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringMatching(/Declare an admin/),
    });
    expect(await user.login()).toMatchObject(user.first);
  });

  it('gets its first password from an administrator', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN, secret: { password: undefined } });
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('changes its own password even if its sessions begin in another role', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const { username } = user.first;
    await server.query(`CREATE ROLE team; GRANT team TO ${username}; ALTER ROLE ${username} SET role = team`);
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('may have names that need quotes', async () => {
    const user = await rotatedUser(server, { environment: SINGLE, username: 'a "quoted" user' });
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('does not rotate to a version that somebody stored for another host or user', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    for (const planted of [{ host: '127.0.0.1' }, { username: 'master' }, { ssl: false }]) {
      const document = { ...JSON.parse((await user.value(versionId)) ?? ''), ...planted };
      const secret = user.aws.account.secrets.find(user.secretArn)?.versions.get(versionId);
      Object.assign(secret ?? {}, { value: { SecretString: JSON.stringify(document) } });
      const log = serverLog();
      expect(await user.step('setSecret', versionId)).toMatchObject({
        failure: { errorMessage: expect.stringContaining(`AWSPENDING has another ${Object.keys(planted)[0]}`) },
      });
      expect(log.text()).toBe('');
      Object.assign(secret ?? {}, {
        value: {
          SecretString: JSON.stringify({
            ...document,
            host: 'localhost',
            username: user.first.username,
            ssl: undefined,
          }),
        },
      });
    }
  });
});
