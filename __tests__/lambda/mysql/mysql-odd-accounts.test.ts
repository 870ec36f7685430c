import { expect, it } from 'vitest';
import { describeOnMysql } from '../../mysql-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const settings = { 'init-connect': 'SET NAMES latin1', 'sql-mode': 'PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES' };
const ALL = [
  ['dual-password', DUAL],
  ['alternating-users', ALTERNATING],
  ['single-user by an administrator', SINGLE_BY_ADMIN],
  ['single-user', SINGLE],
] as const;

describeOnMysql('Odd accounts', { versions: ['9', '8.0'], settings }, (server) => {
  it.each(ALL)(
    'rotate whatever the character set and the sql_mode of new sessions are: %s',
    async (way, environment) => {
      const admin = { username: `clerk_${way.length}`, password: 'of the clerk' };
      await server.query([
        `CREATE USER ${admin.username} IDENTIFIED BY '${admin.password}'`,
        `GRANT CREATE USER ON *.* TO ${admin.username}`,
        `GRANT SELECT ON mysql.* TO ${admin.username}`,
      ]);
      const user = await rotatedUser(server, { environment, admin, username: `jürgen \\'${way.length}` });
      for (const _ of ['first', 'second']) expect(await server.accepts(await user.rotated())).toBe(true);
    },
  );

  it.each(['REQUIRE X509', "REQUIRE SUBJECT '/CN=app'", "REQUIRE CIPHER 'TLS_AES_128_GCM_SHA256'"])(
    'that need a certificate of the client are refused by name, and nothing changes: %s',
    async (requirement) => {
      for (const environment of [DUAL, ALTERNATING, SINGLE_BY_ADMIN]) {
        const user = await rotatedUser(server, { environment });
        await server.query(`ALTER USER ${user.account} ${requirement}`);
        const account = () => server.query(`SHOW CREATE USER ${user.account}`);
        const before = await account();
        expect(await user.failure()).toMatchObject({
          code: 'CONFIGURATION',
          message: expect.stringMatching(/requires a certificate of the client.*Use REQUIRE SSL/),
        });
        expect(await account()).toEqual(before);
      }
    },
  );

  it('may have names of 32 characters, whatever they are in bytes, and longer ones are refused by the server', async () => {
    const user = await rotatedUser(server, { environment: DUAL, username: 'é'.repeat(32) });
    expect(await server.accepts(await user.rotated())).toBe(true);
    const long = await rotatedUser(server, { environment: ALTERNATING, username: `${'b'.repeat(29)}` });
    expect(await long.failure()).toMatchObject({ message: expect.stringMatching(/too long for user name.*shorter/) });
    expect(await server.accepts(long.first)).toBe(true);
  });

  it('that have privileges on patterns of databases alternate', async () => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    await server.query([
      'CREATE DATABASE IF NOT EXISTS shop_1',
      'CREATE TABLE IF NOT EXISTS shop_1.t (entry int)',
      `GRANT SELECT ON \`shop\\_%\`.* TO ${user.account}`,
      `GRANT INSERT ON \`shop_1\`.* TO ${user.account} WITH GRANT OPTION`,
    ]);
    const grantsOf = async (account: string) =>
      JSON.stringify(await server.query(`SHOW GRANTS FOR ${account}`)).replaceAll('_clone', '');
    for (const _ of ['first', 'second']) {
      const now = await user.rotated();
      expect(await server.query('SELECT * FROM shop_1.t', now)).toEqual([]);
      expect(await grantsOf(user.account.replace('`@', '_clone`@'))).toEqual(await grantsOf(user.account));
    }
  });

  it('that a password policy judges rotate with any strategy; one that our passwords do not meet is told by name', async () => {
    const users = await Promise.all(ALL.map(([, environment]) => rotatedUser(server, { environment })));
    const [, , , itself] = users;
    for (const { account } of users) {
      await server.query(`ALTER USER ${account} PASSWORD HISTORY 3 PASSWORD REUSE INTERVAL 9 DAY`);
    }
    await server.query([
      "INSTALL COMPONENT 'file://component_validate_password'",
      'SET GLOBAL validate_password.policy = STRONG',
    ]);
    try {
      for (const user of users) expect(await server.accepts(await user.rotated())).toBe(true);
      // A hash is not judged. A user's own new password goes to the server as it is.
      await server.query('SET GLOBAL validate_password.length = 200');
      for (const user of users.slice(0, 3)) expect(await server.accepts(await user.rotated())).toBe(true);
      const before = await itself?.login();
      expect(await itself?.failure()).toMatchObject({
        code: 'POLICY',
        message: expect.stringMatching(/does not satisfy the current policy.*The next rotation makes another one/),
      });
      expect(before && (await server.accepts(before))).toBe(true);
    } finally {
      await server.query("UNINSTALL COMPONENT 'file://component_validate_password'");
    }
  });

  it('with a plug-in that is gone, or with no password, are told by name', async () => {
    await server.query("INSTALL PLUGIN mysql_no_login SONAME 'mysql_no_login.so'").catch(() => undefined);
    const user = await rotatedUser(server, { environment: DUAL });
    await server.query(`ALTER USER ${user.account} IDENTIFIED WITH mysql_no_login`);
    expect(await user.failure()).toMatchObject({ message: expect.stringMatching(/cannot log in at all/) });
    const role = await rotatedUser(server, { environment: DUAL, secret: { username: 'readers' } });
    await server.query('CREATE ROLE IF NOT EXISTS readers');
    expect(await role.failure()).toMatchObject({ message: expect.stringMatching(/is a role, which has no password/) });
  });
});
