import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { describeOnMysql } from '../../mysql-server.ts';
import { DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const settings = {
  'general-log': '1',
  'slow-query-log': '1',
  'long-query-time': '0',
  'log-output': 'TABLE',
  'log-bin': 'bin',
};

describeOnMysql('The passwords of a user', { versions: ['9', '8.4', '8.0'], settings }, (server, version) => {
  const accepted = (logins: readonly { username: string; password: string }[]) =>
    Promise.all(logins.map((login) => server.accepts(login)));

  it('are two, and nobody is refused: the previous one stays valid until the next rotation', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    const all = [user.first];
    for (const _ of ['first', 'second', 'third']) {
      user.calls.length = 0;
      all.push(await user.rotated());
      expect(user.calls).toHaveLength(10);
      expect((await accepted(all.toReversed())).slice(0, 3)).toEqual([true, true, false].slice(0, all.length));
    }
  });

  it.each([
    ['two passwords', DUAL, { administrator: 1, user: 2, refused: 0, statements: 8 }],
    ['one password by an administrator', SINGLE_BY_ADMIN, { administrator: 1, user: 3, refused: 0, statements: 9 }],
    ['one password that the user changes', SINGLE, { administrator: 0, user: 3, refused: 0, statements: 6 }],
  ])('are in no log, no list of processes and no binary log: %s', async (_, environment, expected) => {
    const user = await rotatedUser(server, { environment });
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
      statements: count(/"Query","argument":"(SELECT VERSION|SET NAMES|SHOW REPLICA|SELECT Host|WITH|ALTER|SELECT 1)/g),
    }).toEqual(expected);
    const [{ Log_name: file } = {}] = await server.query('SHOW BINARY LOGS');
    const everything = [
      general,
      await text('SELECT CONVERT(sql_text USING utf8mb4) AS text FROM mysql.slow_log'),
      await text(`SHOW BINLOG EVENTS IN '${file}'`),
      await text('SHOW FULL PROCESSLIST'),
      await text('SELECT sql_text FROM performance_schema.events_statements_history_long'),
      await text('SELECT query_sample_text FROM performance_schema.events_statements_summary_by_digest'),
      server.log(),
    ];
    for (const { password } of [before, now]) for (const each of everything) expect(each).not.toContain(password);
  });

  it('keep the live one however often a rotation is given up, or tried again', async () => {
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

  it('keep one that a person has set, until the next rotation', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    await server.query(`ALTER USER ${user.account} IDENTIFIED BY 'set by a person'`);
    const byHand = { ...user.first, password: 'set by a person' };
    const now = await user.rotated();
    expect(await accepted([now, byHand])).toEqual([true, true]);
    expect(await accepted([await user.rotated(), now, byHand])).toEqual([true, true, false]);
  });

  it('are one for a single user, after they were two, if an administrator sets it: a user may not discard its own', async () => {
    for (const [environment, mayStay] of [
      [SINGLE, true],
      [SINGLE_BY_ADMIN, false],
    ] as const) {
      const user = await rotatedUser(server, { environment });
      await server.query(`ALTER USER ${user.account} IDENTIFIED BY '${user.first.password}2' RETAIN CURRENT PASSWORD`);
      await server.query(`ALTER USER ${user.account} IDENTIFIED BY '${user.first.password}' RETAIN CURRENT PASSWORD`);
      const older = { ...user.first, password: `${user.first.password}2` };
      expect(await accepted([user.first, older])).toEqual([true, true]);
      const now = await user.rotated();
      expect(await accepted([now, user.first, older])).toEqual([true, false, mayStay]);
    }
  });

  it('gets its first one if the secret has none yet', async () => {
    const user = await rotatedUser(server, { environment: DUAL, secret: { password: undefined } });
    expect(await accepted([await user.rotated(), user.first])).toEqual([true, true]);
    const empty = await rotatedUser(server, { environment: DUAL, secret: { password: undefined } });
    await server.query(`ALTER USER ${empty.account} IDENTIFIED BY ''`);
    expect(await accepted([await empty.rotated(), { ...empty.first, password: '' }])).toEqual([true, false]);
  });

  it('are changed by an administrator without power, who has what the page says', async () => {
    const admin = { username: `clerk_${version.replace('.', '')}`, password: 'of the clerk' };
    await server.query([
      `CREATE USER ${admin.username} IDENTIFIED BY '${admin.password}'`,
      `GRANT CREATE USER ON *.* TO ${admin.username}`,
      `GRANT SELECT ON mysql.* TO ${admin.username}`,
    ]);
    for (const environment of [DUAL, SINGLE_BY_ADMIN]) {
      const user = await rotatedUser(server, { environment, admin });
      const second = await user.rotated();
      expect(await accepted([second, await user.rotated()])).toEqual([environment === DUAL, true]);
    }
  });

  it('leave the account as it was: limits, TLS, host part, plug-in, comment, policy', async () => {
    const options =
      'REQUIRE SSL WITH MAX_USER_CONNECTIONS 7 PASSWORD EXPIRE INTERVAL 90 DAY PASSWORD HISTORY DEFAULT PASSWORD REUSE INTERVAL 1 DAY ' +
      "PASSWORD REQUIRE CURRENT DEFAULT FAILED_LOGIN_ATTEMPTS 9 PASSWORD_LOCK_TIME 1 COMMENT 'of the shop'";
    const user = await rotatedUser(server, {
      environment: { ...DUAL, USER_HOST: '127.%' },
      host: '127.%',
      identified: `BY '$password' ${options}`,
    });
    const described = async () => {
      const [row] = await server.query(`SHOW CREATE USER ${user.account}`);
      return String(Object.values(row ?? {})[0]).replace(/ AS '.*' REQUIRE/s, ' REQUIRE');
    };
    const before = await described();
    expect(await accepted([await user.rotated(), await user.rotated()])).toEqual([true, true]);
    expect(await described()).toEqual(before);
  });
});
