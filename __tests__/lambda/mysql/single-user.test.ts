import { expect, it } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { DUAL, quoted, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

describeOnMariadb('A single MariaDB user', { settings: { 'general-log': '1', 'log-output': 'TABLE' } }, (server) => {
  it.each([
    ['itself', SINGLE, 9],
    ['by an administrator', SINGLE_BY_ADMIN, 10],
  ])('gets a new password %s, and no log has it', async (_, environment, calls) => {
    const user = await rotatedUser(server, { environment });
    await server.query('TRUNCATE mysql.general_log');
    const now = await user.rotated();
    expect(user.calls).toHaveLength(calls);
    expect(await server.accepts(now)).toBe(true);
    expect(await server.accepts(user.first)).toBe(false);
    const log = JSON.stringify(
      await server.query('SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log'),
    );
    expect(log).toMatch(/SET PASSWORD|ALTER USER/);
    expect(log).not.toContain(now.password);
  });

  it('has one password again after it had two', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    const [before, now] = [await user.login(), await user.rotated()];
    const [{ admin, own }] = [{ admin: SINGLE_BY_ADMIN, own: SINGLE }];
    const itself = await rotatedUser(server, { environment: own, username: 'two_passwords', secret: {} });
    await server.query(
      `ALTER USER ${itself.account} IDENTIFIED VIA mysql_native_password USING PASSWORD('${itself.first.password}') OR mysql_native_password USING PASSWORD('x')`,
    );
    expect(await itself.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/has 2 passwords.*Declare an admin/),
    });
    const byAdmin = await rotatedUser(server, { environment: admin });
    await server.query(
      `ALTER USER ${byAdmin.account} IDENTIFIED VIA mysql_native_password USING PASSWORD('${byAdmin.first.password}') OR mysql_native_password USING PASSWORD('x')`,
    );
    const one = await byAdmin.rotated();
    expect(
      await Promise.all([one, byAdmin.first, { ...one, password: 'x' }].map((each) => server.accepts(each))),
    ).toEqual([true, false, false]);
    expect([await server.accepts(before), await server.accepts(now)]).toEqual([true, true]);
  });

  /** Logins from here find this account, whatever the password of the rotated one is. */
  const hide = (username: string) =>
    server.query(`CREATE USER ${username}@'127.0.0.1' IDENTIFIED BY 'of another account'`);
  const unhide = (username: string) => server.query(`DROP USER ${username}@'127.0.0.1'`);

  it('keeps its password if logins find another account, and the administrator changes nothing', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    const { username } = user.first;
    await hide(username);
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/The account has that password.*other accounts, 'app_\w+'@'127\.0\.0\.1'/),
    });
    const log = await server.query('SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log');
    expect(log.filter(({ text }) => String(text).startsWith(`ALTER USER \`${username}\``))).toEqual([]);
    await unhide(username);
    expect(await user.login()).toMatchObject(user.first);
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('gets its old password back from the attempt after one that was killed, if the new one cannot log in', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    const { username } = user.first;
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    const { password } = await user.login(versionId);
    await server.query(`ALTER USER ${user.account} IDENTIFIED BY '${password}'`);
    await hide(username);
    expect(await user.step('setSecret', versionId)).toHaveProperty('failure');
    await unhide(username);
    expect(await server.accepts(user.first)).toBe(true);
    for (const step of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      expect(await user.step(step, versionId)).not.toHaveProperty('failure');
    }
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('whose password has expired gets a new one from an administrator', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    await server.query(`ALTER USER ${user.account} PASSWORD EXPIRE`);
    const now = await user.rotated();
    expect(await server.query('SELECT 1 AS one', now)).toEqual([{ one: 1 }]);
  });

  it('recovers with an administrator after its password was changed elsewhere, and says so without one', async () => {
    for (const environment of [SINGLE_BY_ADMIN, SINGLE]) {
      const user = await rotatedUser(server, { environment });
      await server.query(`ALTER USER ${user.account} IDENTIFIED BY 'changed by hand'`);
      if (environment === SINGLE_BY_ADMIN) expect(await server.accepts(await user.rotated())).toBe(true);
      else
        expect(await user.failure()).toMatchObject({
          code: 'AUTHENTICATION',
          message: expect.stringMatching(/Declare an admin/),
        });
    }
  });

  it('may have names that need quotes, in either sql_mode', async () => {
    for (const mode of ["''", "'NO_BACKSLASH_ESCAPES,ANSI_QUOTES'"]) {
      await server.query(`SET GLOBAL sql_mode = ${mode}`);
      for (const environment of [SINGLE, SINGLE_BY_ADMIN]) {
        const username = `a \`"'\\ ${mode.length}${environment === SINGLE ? 's' : 'a'}`;
        const user = await rotatedUser(server, { environment, username });
        expect(await server.accepts(await user.rotated())).toBe(true);
      }
    }
    await server.query('SET GLOBAL sql_mode = DEFAULT');
  });

  it.each([
    [
      'a host part that does not exist',
      { USER_HOST: '10.%' },
      {},
      /no account 'app_\w+'@'10\.%'\. The server has 'app_\w+'@'%': declare its host part/,
    ],
    ['no account at all', {}, { username: 'nobody_here' }, /no account 'nobody_here'@'%'. Create it first/],
    ['the administrator itself', {}, { username: 'root' }, /root is the administrator itself/],
    ['a role', {}, { username: 'readers' }, /is a role, which has no password/],
  ])('is refused by name: %s', async (_, environment, secret, message) => {
    await server.query('CREATE ROLE IF NOT EXISTS readers');
    const user = await rotatedUser(server, { environment: { ...SINGLE_BY_ADMIN, ...environment }, secret });
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
  });

  it('is refused by name: an anonymous user that its login finds', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await server.query([`CREATE USER ''@'127.0.0.1' IDENTIFIED BY '${user.first.password}'`]);
    const failure = await user.failure();
    await server.query("DROP USER ''@'127.0.0.1'");
    expect(failure).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/found an anonymous user/),
    });
  });

  it('is refused by name: a server that is read-only', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    await server.query('SET GLOBAL read_only = 1');
    const failure = await user.failure();
    await server.query('SET GLOBAL read_only = 0');
    expect(failure).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/is read-only: a replica/),
    });
  });

  it('is refused by name: an administrator who may not read or change accounts', async () => {
    await server.query("CREATE USER clerk IDENTIFIED BY 'the password of the clerk'");
    const admin = { username: 'clerk', password: 'the password of the clerk' };
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN, admin });
    expect(await user.failure()).toMatchObject({
      code: 'PRIVILEGE',
      message: expect.stringMatching(/SELECT command denied/),
    });
    await server.query(`GRANT SELECT ON mysql.* TO ${quoted('clerk')}`);
    const other = await rotatedUser(server, { environment: SINGLE_BY_ADMIN, admin });
    expect(await other.failure()).toMatchObject({ code: 'PRIVILEGE', message: expect.stringMatching(/CREATE USER/) });
    expect([await server.accepts(user.first), await server.accepts(other.first)]).toEqual([true, true]);
  });

  it('is refused by name: a validation plug-in that refuses hashes', async () => {
    await server.query("INSTALL SONAME 'simple_password_check'");
    const user = await rotatedUser(server, {
      environment: SINGLE_BY_ADMIN,
      identified: "BY 'The first 1 of them!'",
    }).catch((error: Error) => error);
    const failure = user instanceof Error ? { message: user.message } : await user.failure();
    await server.query("UNINSTALL SONAME 'simple_password_check'");
    expect(failure).toMatchObject({ message: expect.stringMatching(/strict_password_validation/) });
  });
});
