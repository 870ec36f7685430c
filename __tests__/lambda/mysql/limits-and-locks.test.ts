import { expect, it, onTestFinished } from 'vitest';
import { describeOnMariadb } from '../../mariadb-server.ts';
import { DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const WAYS = [
  ['itself', SINGLE],
  ['by an administrator', SINGLE_BY_ADMIN],
] as const;

const settings = { 'general-log': '1', 'log-output': 'TABLE' };

describeOnMariadb('Limits and locks of MariaDB', { settings }, (server) => {
  type User = Awaited<ReturnType<typeof rotatedUser>>;

  /** How often the password of the user was changed. */
  async function changesOf({ first }: User): Promise<number> {
    const rows = await server.query(`SELECT 1 FROM mysql.general_log WHERE command_type = 'Query'
      AND (CONVERT(argument USING utf8mb4) LIKE 'ALTER USER \`${first.username}\`%IDENTIFIED VIA%' OR user_host LIKE '${first.username}[%'
      AND CONVERT(argument USING utf8mb4) LIKE 'SET PASSWORD%')`);
    return rows.length;
  }

  it.each(
    WAYS.flatMap(([way, environment]) =>
      ['MAX_USER_CONNECTIONS 1', 'MAX_CONNECTIONS_PER_HOUR 1', 'MAX_CONNECTIONS_PER_HOUR 2'].map(
        (limit) => [way, limit, environment] as const,
      ),
    ),
  )(
    'a user that changes its password %s rotates with %s, and AWSCURRENT is never lost',
    async (_, limit, environment) => {
      const user = await rotatedUser(server, { environment });
      await server.query(`ALTER USER ${user.account} WITH ${limit}`);
      const now = await user.rotated();
      await server.query('FLUSH USER_RESOURCES');
      expect([await server.accepts(now), now.password === user.first.password]).toEqual([true, false]);
    },
  );

  it('a user whose only session the application has rotates by an administrator, since the server takes its password first', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    await server.query(`ALTER USER ${user.account} WITH MAX_USER_CONNECTIONS 1`);
    const session = await server.login(user.first);
    onTestFinished(() => session.end().catch(() => undefined));
    expect(await server.accepts({ ...user.first, password: 'a wrong one' })).toBe(false);
    await expect(server.accepts(user.first)).rejects.toMatchObject({ errno: 1226 });
    const now = await user.rotated();
    await session.end();
    expect(await server.accepts(now)).toBe(true);
  });

  it('a user whose limit leaves the function no login is told so by name, and stays as it is', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    await server.query(`ALTER USER ${user.account} WITH MAX_USER_CONNECTIONS 1`);
    const session = await server.login(user.first);
    expect(await user.failure()).toMatchObject({
      code: 'SERVICE',
      message: expect.stringMatching(/'max_user_connections' resource .*has reached that limit: raise it/),
    });
    await session.end();
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('a user keeps its password if it may not use the database of the secret', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN, secret: { dbname: 'mysql' } });
    expect(await user.failure()).toMatchObject({
      code: 'PRIVILEGE',
      message: expect.stringMatching(/Access denied.*to database 'mysql'/),
    });
    expect([await changesOf(user), await server.accepts(user.first)]).toEqual([0, true]);
  });

  it('a user keeps its password if the server has no connection left for it', async () => {
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    await server.query(['SET GLOBAL max_connections = 10', "CREATE USER crowd IDENTIFIED BY 'of the crowd'"]);
    const crowd = { username: 'crowd', password: 'of the crowd' };
    const sessions = await Promise.all(Array.from({ length: 10 }, () => server.login(crowd)));
    const failure = await user.failure();
    await Promise.all(sessions.map((session) => session.end()));
    await server.query('SET GLOBAL max_connections = DEFAULT');
    expect(failure).toMatchObject({ code: 'SERVICE', message: expect.stringMatching(/No connection is left/) });
    expect([await changesOf(user), await server.accepts(user.first)]).toEqual([0, true]);
  });

  it('a user whom somebody gave another password is not blocked by an administrator, which guesses none', async () => {
    await server.query('SET GLOBAL max_password_errors = 1');
    const user = await rotatedUser(server, { environment: SINGLE_BY_ADMIN });
    await server.query(`ALTER USER ${user.account} IDENTIFIED BY 'set by hand'`);
    const now = await user.rotated();
    expect(await server.accepts(now)).toBe(true);
    await server.query(['FLUSH PRIVILEGES', 'SET GLOBAL max_password_errors = DEFAULT']);
  });

  it.each([
    ['FLUSH TABLES WITH READ LOCK', [SINGLE, SINGLE_BY_ADMIN, DUAL]],
    ['LOCK TABLES mysql.global_priv WRITE', [SINGLE, SINGLE_BY_ADMIN]],
  ])('%s: the server gives up before the function does, and then the change is made', async (lock, environments) => {
    const users = await Promise.all(environments.map((environment) => rotatedUser(server, { environment })));
    const versions = await Promise.all(users.map((user) => user.pendingVersion()));
    const step = (name: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret') =>
      Promise.all(users.map((user, index) => user.step(name, versions[index] ?? '')));
    await step('createSecret');
    const backup = await server.login(server);
    await backup.query(lock);
    const failed = await step('setSecret');
    await backup.query('UNLOCK TABLES');
    await backup.end();
    const message = expect.stringMatching(
      /another session has a lock, such as a backup \(FLUSH TABLES WITH READ LOCK\)/,
    );
    expect(failed).toMatchObject(users.map(() => ({ failure: { errorMessage: message } })));
    for (const user of users) expect(await server.accepts(user.first)).toBe(true);
    for (const name of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      for (const outcome of await step(name)) expect(outcome).not.toHaveProperty('failure');
    }
    for (const user of users) expect(await server.accepts(await user.login())).toBe(true);
  });

  it('a lock whose name everybody can guess stops no rotation', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    const { username } = user.first;
    await server.query("CREATE USER anybody IDENTIFIED BY 'of anybody'");
    const anybody = await server.login({ username: 'anybody', password: 'of anybody' });
    await anybody.query(`SELECT GET_LOCK('rotaform ${username}', 0), GET_LOCK('${username}', 0)`);
    await user.rotated();
    // Who may read the server's log knows the name.
    const log = await server.query('SELECT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log');
    const [name] = /'rotaform [\da-f]{40}'/.exec(JSON.stringify(log.slice(-40))) ?? [];
    await anybody.query(`SELECT GET_LOCK(${name}, 0)`);
    expect(await user.failure()).toMatchObject({
      code: 'SERVICE',
      message: expect.stringMatching(
        /Another rotation of app_\w+ has not ended within 5 s\. The session \d+ has the lock.*KILL/,
      ),
    });
    await anybody.end();
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('one attempt guesses too few passwords for the server to block the user', async () => {
    await server.query('SET GLOBAL max_password_errors = 4');
    const user = await rotatedUser(server, { environment: SINGLE });
    for (const _ of [1, 2, 3]) await user.rotated();
    await server.query(`ALTER USER ${user.account} IDENTIFIED BY 'set by hand'`);
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    const failures = [];
    for (const _ of [1, 2]) {
      failures.push(await user.step('setSecret', versionId));
      expect(await server.accepts({ ...user.first, password: 'set by hand' })).toBe(true);
    }
    // Without an application that logs in, a second attempt goes on where the first one was.
    for (const _ of [1, 2]) failures.push(await user.step('setSecret', versionId));
    await server.query(['FLUSH PRIVILEGES', 'SET GLOBAL max_password_errors = DEFAULT']);
    expect(failures.map((each) => JSON.stringify(each))).toEqual([
      ...Array(3).fill(expect.stringMatching(/refuses the 3 likeliest of the stored passwords.*Declare an admin/)),
      expect.stringMatching(/blocks the user after too many wrong passwords.*FLUSH PRIVILEGES/),
    ]);
  });
});
