import { expect, it } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const settings = { 'init-connect': 'SET NAMES latin1', 'sql-mode': 'PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES' };

describeOnMariadb('Odd accounts of MariaDB', { settings }, (server) => {
  it.each([
    ['dual-password', DUAL],
    ['alternating-users', ALTERNATING],
    ['single-user by an administrator', SINGLE_BY_ADMIN],
    ['single-user', SINGLE],
  ])('rotate whatever the character set and the sql_mode of new sessions are: %s', async (way, environment) => {
    const admin = { username: `clerk_${way.length}`, password: 'of the clerk' };
    await server.query([
      `CREATE USER ${admin.username} IDENTIFIED BY '${admin.password}'`,
      `GRANT CREATE USER ON *.* TO ${admin.username}`,
      `GRANT SELECT ON mysql.* TO ${admin.username}`,
    ]);
    const user = await rotatedUser(server, { environment, admin, username: `jürgen \\'${way.length}` });
    for (const _ of ['first', 'second']) expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('may have a name that begins like that of an anonymous user', async () => {
    const user = await rotatedUser(server, { environment: SINGLE, username: '@app' });
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('are named in the log of a user that changes its own password, since it sees no other account', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await user.rotated();
    const log = user.aws.account.functions.find(user.functionArn)?.log ?? [];
    expect(log.join()).toContain(
      `'${user.first.username}'@'%' changes its password. Accounts of the user with other host`,
    );
  });

  it('may have names of 80 characters, whatever they are in bytes', async () => {
    const user = await rotatedUser(server, { environment: DUAL, username: 'é'.repeat(80) });
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('are found whichever case the host part is declared in', async () => {
    const user = await rotatedUser(server, {
      environment: { ...DUAL, USER_HOST: 'LocalHost' },
      host: 'LOCALHOST',
    });
    // This server resolves no names, so nobody comes from that host.
    expect(await user.failure()).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringMatching(/The account has that password, so perhaps the login finds another account/),
    });
  });

  it('are not mixed up if one has a space at the end of its name', async () => {
    const user = await rotatedUser(server, {
      environment: DUAL,
      username: 'padded ',
      secret: { username: 'padded' },
    });
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/The account is not there \(a name with a space at its end looks the same/),
    });
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('with a method that opens nothing do not keep an old password: refused by name, or changed by an administrator', async () => {
    const identified = "VIA mysql_native_password USING 'invalid' OR mysql_native_password USING '$hash'";
    const itself = await rotatedUser(server, { environment: SINGLE, identified });
    expect(await itself.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/has 2 passwords: expected 1.*Declare an admin/),
    });
    const byAdmin = await rotatedUser(server, { environment: SINGLE_BY_ADMIN, identified });
    const now = await byAdmin.rotated();
    expect([
      await server.accepts(itself.first),
      await server.accepts(now),
      await server.accepts(byAdmin.first),
    ]).toEqual([true, true, false]);
  });

  it.each(['REQUIRE X509', "REQUIRE SUBJECT '/CN=app'", "REQUIRE ISSUER '/CN=root' AND CIPHER 'any'"])(
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
      const itself = await rotatedUser(server, { environment: SINGLE });
      await server.query(`ALTER USER ${itself.account} ${requirement}`);
      expect(await itself.failure()).toMatchObject({
        code: 'AUTHENTICATION',
        message: expect.stringMatching(/changed elsewhere, or its account requires a certificate of the client/),
      });
    },
  );

  it("are not blamed if the administrator's own password is refused", async () => {
    const user = await rotatedUser(server, { environment: DUAL, admin: { username: 'root', password: 'an old one' } });
    const failure = await user.failure();
    expect(failure).toMatchObject({
      code: 'AUTHENTICATION',
      message: expect.stringMatching(/the login of root: .*The administrator's own secret has to hold the password/),
    });
    expect(failure?.message).not.toContain('Declare an admin');
  });
});
