import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { describeOnMysql } from '../../mysql-server.ts';
import { ALTERNATING, DUAL, quoted, rotatedUser } from './rotated-user.ts';

const settings = { 'general-log': '1', 'log-output': 'TABLE', 'partial-revokes': 'ON' };

describeOnMysql('Alternating users', { versions: ['9', '8.4', '8.0'], settings }, (server) => {
  type User = Awaited<ReturnType<typeof alternating>>;
  const alternating = (options: Omit<Parameters<typeof rotatedUser>[1], 'environment'> = {}, environment = {}) =>
    rotatedUser(server, { ...options, environment: { ...ALTERNATING, ...environment } });
  const cloneOf = ({ first }: User, host = '%') => `${quoted(`${first.username}_clone`)}@${quoted(host)}`;

  /** All that the server's own tables and words say of an account, but for its name and its password. */
  async function described(account: string): Promise<string> {
    const [, user = '', host = ''] = /^`(.*)`@`(.*)`$/.exec(account) ?? [];
    const name = user.replaceAll('``', '`');
    const rows = (table: string, columns: string, [ofUser, ofHost] = ['User', 'Host']) =>
      server.query(
        `SELECT ${columns} FROM mysql.${table} WHERE ${ofUser} = '${name.replaceAll(/['\\]/g, '\\$&')}' AND ${ofHost} = '${host}'`,
      );
    const [own = {}] = await rows('user', '*');
    const { User, authentication_string, password_last_changed, account_locked, User_attributes, ...columns } = own;
    const all = [
      columns,
      { ...Object(User_attributes), additional_password: undefined },
      ...(await rows('db', '*')),
      ...(await rows('tables_priv', 'Db, Table_name, Table_priv, Column_priv')),
      ...(await rows('columns_priv', 'Db, Table_name, Column_name, Column_priv')),
      ...(await rows('procs_priv', 'Db, Routine_name, Routine_type, Proc_priv')),
      ...(await rows('proxies_priv', 'Proxied_host, Proxied_user, With_grant')),
      ...(await rows('global_grants', 'PRIV, WITH_GRANT_OPTION')),
      ...(await rows('role_edges', 'FROM_HOST, FROM_USER, WITH_ADMIN_OPTION', ['TO_USER', 'TO_HOST'])),
      ...(await rows('default_roles', 'DEFAULT_ROLE_HOST, DEFAULT_ROLE_USER')),
    ];
    return all
      .map((row) => JSON.stringify({ ...row, User: undefined }))
      .toSorted()
      .join('\n');
  }
  const areEqual = async (user: User, host = '%') =>
    expect(await described(cloneOf(user, host))).toEqual(await described(user.account));

  /** A database of its own with a table, routines and a row. */
  async function database(): Promise<string> {
    const name = `d_${randomUUID().slice(0, 8)}`;
    await server.query([
      `CREATE DATABASE ${name}`,
      `CREATE TABLE ${name}.t (entry int, \`a,\`\`b\` int)`,
      `INSERT INTO ${name}.t (entry) VALUES (1)`,
      `CREATE FUNCTION ${name}.f() RETURNS int DETERMINISTIC RETURN 7`,
      `CREATE PROCEDURE ${name}.p() SELECT 8`,
    ]);
    return name;
  }

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

  it.each([
    ['on the server', 'GRANT PROCESS, SHOW DATABASES ON *.* TO $u'],
    ['that plug-ins and versions add', 'GRANT BACKUP_ADMIN, FLUSH_TABLES, SHOW_ROUTINE ON *.* TO $u'],
    ['on databases', 'GRANT ALL ON $d.* TO $u'],
    ['on tables', 'GRANT ALL ON $d.t TO $u'],
    ['on columns', 'GRANT SELECT (entry, `a,``b`), INSERT (entry) ON $d.t TO $u'],
    ['on columns and their table', 'GRANT UPDATE, SELECT (entry) ON $d.t TO $u'],
    ['on routines', 'GRANT EXECUTE, ALTER ROUTINE ON FUNCTION $d.f TO $u; GRANT EXECUTE ON PROCEDURE $d.p TO $u'],
    [
      'with the option to grant them',
      'GRANT SELECT ON $d.t TO $u WITH GRANT OPTION; GRANT EXECUTE ON FUNCTION $d.f TO $u WITH GRANT OPTION; GRANT USAGE ON $d.* TO $u WITH GRANT OPTION',
    ],
    [
      'by roles, some of them by default, in whichever order',
      "CREATE ROLE IF NOT EXISTS reader, writer, auditor@'10.%'; GRANT SELECT ON $d.t TO reader; GRANT writer TO $u; " +
        "GRANT reader TO $u WITH ADMIN OPTION; GRANT auditor@'10.%' TO $u; SET DEFAULT ROLE writer, auditor@'10.%' TO $u",
    ],
    ['on a table that is no longer there', 'GRANT SELECT, UPDATE ON $d.t TO $u; DROP TABLE $d.t'],
    ['on the server without some databases', 'GRANT SELECT ON *.* TO $u; REVOKE SELECT ON $d.* FROM $u'],
  ])('share privileges %s, and lose what the user in use loses', async (_, grants) => {
    const user = await alternating();
    const name = await database();
    await server.query(grants.replaceAll('$d', name).replaceAll('$u', user.account).split('; '));
    const before = await described(user.account);
    await user.rotated();
    expect(await described(cloneOf(user))).toEqual(before);
    await areEqual(user);
    // Now the other one is in use.
    await server.query([
      `REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${cloneOf(user)}`,
      `GRANT INSERT ON ${name}.* TO ${cloneOf(user)}`,
    ]);
    await user.rotated();
    await areEqual(user);
    expect(JSON.stringify(await server.query(`SHOW GRANTS FOR ${user.account}`))).toContain(
      `GRANT INSERT ON \`${name}\`.*`,
    );
  });

  it('gain a database that was restricted, and lose one that is restricted now', async () => {
    const user = await alternating();
    const [one, other] = [await database(), await database()];
    await server.query([
      `GRANT SELECT, PROCESS ON *.* TO ${user.account}`,
      `REVOKE SELECT ON ${one}.* FROM ${user.account}`,
    ]);
    await user.rotated();
    await server.query([
      `GRANT SELECT ON ${one}.* TO ${cloneOf(user)}`,
      `REVOKE SELECT ON ${other}.* FROM ${cloneOf(user)}`,
    ]);
    const now = await user.rotated();
    await areEqual(user);
    expect(await server.query(`SELECT entry FROM ${one}.t`, now)).toEqual([{ entry: 1 }]);
    await expect(server.query(`SELECT entry FROM ${other}.t`, now)).rejects.toThrow(/denied/);
  });

  it('share proxies, if the administrator may grant them', async () => {
    const user = await alternating();
    await server.query([
      "REPLACE INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user, With_grant, Grantor) VALUES ('127.0.0.1', 'root', '', '', 1, '')",
      'FLUSH PRIVILEGES',
      'CREATE USER IF NOT EXISTS the_proxied',
      `GRANT PROXY ON the_proxied TO ${user.account}`,
    ]);
    await user.rotated();
    await areEqual(user);
    await server.query(`REVOKE PROXY ON the_proxied FROM ${cloneOf(user)}`);
    await user.rotated();
    await areEqual(user);
  });

  it('share options, policies, comments and the host part, and lose them', async () => {
    const identified =
      "BY '$password' REQUIRE SSL WITH MAX_USER_CONNECTIONS 7 MAX_QUERIES_PER_HOUR 900 PASSWORD EXPIRE INTERVAL 90 DAY PASSWORD HISTORY 3 " +
      'PASSWORD REUSE INTERVAL 4 DAY PASSWORD REQUIRE CURRENT OPTIONAL FAILED_LOGIN_ATTEMPTS 4 PASSWORD_LOCK_TIME UNBOUNDED ' +
      `ATTRIBUTE '{"team": {"name": "of the ''shop''", "size": 3}, "old": true}'`;
    const user = await alternating({ host: '127.%', identified }, { USER_HOST: '127.%' });
    const before = await described(user.account);
    await user.rotated();
    expect(await described(cloneOf(user, '127.%'))).toEqual(before);
    await server.query([
      `ALTER USER ${cloneOf(user, '127.%')} REQUIRE NONE WITH MAX_USER_CONNECTIONS 0 PASSWORD EXPIRE NEVER
        PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0`,
      `ALTER USER ${cloneOf(user, '127.%')} ATTRIBUTE '{"team": {"size": null}, "old": null, "comment": "new"}'`,
    ]);
    expect(await server.accepts(await user.rotated())).toBe(true);
    await areEqual(user, '127.%');
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
      const name = await database();
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
    const name = await database();
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
    const name = await database();
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
    const before = await described(user.account);
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
    expect(await described(user.account)).toEqual(before);
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
