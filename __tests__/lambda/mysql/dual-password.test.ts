import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { DUAL, rotatedUser, SINGLE_BY_ADMIN } from './rotated-user.ts';

const settings = {
  'general-log': '1',
  'slow-query-log': '1',
  'long-query-time': '0',
  'log-output': 'TABLE',
  'log-bin': 'bin',
};

describeOnMariadb('A MariaDB user with two passwords', { settings }, (server) => {
  const accepted = (logins: readonly { username: string; password: string }[]) =>
    Promise.all(logins.map((login) => server.accepts(login)));

  it('is never refused: the previous password stays valid until the next rotation', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    const all = [user.first];
    for (const _ of ['first', 'second', 'third']) {
      user.calls.length = 0;
      all.push(await user.rotated());
      expect(user.calls).toHaveLength(10);
      expect((await accepted(all.toReversed())).slice(0, 3)).toEqual([true, true, false].slice(0, all.length));
    }
  });

  it('costs 3 logins, 8 statements and no refused login; no log, no table of processes and no binary log has a password', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    const before = await user.rotated();
    await server.query('TRUNCATE mysql.general_log');
    const now = await user.rotated();
    const text = async (sql: string) => JSON.stringify(await server.query(sql));
    const general = await text(
      'SELECT command_type, CONVERT(argument USING utf8mb4) AS argument FROM mysql.general_log',
    );
    const count = (pattern: RegExp) => general.match(pattern)?.length ?? 0;
    expect({
      // One is that of the question itself.
      administrator: count(/"Connect","argument":"root@/g) - 1,
      user: count(/"Connect","argument":"app_/g),
      refused: count(/Access denied/g),
      statements: count(
        /"Query","argument":"(SELECT VERSION|SET NAMES|SHOW ALL SLAVES|SELECT Host|WITH|ALTER|SELECT 1)/g,
      ),
    }).toEqual({ administrator: 1, user: 2, refused: 0, statements: 8 });
    expect(general).toMatch(/ALTER USER `app_\w+`@`%` IDENTIFIED VIA `mysql_native_password` USING '\*[\dA-F]{40}' OR/);
    const [{ Log_name: file } = {}] = await server.query('SHOW BINARY LOGS');
    const everything = [
      general,
      await text('SELECT CONVERT(sql_text USING utf8mb4) AS text FROM mysql.slow_log'),
      await text(`SHOW BINLOG EVENTS IN '${file}'`),
      await text('SHOW FULL PROCESSLIST'),
      server.log(),
    ];
    for (const { password } of [before, now]) for (const each of everything) expect(each).not.toContain(password);
  });

  it('keeps the live password however often a rotation is given up, or tried again', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    for (const _ of ['first', 'second', 'third']) {
      const versionId = await user.pendingVersion();
      for (const step of ['createSecret', 'setSecret', 'setSecret', 'testSecret'] as const) {
        expect(await user.step(step, versionId)).not.toHaveProperty('failure');
      }
      expect(await accepted([await user.login(), await user.login(versionId)])).toEqual([true, true]);
      const stage = { SecretId: user.secretArn, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
      await user.client.send(new UpdateSecretVersionStageCommand(stage));
    }
    const now = await user.rotated();
    expect(await accepted([user.first, now])).toEqual([true, true]);
  });

  it('keeps a password that a person has set, until the next rotation', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    await server.query(`ALTER USER ${user.account} IDENTIFIED BY 'set by a person'`);
    const now = await user.rotated();
    expect(await accepted([now, { ...now, password: 'set by a person' }])).toEqual([true, true]);
    expect(await accepted([await user.rotated(), now, { ...now, password: 'set by a person' }])).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('is refused by name if the user has the same password in an account of another host part', async () => {
    for (const environment of [DUAL, SINGLE_BY_ADMIN]) {
      const user = await rotatedUser(server, { environment });
      const { username, password } = user.first;
      await server.query(`CREATE USER ${username}@'127.0.0.2' IDENTIFIED BY '${password}'`);
      expect(await user.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringContaining(`'${username}'@'127.0.0.2' has the same password as '${username}'@'%'`),
      });
      expect(await server.accepts(user.first)).toBe(true);
    }
    const user = await rotatedUser(server, { environment: DUAL });
    await server.query(`CREATE USER ${user.first.username}@'127.0.0.2' IDENTIFIED BY 'another password'`);
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('gets its first password if the secret has none yet', async () => {
    const user = await rotatedUser(server, { environment: DUAL, secret: { password: undefined } });
    expect(await accepted([await user.rotated(), user.first])).toEqual([true, true]);
  });

  it('keeps its other methods, limits, TLS options and host part', async () => {
    const identified = "VIA unix_socket OR mysql_native_password USING '$hash' REQUIRE SSL WITH MAX_USER_CONNECTIONS 7";
    const user = await rotatedUser(server, {
      environment: { ...DUAL, USER_HOST: '127.%' },
      host: '127.%',
      identified,
    });
    await user.rotated();
    expect(await accepted([await user.rotated()])).toEqual([true]);
    const [row] = await server.query(`SHOW CREATE USER ${user.account}`);
    expect(Object.values(row ?? {})[0]).toMatch(
      /VIA mysql_native_password USING '\S+' OR mysql_native_password USING '\S+' OR unix_socket REQUIRE SSL WITH MAX_USER_CONNECTIONS 7/,
    );
  });

  it.each([
    [
      'another method with a switch of its own',
      "VIA mysql_native_password USING '$hash' OR pam",
      /also logs in by pam.*follow one switch/,
    ],
    ['the socket alone', 'VIA unix_socket', /by the socket of its own machine. There is nothing to rotate/],
    ['PAM alone', "VIA pam USING 'mariadb'", /logs in by PAM, so another system has the password/],
    ['an old password', "VIA mysql_old_password USING '1234567890abcdef'", /old_passwords|mysql_old_password/],
    ['a lock', "VIA mysql_native_password USING '$hash' ACCOUNT LOCK", /is locked.*ACCOUNT UNLOCK/],
  ])('is refused by name if the account has %s, and nothing changes', async (_, identified, message) => {
    if (identified.includes('pam')) await server.query("INSTALL SONAME 'auth_pam'").catch(() => undefined);
    const user = await rotatedUser(server, { environment: DUAL, identified });
    const account = () => server.query(`SHOW CREATE USER ${user.account}`);
    const before = await account();
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
    expect(await account()).toEqual(before);
  });
});
