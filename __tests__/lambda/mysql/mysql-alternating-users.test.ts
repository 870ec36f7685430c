import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeOnMysql } from '../../mysql-server.ts';
import { cloneOf, database, described } from './described-account.ts';
import { ALTERNATING, DUAL, rotatedUser } from './rotated-user.ts';

const settings = { 'general-log': '1', 'log-output': 'TABLE' };

describeOnMysql('Alternating users', { versions: ['9', '8.4', '8.0'], settings }, (server) => {
  type User = Awaited<ReturnType<typeof alternating>>;
  const alternating = (options: Omit<Parameters<typeof rotatedUser>[1], 'environment'> = {}) =>
    rotatedUser(server, { ...options, environment: ALTERNATING });
  const areEqual = async (user: User) =>
    expect(await described(server, cloneOf(user))).toEqual(await described(server, user.account));

  it('take turns with 10 calls, 2 logins and no refused login; the previous one keeps working, and no log has a password', async () => {
    const user = await alternating();
    for (const expected of [`${user.first.username}_clone`, user.first.username]) {
      const before = await user.login();
      user.calls.length = 0;
      await server.query('TRUNCATE mysql.general_log');
      const now = await user.rotated();
      const rows = await server.query(
        'SELECT command_type AS type, CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log',
      );
      const connects = rows.filter(({ type, text }) => type === 'Connect' && !/denied/.test(String(text)));
      expect(now.username).toBe(expected);
      expect(user.calls).toHaveLength(10);
      expect([connects.length - 1, rows.filter(({ text }) => /denied/.test(String(text))).length]).toEqual([2, 0]);
      expect(JSON.stringify(rows)).not.toContain(now.password);
      expect([await server.accepts(before), await server.accepts(now)]).toEqual([true, true]);
    }
    await areEqual(user);
    await server.query('TRUNCATE mysql.general_log');
    const { username } = await user.rotated();
    const changes = await server.query(
      "SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log WHERE command_type = 'Query' AND argument REGEXP '^(GRANT|REVOKE|ALTER|CREATE|SET DEFAULT)'",
    );
    expect(changes).toEqual([{ text: expect.stringContaining(`ALTER USER \`${username}\`@`) }]);
  });

  it('have one password each, also if the one whose turn it is had two', async () => {
    const user = await alternating();
    await user.rotated();
    await server.query(`ALTER USER ${user.account} IDENTIFIED BY 'another one' RETAIN CURRENT PASSWORD`);
    const now = await user.rotated();
    const all = [now, user.first, { ...now, password: 'another one' }];
    expect(await Promise.all(all.map((each) => server.accepts(each)))).toEqual([true, false, false]);
  });

  it('may have names that need quotes, in either sql_mode', async () => {
    for (const mode of ["''", "'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'"]) {
      await server.query(`SET GLOBAL sql_mode = ${mode}`);
      const user = await alternating({ username: `a \`"'\\ TO ${randomUUID().slice(0, 8)}` });
      const name = await database(server);
      await server.query(`GRANT SELECT ON ${name}.* TO ${user.account}`);
      for (const _ of ['first', 'second']) expect(await server.accepts(await user.rotated())).toBe(true);
      expect(await server.query(`SELECT entry FROM ${name}.t`, await user.login())).toEqual([{ entry: 1 }]);
    }
    await server.query('SET GLOBAL sql_mode = DEFAULT');
  });

  it('are made locked: a rotation that fails at a grant leaves nobody who could log in', async () => {
    await server.query([
      "CREATE USER poor IDENTIFIED BY 'the password of poor'",
      'GRANT SELECT ON mysql.* TO poor',
      'GRANT CREATE USER ON *.* TO poor',
    ]);
    const user = await alternating({ admin: { username: 'poor', password: 'the password of poor' } });
    const name = await database(server);
    await server.query(`GRANT SELECT ON ${name}.* TO ${user.account}`);
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    expect(await user.step('setSecret', versionId)).toMatchObject({
      failure: { errorMessage: expect.stringMatching(/GRANT SELECT ON `d_\w+`\.\*.*Give that privilege/) },
    });
    const [row] = await server.query(`SHOW CREATE USER ${cloneOf(user)}`);
    expect(Object.values(row ?? {})[0]).toMatch(/ACCOUNT LOCK/);
    expect(await server.accepts(user.first)).toBe(true);
    await server.query(`GRANT SELECT ON ${name}.* TO poor WITH GRANT OPTION`);
    for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      expect(await user.step(step, versionId), step).not.toHaveProperty('failure');
    }
    expect(await server.query(`SELECT entry FROM ${name}.t`, await user.login())).toEqual([{ entry: 1 }]);
    await areEqual(user);
  });

  it('are made again from the other one if one of them is missing', async () => {
    const user = await alternating();
    const name = await database(server);
    await server.query(`GRANT SELECT ON ${name}.* TO ${user.account}`);
    await user.rotated();
    await server.query(`DROP USER ${cloneOf(user)}`);
    expect(await server.query(`SELECT entry FROM ${name}.t`, await user.rotated())).toEqual([{ entry: 1 }]);
    await user.rotated();
    await areEqual(user);
  });

  it.each([
    ['the user in use is locked', 'ALTER USER $u ACCOUNT LOCK', /is locked.*ACCOUNT UNLOCK/],
    ['the second user is a role', 'CREATE ROLE `$n_clone`', /_clone is a role, and no user/],
    [
      'the second user could act for the server',
      'CREATE USER `$n_clone`; GRANT ROLE_ADMIN ON *.* TO `$n_clone`',
      /has ROLE_ADMIN/,
    ],
    ['a user may grant what the server adds', 'GRANT BACKUP_ADMIN ON *.* TO $u WITH GRANT OPTION', /has GRANT OPTION/],
    ['a user is the proxy of anybody', "GRANT PROXY ON ''@'' TO $u", /has PROXY ON ANY USER/],
    ['a user is the proxy of one that could', 'GRANT PROXY ON root@localhost TO $u', /role root, which has/],
    ['a user has an account of another host part', "CREATE USER `$n`@'10.%'", /has other accounts, 'app_\w+'@'10\.%'/],
    [
      'the second one has such an account',
      "CREATE USER `$n_clone`@'10.%'",
      /has other accounts, 'app_\w+_clone'@'10\.%'/,
    ],
    [
      'a privilege is on a column that is not there',
      'CREATE DATABASE IF NOT EXISTS gone; CREATE TABLE gone.`$n` (a int, b int); GRANT SELECT (b) ON gone.`$n` TO $u; ALTER TABLE gone.`$n` DROP b',
      /has a privilege on what is not there/,
    ],
  ])('are refused by name if %s, and the user in use stays as it is', async (_, statements, message) => {
    const user = await alternating();
    await server.query([
      "REPLACE INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user, With_grant, Grantor) VALUES ('127.0.0.1', 'root', '', '', 1, '')",
      'FLUSH PRIVILEGES',
      ...statements.replaceAll('$n', user.first.username).replaceAll('$u', user.account).split('; '),
    ]);
    const before = await described(server, user.account);
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
    expect(await described(server, user.account)).toEqual(before);
  });

  it('that log in with more than one factor are refused by name, with any strategy', async () => {
    await server.query("INSTALL PLUGIN auth_socket SONAME 'auth_socket.so'").catch(() => undefined);
    for (const environment of [ALTERNATING, DUAL]) {
      const user = await rotatedUser(server, { environment });
      await server.query(`ALTER USER ${user.account} ADD 2 FACTOR IDENTIFIED WITH auth_socket`);
      expect(await user.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/more than one factor.*DROP 2 FACTOR/),
      });
    }
  });
});
