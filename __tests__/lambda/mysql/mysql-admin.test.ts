import { expect, it } from 'vitest';
import { describeOnMysql } from '../../mysql-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE_BY_ADMIN } from './rotated-user.ts';

/** MySQL 8.0's native passwords need no option, 8.4's do, 9 has none. */
describeOnMysql('An administrator', { versions: ['9', '8.0'], settings: {} }, (server, version) => {
  it.each([
    ...[
      'SUPER',
      'CREATE USER',
      'FILE',
      'SHUTDOWN',
      'EXECUTE',
      'INSERT',
      'REPLICATION SLAVE',
      'CREATE ROLE',
      'DROP ROLE',
    ].map((what) => [what, [`GRANT ${what} ON *.* TO $u`], what] as const),
    ...['ROLE_ADMIN', 'SYSTEM_USER', 'SYSTEM_VARIABLES_ADMIN', 'CONNECTION_ADMIN', 'APPLICATION_PASSWORD_ADMIN'].map(
      (what) => [what, [`GRANT ${what} ON *.* TO $u`], what] as const,
    ),
    ['all of it', ['GRANT ALL ON *.* TO $u'], 'INSERT'],
    ['a grant option', ['GRANT SELECT ON *.* TO $u WITH GRANT OPTION'], 'GRANT OPTION'],
    ['the server’s tables', ['GRANT UPDATE ON mysql.* TO $u'], 'UPDATE on mysql.*'],
    ['a pattern of them', ['GRANT UPDATE ON `my%`.* TO $u'], 'UPDATE on mysql.*'],
    ['one of its tables', ['GRANT DELETE ON mysql.db TO $u'], 'DELETE on mysql.db'],
    ['a column', ['GRANT UPDATE (authentication_string) ON mysql.user TO $u'], 'UPDATE on mysql.user'],
    ['a role', ['GRANT CREATE USER ON *.* TO $r', 'GRANT $r TO $u'], 'the role $r, which has CREATE USER'],
    [
      'a role of a role',
      ['CREATE ROLE $r_of', 'GRANT SUPER ON *.* TO $r_of', 'GRANT $r_of TO $r', 'GRANT $r TO $u'],
      'the role $r_of, which has SUPER',
    ],
    [
      'a role that everybody has',
      ['GRANT CREATE USER ON *.* TO $r', "SET GLOBAL mandatory_roles = '$r'"],
      'the role $r, which has CREATE USER',
    ],
  ] as const)('changes no user that could act for the server: %s', async (_, grants, power) => {
    const user = await rotatedUser(server, { environment: DUAL });
    const role = `role_${user.first.username}`;
    const filled = (text: string) => text.replaceAll('$u', user.account).replaceAll('$r', role);
    await server.query([`CREATE ROLE ${role}`, ...grants.map(filled)]);
    const failure = await user.failure();
    await server.query('SET GLOBAL mandatory_roles = DEFAULT');
    expect(failure).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining(` has ${filled(power)}. An administrator changes only users that cannot act`),
    });
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('changes users that only read, or own databases whose names do not match those of the server', async () => {
    for (const environment of [DUAL, ALTERNATING]) {
      const user = await rotatedUser(server, { environment });
      await server.query([
        `GRANT SELECT, PROCESS, RELOAD, SHOW DATABASES, REPLICATION CLIENT, BACKUP_ADMIN, SHOW_ROUTINE ON *.* TO ${user.account}`,
        `GRANT ALL ON \`my\\_sql\`.* TO ${user.account} WITH GRANT OPTION`,
        `GRANT SELECT ON mysql.* TO ${user.account}`,
      ]);
      expect(await server.accepts(await user.rotated())).toBe(true);
    }
  });

  it('who may not read every table that says what a user may do is refused', async () => {
    const admin = { username: 'few', password: 'the password of few' };
    const tables = ['user', 'role_edges', 'proxies_priv', 'global_grants', 'db', 'tables_priv', 'procs_priv'];
    await server.query([`CREATE USER few IDENTIFIED BY '${admin.password}'`, 'GRANT CREATE USER ON *.* TO few']);
    for (const table of tables) {
      await server.query(`GRANT SELECT ON mysql.${table} TO few`);
      const user = await rotatedUser(server, { environment: DUAL, admin });
      await server.query(`GRANT ALL ON *.* TO ${user.account} WITH GRANT OPTION`);
      const isLast = table === tables.at(-1);
      expect(await user.failure()).toMatchObject(
        isLast
          ? { code: 'CONFIGURATION', message: expect.stringMatching(/has INSERT\./) }
          : { code: 'PRIVILEGE', message: expect.stringMatching(/SELECT command denied.*mysql|SELECT command denied/) },
      );
    }
  });

  it('who may not change a system user is told so, and the user stays as it is', async () => {
    const user = await rotatedUser(server, {
      environment: SINGLE_BY_ADMIN,
      username: 'readers_of_nothing',
      secret: { username: 'root' },
    });
    expect(await user.failure()).toMatchObject({ message: expect.stringMatching(/is the administrator itself/) });
  });

  if (version === '8.0') {
    it('changes passwords of mysql_native_password, and the plug-in stays', async () => {
      for (const environment of [DUAL, ALTERNATING, SINGLE_BY_ADMIN]) {
        const user = await rotatedUser(server, { environment, identified: "WITH mysql_native_password AS '$hash'" });
        const second = await user.rotated();
        const third = await user.rotated();
        expect([await server.accepts(second), await server.accepts(third)]).toEqual([
          environment !== SINGLE_BY_ADMIN,
          true,
        ]);
        const [row] = await server.query(`SELECT plugin FROM mysql.user WHERE User = '${third.username}'`);
        expect(row).toEqual({ plugin: 'mysql_native_password' });
      }
    });
  }
});
