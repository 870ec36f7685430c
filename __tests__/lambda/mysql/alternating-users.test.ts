import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { ServerLogin } from '../../asked-server.ts';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { ALTERNATING, quoted, rotatedUser } from './rotated-user.ts';

const settings = { 'general-log': '1', 'log-output': 'TABLE' };

describeOnMariadb('Alternating MariaDB users', { settings }, (server) => {
  type Options = Omit<Parameters<typeof rotatedUser>[1], 'environment'>;
  type User = Awaited<ReturnType<typeof rotatedUser>>;
  const alternating = (options: Options & { readonly environment?: object } = {}) =>
    rotatedUser(server, { ...options, environment: { ...ALTERNATING, ...options.environment } });
  const cloneOf = (user: User, host = '%') => `${quoted(`${user.first.username}_clone`)}@${quoted(host)}`;

  /** What the server says of an account, but for its name, its passwords and when they changed. */
  async function described(account: string, username: string): Promise<string[]> {
    const rows = [
      ...(await server.query(`SHOW GRANTS FOR ${account}`)),
      ...(await server.query(`SHOW CREATE USER ${account}`)),
      ...(
        await server.query(
          `SELECT JSON_REMOVE(Priv, '$.authentication_string', '$.password_last_changed', '$.account_locked') AS p FROM mysql.global_priv WHERE User = '${username}'`,
        )
      ).map(({ p }) => ({
        p: JSON.stringify(
          Object.entries(p as object)
            .filter(([, value]) => ![0, -1, '', false].includes(value))
            .toSorted(),
        ),
      })),
    ];
    return (
      rows
        .map((row) => String(Object.values(row)[0]))
        .map((text) => text.replaceAll(`\`${username}\``, 'USER').replace(/'\*[\dA-F]{40}'/g, 'HASH'))
        // Columns stand in whichever order they were granted in.
        .map((text) =>
          text
            .split(/[, ()]+/)
            .toSorted()
            .join(' '),
        )
        .toSorted()
    );
  }
  async function areEqual(user: User, host = '%') {
    const { username } = user.first;
    expect(await described(cloneOf(user, host), `${username}_clone`)).toEqual(await described(user.account, username));
  }

  /** A database of its own with a table, routines and a row. */
  async function database(): Promise<string> {
    const name = `d_${randomUUID().slice(0, 8)}`;
    await server.query([
      `CREATE DATABASE ${name}`,
      `CREATE TABLE ${name}.t (entry int, \`a,\`\`b\` int)`,
      `INSERT INTO ${name}.t (entry) VALUES (1)`,
      `CREATE FUNCTION ${name}.f() RETURNS int RETURN 7`,
      `CREATE PROCEDURE ${name}.p() SELECT 8`,
    ]);
    return name;
  }

  it('alternate with 10 calls, 2 logins and no refused login; the previous user keeps working, and no log has a password', async () => {
    const user = await alternating();
    for (const expected of [`${user.first.username}_clone`, user.first.username]) {
      const before = await user.login();
      user.calls.length = 0;
      await server.query('TRUNCATE mysql.general_log');
      const now = await user.rotated();
      const rows = await server.query(
        'SELECT command_type AS type, CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log',
      );
      const connects = rows.filter(({ type }) => type === 'Connect').map(({ text }) => String(text));
      expect(now.username).toBe(expected);
      expect(user.calls).toHaveLength(10);
      expect([connects.length - 1, connects.filter((text) => /denied/.test(text)).length]).toEqual([2, 0]);
      expect(JSON.stringify(rows)).not.toContain(now.password);
      expect([await server.accepts(before), await server.accepts(now)]).toEqual([true, true]);
    }
    await areEqual(user);
  });

  it('need nothing but a new password in the next rotation if nothing has changed', async () => {
    const user = await alternating();
    await user.rotated();
    await server.query('TRUNCATE mysql.general_log');
    const { username } = await user.rotated();
    const rows = await server.query(
      "SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log WHERE command_type = 'Query'",
    );
    const changes = rows
      .map(({ text }) => String(text))
      .filter((text) => /^(GRANT|REVOKE|ALTER|CREATE|SET DEFAULT)/.test(text));
    expect(changes).toEqual([expect.stringContaining(`ALTER USER \`${username}\`@`)]);
  });

  it.each([
    ['on the server', 'GRANT PROCESS, SHOW DATABASES ON *.* TO $u'],
    ['on databases, also by a pattern', 'GRANT ALL ON $d.* TO $u; GRANT SELECT ON `$d\\_%`.* TO $u'],
    ['on tables', 'GRANT ALL ON $d.t TO $u'],
    ['on columns', 'GRANT SELECT (entry, `a,``b`), INSERT (entry) ON $d.t TO $u'],
    ['on columns and their table', 'GRANT UPDATE, SELECT (entry) ON $d.t TO $u'],
    ['on routines', 'GRANT EXECUTE, ALTER ROUTINE ON FUNCTION $d.f TO $u; GRANT EXECUTE ON PROCEDURE $d.p TO $u'],
    [
      'with the option to grant them',
      'GRANT SELECT ON $d.t TO $u WITH GRANT OPTION; GRANT EXECUTE ON FUNCTION $d.f TO $u WITH GRANT OPTION; GRANT USAGE ON $d.* TO $u WITH GRANT OPTION',
    ],
    [
      'by roles, one of them by default',
      'CREATE ROLE IF NOT EXISTS reader; CREATE ROLE IF NOT EXISTS writer; GRANT SELECT ON $d.t TO reader; GRANT reader TO $u WITH ADMIN OPTION; GRANT writer TO $u; SET DEFAULT ROLE reader FOR $u',
    ],
    ['on a table that is no longer there', 'GRANT SELECT, UPDATE ON $d.t TO $u; DROP TABLE $d.t'],
  ])('share privileges %s, and lose what the user in use loses', async (_, grants) => {
    const user = await alternating();
    const name = await database();
    const filled = (text: string) => text.replaceAll('$d', name).replaceAll('$u', user.account).split('; ');
    await server.query(filled(grants));
    const before = await described(user.account, user.first.username);
    await user.rotated();
    await areEqual(user);
    expect(await described(cloneOf(user), `${user.first.username}_clone`)).toEqual(before);
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

  it('share proxies, if the administrator may grant them', async () => {
    const user = await alternating();
    await server.query([
      "INSERT INTO mysql.proxies_priv (Host, User, Proxied_host, Proxied_user, With_grant) VALUES ('127.0.0.1', 'root', '', '', 1)",
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

  it('share options, other methods and the host part, and lose options', async () => {
    const identified =
      "VIA unix_socket OR mysql_native_password USING '$hash' REQUIRE SSL WITH MAX_USER_CONNECTIONS 7 MAX_STATEMENT_TIME 2.5 PASSWORD EXPIRE INTERVAL 90 DAY";
    const user = await alternating({ environment: { USER_HOST: '127.%' }, host: '127.%', identified });
    await user.rotated();
    const [row] = await server.query(`SHOW CREATE USER ${cloneOf(user, '127.%')}`);
    expect(Object.values(row ?? {})[0]).toMatch(
      /VIA mysql_native_password USING '\S+' OR unix_socket REQUIRE SSL WITH MAX_USER_CONNECTIONS 7 MAX_STATEMENT_TIME 2.5\d* PASSWORD EXPIRE INTERVAL 90 DAY$/,
    );
    await server.query(
      `ALTER USER ${cloneOf(user, '127.%')} REQUIRE NONE WITH MAX_USER_CONNECTIONS 0 MAX_STATEMENT_TIME 0 PASSWORD EXPIRE NEVER`,
    );
    expect(await server.accepts(await user.rotated())).toBe(true);
    await areEqual(user, '127.%');
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
      failure: {
        errorMessage: expect.stringMatching(/GRANT SELECT ON `d_\w+`\.\*.*Give that privilege, or declare an admin/),
      },
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
    const now: ServerLogin = await user.rotated();
    expect(await server.query(`SELECT entry FROM ${name}.t`, now)).toEqual([{ entry: 1 }]);
    await user.rotated();
    await areEqual(user);
  });

  it.each([
    ['the user in use is locked', 'ALTER USER $u ACCOUNT LOCK', /is locked.*ACCOUNT UNLOCK/],
    ['the second user is a role', 'CREATE ROLE `$n_clone`', /_clone is a role, and no user/],
    [
      'the second user could act for the server',
      'CREATE USER `$n_clone`; GRANT SUPER ON *.* TO `$n_clone`',
      /has SUPER/,
    ],
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
    await server.query(statements.replaceAll('$n', user.first.username).replaceAll('$u', user.account).split('; '));
    const before = await described(user.account, user.first.username);
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
    expect(await described(user.account, user.first.username)).toEqual(before);
  });
});
