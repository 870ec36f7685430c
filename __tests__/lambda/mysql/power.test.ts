import { expect, it } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { DUAL, rotatedUser } from './rotated-user.ts';

describeOnMariadb('A MariaDB user that an administrator changes', {}, (server) => {
  const ON_SERVER = [
    ...[
      'SUPER',
      'CREATE USER',
      'FILE',
      'SHUTDOWN',
      'EXECUTE',
      'INSERT',
      'REPLICATION SLAVE',
      'REPLICATION SLAVE ADMIN',
    ],
    ...['REPLICATION MASTER ADMIN', 'BINLOG ADMIN', 'BINLOG REPLAY', 'CONNECTION ADMIN', 'READ_ONLY ADMIN', 'SET USER'],
    ...['FEDERATED ADMIN', 'CREATE TABLESPACE', 'DELETE HISTORY'],
  ];

  it.each([
    ...ON_SERVER.map((what) => [what, [`GRANT ${what} ON *.* TO $u`], what] as const),
    ['all of it', ['GRANT ALL ON *.* TO $u'], 'INSERT'],
    ['a grant option', ['GRANT SELECT ON *.* TO $u WITH GRANT OPTION'], 'GRANT OPTION'],
    ['a proxy that it may grant', ['GRANT PROXY ON root@127.0.0.1 TO $u WITH GRANT OPTION'], 'GRANT OPTION'],
    ['the server’s tables', ['GRANT UPDATE ON mysql.* TO $u'], 'UPDATE on mysql.*'],
    ['a pattern of them', ['GRANT UPDATE ON `my%`.* TO $u'], 'UPDATE on mysql.*'],
    ['its procedures', ['GRANT EXECUTE ON mysql.* TO $u'], 'EXECUTE on mysql.*'],
    [
      'one of its procedures',
      ['CREATE PROCEDURE IF NOT EXISTS mysql.act() SELECT 1', 'GRANT EXECUTE ON PROCEDURE mysql.act TO $u'],
      'EXECUTE on mysql.act',
    ],
    ['one of its tables', ['GRANT DELETE ON mysql.db TO $u'], 'DELETE on mysql.db'],
    ['a column', ['GRANT UPDATE (Priv) ON mysql.global_priv TO $u'], 'UPDATE on mysql.global_priv'],
    ['columns', ['GRANT INSERT (Host, User, Priv) ON mysql.global_priv TO $u'], 'INSERT on mysql.global_priv'],
    ['a role', ['GRANT CREATE USER ON *.* TO $r', 'GRANT $r TO $u'], 'the role $r, which has CREATE USER'],
    [
      'a role of a role',
      ['CREATE ROLE $r_of', 'GRANT SUPER ON *.* TO $r_of', 'GRANT $r_of TO $r', 'GRANT $r TO $u'],
      'the role $r_of, which has SUPER',
    ],
    [
      'a role on a table',
      ['GRANT INSERT ON mysql.global_priv TO $r', 'GRANT $r TO $u'],
      'the role $r, which has INSERT on mysql.global_priv',
    ],
    ['PUBLIC', ['GRANT CREATE USER ON *.* TO PUBLIC'], 'the role PUBLIC, which has CREATE USER'],
    ['PUBLIC, on tables', ['GRANT UPDATE ON mysql.* TO PUBLIC'], 'the role PUBLIC, which has UPDATE on mysql.*'],
    ['a role of PUBLIC', ['GRANT SUPER ON *.* TO $r', 'GRANT $r TO PUBLIC'], 'the role $r, which has SUPER'],
    ['an account of another host', ["CREATE USER $n@'10.%'", "GRANT DROP ON mysql.* TO $n@'10.%'"], 'DROP on mysql.*'],
  ] as const)('is refused by name if it could act for the server: %s', async (_, grants, power) => {
    const user = await rotatedUser(server, { environment: DUAL });
    const { username } = user.first;
    const role = `role_${username}`;
    const filled = (text: string) =>
      text.replaceAll('$u', user.account).replaceAll('$r', role).replaceAll('$n', username);
    await server.query([`CREATE ROLE ${role}`, ...grants.map(filled)]);
    const failure = await user.failure();
    if (grants.some((sql) => sql.endsWith('TO PUBLIC'))) {
      await server.query(['REVOKE ALL, GRANT OPTION FROM PUBLIC', `DROP ROLE ${role}`]);
    }
    expect(failure).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringContaining(` has ${filled(power)}. An administrator changes only users that cannot act`),
    });
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('is rotated if it only reads, or owns databases whose names do not match those of the server', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    await server.query([
      `GRANT SELECT, PROCESS, RELOAD, SHOW DATABASES, BINLOG MONITOR, REPLICA MONITOR ON *.* TO ${user.account}`,
      `GRANT ALL ON \`my\\_sql\`.* TO ${user.account} WITH GRANT OPTION`,
      `GRANT ALL ON \`mysq\`.* TO ${user.account}`,
      `GRANT SELECT ON mysql.* TO ${user.account}`,
    ]);
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('is refused if the administrator may not read every table that says what it may do', async () => {
    const admin = { username: 'few', password: 'the password of few' };
    const tables = ['global_priv', 'roles_mapping', 'db', 'tables_priv', 'procs_priv'];
    await server.query([`CREATE USER few IDENTIFIED BY '${admin.password}'`, 'GRANT CREATE USER ON *.* TO few']);
    for (const table of tables) {
      await server.query(`GRANT SELECT ON mysql.${table} TO few`);
      const user = await rotatedUser(server, { environment: DUAL, admin });
      await server.query(`GRANT ALL ON *.* TO ${user.account} WITH GRANT OPTION`);
      const isLast = table === tables.at(-1);
      expect(await user.failure()).toMatchObject(
        isLast
          ? { code: 'CONFIGURATION', message: expect.stringMatching(/has INSERT\./) }
          : { code: 'PRIVILEGE', message: expect.stringMatching(/SELECT command denied.*mysql/) },
      );
      expect(await server.accepts(user.first)).toBe(true);
    }
  });
});
