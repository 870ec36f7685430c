import { randomBytes } from 'node:crypto';
import { expect, it, onTestFinished } from 'vitest';
import { describeOnMysql } from '../../mysql-server.ts';
import { connectionsOver, said } from './connections-over.ts';
import { ALTERNATING, DUAL, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const ALL = [DUAL, ALTERNATING, SINGLE_BY_ADMIN, SINGLE];
const settings = { 'max-connections': '500', 'require-secure-transport': 'ON' };

describeOnMysql('Limits, locks and logs', { versions: ['9', '8.0'], settings }, (server) => {
  it.each(['MAX_USER_CONNECTIONS 1', 'MAX_CONNECTIONS_PER_HOUR 2'])(
    'a user rotates with %s, and AWSCURRENT is never lost',
    async (limit) => {
      for (const environment of [DUAL, SINGLE_BY_ADMIN, SINGLE]) {
        const user = await rotatedUser(server, { environment });
        await server.query(`ALTER USER ${user.account} WITH ${limit}`);
        const now = await user.rotated();
        await server.query('FLUSH USER_RESOURCES');
        expect([await server.accepts(now), now.password === user.first.password]).toEqual([true, false]);
      }
    },
  );

  it('a user whose only session the application has rotates by an administrator, since the server takes its password first', async () => {
    const user = await rotatedUser(server, { environment: DUAL });
    await server.query(`ALTER USER ${user.account} WITH MAX_USER_CONNECTIONS 1`);
    const session = await server.login(user.first);
    onTestFinished(() => session.end().catch(() => undefined));
    expect(await server.accepts({ ...user.first, password: 'a wrong one' })).toBe(false);
    const now = await user.rotated();
    await session.end();
    expect(await server.accepts(now)).toBe(true);
  });

  it('a user whom somebody gave another password is not locked by an administrator, which guesses none; without one, one attempt guesses three', async () => {
    for (const environment of [DUAL, SINGLE_BY_ADMIN]) {
      const user = await rotatedUser(server, { environment });
      await server.query(
        `ALTER USER ${user.account} IDENTIFIED BY 'set by hand' FAILED_LOGIN_ATTEMPTS 1 PASSWORD_LOCK_TIME UNBOUNDED`,
      );
      expect(await server.accepts(await user.rotated())).toBe(true);
    }
    const itself = await rotatedUser(server, { environment: SINGLE });
    for (const _ of [1, 2, 3]) await itself.rotated();
    await server.query(
      `ALTER USER ${itself.account} IDENTIFIED BY 'set by hand' FAILED_LOGIN_ATTEMPTS 4 PASSWORD_LOCK_TIME UNBOUNDED`,
    );
    const versionId = await itself.pendingVersion();
    await itself.step('createSecret', versionId);
    const failures = [];
    for (const _ of [1, 2]) failures.push(JSON.stringify(await itself.step('setSecret', versionId)));
    expect(failures).toEqual([
      expect.stringMatching(/refuses the 3 likeliest of the stored passwords.*Declare an admin/),
      expect.stringMatching(/blocks the user after too many wrong passwords.*ACCOUNT UNLOCK/),
    ]);
  });

  it('a user whose password has expired gets a new one from an administrator', async () => {
    for (const environment of [DUAL, SINGLE_BY_ADMIN]) {
      const user = await rotatedUser(server, { environment });
      await server.query(`ALTER USER ${user.account} PASSWORD EXPIRE`);
      expect(await server.query('SELECT 1 AS one', await user.rotated())).toEqual([{ one: 1 }]);
    }
  });

  it.each([
    ['FLUSH TABLES WITH READ LOCK', 'UNLOCK TABLES'],
    ['LOCK INSTANCE FOR BACKUP', 'UNLOCK INSTANCE'],
  ])('%s: the server gives up before the function does, and then the change is made', async (lock, unlock) => {
    const users = await Promise.all(ALL.map((environment) => rotatedUser(server, { environment })));
    const versions = await Promise.all(users.map((user) => user.pendingVersion()));
    const step = (name: 'createSecret' | 'setSecret' | 'testSecret' | 'finishSecret') =>
      Promise.all(users.map((user, index) => user.step(name, versions[index] ?? '')));
    await step('createSecret');
    const backup = await server.login(server);
    await backup.query(lock);
    const failed = await step('setSecret');
    await backup.query(unlock);
    await backup.end();
    const message = expect.stringMatching(/another session has a lock, such as a backup/);
    expect(failed).toMatchObject(users.map(() => ({ failure: { errorMessage: message } })));
    for (const user of users) expect(await server.accepts(user.first)).toBe(true);
    for (const name of ['setSecret', 'testSecret', 'finishSecret'] as const) {
      for (const outcome of await step(name)) expect(outcome).not.toHaveProperty('failure');
    }
    for (const user of users) expect(await server.accepts(await user.login())).toBe(true);
  });

  it.each(['read_only', 'super_read_only'])('a server that is %s is refused by name', async (variable) => {
    for (const environment of [DUAL, SINGLE]) {
      const user = await rotatedUser(server, { environment });
      await server.query(`SET GLOBAL ${variable} = 1`);
      const failure = await user.failure();
      await server.query('SET GLOBAL read_only = 0');
      expect(failure).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/is read-only: a replica/),
      });
    }
  });

  it.for([
    ['dual-password', DUAL],
    ['alternating-users', ALTERNATING],
  ] as const)(
    'a client that caches for five minutes is never refused: %s',
    async ([way, environment], { annotate }) => {
      const user = await rotatedUser(server, { environment });
      const cached = await user.rotated();
      const counts = await connectionsOver(server, cached, () => user.rotated());
      await annotate(said(way, counts));
      expect(counts).toEqual({ loggedIn: 240, refused: 0, failed: 0 });
    },
  );

  // SecretsManagerRDSMySQLRotationSingleUser, set_secret: the user sets its password, and the old one is gone.
  it("a client is refused from AWS's single-user template's change on", async ({ annotate }) => {
    const { first } = await rotatedUser(server, { environment: DUAL });
    const renewed = { ...first, password: randomBytes(12).toString('hex') };
    const counts = await connectionsOver(server, first, () =>
      server.query(`SET PASSWORD = '${renewed.password}'`, first),
    );
    await annotate(said("AWS's single-user template", counts));
    expect(counts.refused).toBeGreaterThanOrEqual(80);
  });
});
