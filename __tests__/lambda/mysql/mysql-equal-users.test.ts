import { expect, it } from 'vitest';
import { describeOnMysql } from '../../mysql-server.ts';
import { cloneOf, database, described } from './described-account.ts';
import { ALTERNATING, rotatedUser } from './rotated-user.ts';

const settings = { 'partial-revokes': 'ON' };

describeOnMysql('What alternating users share', { versions: ['9', '8.4', '8.0'], settings }, (server) => {
  type User = Awaited<ReturnType<typeof alternating>>;
  const alternating = (options: Omit<Parameters<typeof rotatedUser>[1], 'environment'> = {}, environment = {}) =>
    rotatedUser(server, { ...options, environment: { ...ALTERNATING, ...environment } });
  const areEqual = async (user: User, host = '%') =>
    expect(await described(server, cloneOf(user, host))).toEqual(await described(server, user.account));

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
    const name = await database(server);
    await server.query(grants.replaceAll('$d', name).replaceAll('$u', user.account).split('; '));
    const before = await described(server, user.account);
    await user.rotated();
    expect(await described(server, cloneOf(user))).toEqual(before);
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
    const [one, other] = [await database(server), await database(server)];
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
    const before = await described(server, user.account);
    await user.rotated();
    expect(await described(server, cloneOf(user, '127.%'))).toEqual(before);
    await server.query([
      `ALTER USER ${cloneOf(user, '127.%')} REQUIRE NONE WITH MAX_USER_CONNECTIONS 0 PASSWORD EXPIRE NEVER
        PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL DEFAULT PASSWORD REQUIRE CURRENT FAILED_LOGIN_ATTEMPTS 0 PASSWORD_LOCK_TIME 0`,
      `ALTER USER ${cloneOf(user, '127.%')} ATTRIBUTE '{"team": {"size": null}, "old": null, "comment": "new"}'`,
    ]);
    expect(await server.accepts(await user.rotated())).toBe(true);
    await areEqual(user, '127.%');
  });

  it('become equal if the second one was made by hand, with other things of every kind', async () => {
    const user = await alternating();
    const [name, other] = [await database(server), await database(server)];
    const clone = cloneOf(user);
    await server.query([
      "CREATE ROLE IF NOT EXISTS reader, writer, auditor@'10.%'",
      `GRANT SELECT, PROCESS ON *.* TO ${user.account}`,
      `REVOKE SELECT ON ${other}.* FROM ${user.account}`,
      `GRANT reader, writer TO ${user.account}`,
      `SET DEFAULT ROLE reader TO ${user.account}`,
      `GRANT UPDATE (entry) ON ${name}.t TO ${user.account}`,
      `CREATE USER ${clone} IDENTIFIED BY 'made by hand' DEFAULT ROLE reader, auditor@'10.%' REQUIRE X509
        WITH MAX_QUERIES_PER_HOUR 5 PASSWORD EXPIRE INTERVAL 3 DAY FAILED_LOGIN_ATTEMPTS 2 PASSWORD_LOCK_TIME 2 COMMENT 'by hand'`,
      `GRANT SELECT, RELOAD, LOCK TABLES ON *.* TO ${clone}`,
      `REVOKE SELECT ON ${name}.* FROM ${clone}`,
      `GRANT INSERT (entry), UPDATE ON ${name}.t TO ${clone} WITH GRANT OPTION`,
      `GRANT writer TO ${clone} WITH ADMIN OPTION`,
      `GRANT ${user.account} TO ${clone}`,
      `GRANT SHOW_ROUTINE ON *.* TO ${clone}`,
      `GRANT EXECUTE ON PROCEDURE ${name}.p TO ${clone}`,
    ]);
    const before = await described(server, user.account);
    const now = await user.rotated();
    expect(await described(server, clone)).toEqual(before);
    expect(await described(server, user.account)).toEqual(before);
    expect([await server.accepts(now), await server.accepts({ ...now, password: 'made by hand' })]).toEqual([
      true,
      false,
    ]);
  });
});
