import { randomUUID } from 'node:crypto';
import { PutSecretValueCommand, UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, vi } from 'vitest';
import { holdingProxy } from '../lambda/postgres/holding-proxy.ts';
import {
  ALTERNATING,
  type RotatedUser,
  rotatedUser,
  SINGLE,
  SINGLE_BY_ADMIN,
} from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';

const server = await rdsServer();

const STRATEGIES = [
  ['a single user', SINGLE],
  ['a single user with an administrator', SINGLE_BY_ADMIN],
  ['alternating users', ALTERNATING],
] as const;

/** A rotation whose password is set, and not yet proved by testSecret. */
async function afterSet(user: RotatedUser): Promise<string> {
  const versionId = await user.pendingVersion();
  for (const step of ['createSecret', 'setSecret'] as const)
    expect(await user.step(step, versionId)).not.toHaveProperty('failure');
  return versionId;
}

const versionOf = async (user: RotatedUser, label: string): Promise<string | undefined> =>
  Object.entries(await user.labels()).find(([, labels]) => labels?.includes(label))?.[0];

/** Somebody moves AWSPENDING by hand; to no version, unless one is given. */
async function movePending(user: RotatedUser, from: string, to?: string): Promise<void> {
  const label = {
    SecretId: user.secretArn,
    VersionStage: 'AWSPENDING',
    RemoveFromVersionId: from,
    MoveToVersionId: to,
  };
  await user.client.send(new UpdateSecretVersionStageCommand(label));
}

async function stored(user: RotatedUser, change: object): Promise<void> {
  const SecretString = JSON.stringify({ ...JSON.parse((await user.value()) ?? '{}'), ...change });
  await user.client.send(new PutSecretValueCommand({ SecretId: user.secretArn, SecretString }));
}

describe.each(STRATEGIES)(
  'AWSPENDING of %s that is moved by hand after setSecret',
  { timeout: 120_000 },
  (_, environment) => {
    it.each(['away', 'to the current version', 'to the version before'])(
      '%s: the late steps change nothing, and the next rotation finds its way',
      async (where) => {
        const user = await rotatedUser(server, { environment });
        await user.rotated();
        const current = await versionOf(user, 'AWSCURRENT');
        const versionId = await afterSet(user);
        const target =
          where === 'away'
            ? undefined
            : await versionOf(user, where.endsWith('current version') ? 'AWSCURRENT' : 'AWSPREVIOUS');
        await movePending(user, versionId, target);
        const refused = {
          failure: { errorType: expect.anything(), errorMessage: expect.stringMatching(/not pending|AWSPENDING/) },
        };
        expect(await user.step('setSecret', versionId)).toMatchObject(refused);
        await user.step('testSecret', versionId); // It may log in: that does no harm.
        expect(await user.step('finishSecret', versionId)).toMatchObject(refused);
        expect(await versionOf(user, 'AWSCURRENT')).toBe(current);
        if (environment === ALTERNATING) expect(await server.accepts(await user.login())).toBe(true);
        if (where === 'to the version before') await movePending(user, target ?? '');
        expect(await server.accepts(await user.rotated())).toBe(true);
      },
    );
  },
);

describe.each(STRATEGIES.slice(0, 2))(
  'A server that restarts after the password of %s is set',
  { timeout: 120_000 },
  (_, environment) => {
    it.each([
      ['and is back when the new password is tried again: the rotation goes on', 'pass'],
      ['and stays away: nothing can be changed back, and the next attempt succeeds', 'refuse'],
    ] as const)('%s', async (_title, next) => {
      const proxy = await holdingProxy(server);
      const user = await rotatedUser({ ...server, port: proxy.port }, { environment });
      const versionId = await user.pendingVersion();
      await user.step('createSecret', versionId);
      proxy.holdAfter(1);
      const setting = user.step('setSecret', versionId);
      await vi.waitFor(() => expect(proxy.held).toBe(1), 20_000);
      await server.restart();
      proxy.cut(next);
      const result = await setting;
      const pending = await user.login(versionId);
      expect([await server.accepts(user.first), await server.accepts(pending)]).toEqual([false, true]);
      if (next === 'refuse') {
        expect(result).toMatchObject({ failure: { errorMessage: expect.stringMatching(/ECONN|lost|reached/) } });
        proxy.cut('pass');
        expect(await user.step('setSecret', versionId)).not.toHaveProperty('failure');
      } else expect(result).not.toHaveProperty('failure');
      for (const step of ['testSecret', 'finishSecret'] as const)
        expect(await user.step(step, versionId)).not.toHaveProperty('failure');
      expect(await user.login()).toMatchObject(pending);
    });
  },
);

describe.each(STRATEGIES)('A database of %s, renamed after setSecret,', { timeout: 120_000 }, (_, environment) => {
  it('fails the rotation with an error that names it, until it has its old name again', async () => {
    const [dbname, renamed] = [`shop_${randomUUID().slice(0, 8)}`, `store_${randomUUID().slice(0, 8)}`];
    await server.query(`CREATE DATABASE ${dbname}`);
    const user = await rotatedUser(server, { environment, secret: { dbname } });
    const versionId = await afterSet(user);
    await server.query(`ALTER DATABASE ${dbname} RENAME TO ${renamed}`);
    const message = new RegExp(`database "${dbname}" does not exist.*Correct the secret's dbname`);
    for (const step of ['setSecret', 'testSecret'] as const)
      expect(await user.step(step, versionId)).toMatchObject({
        failure: { errorMessage: expect.stringMatching(message) },
      });
    if (environment !== SINGLE) {
      // The declaration says the name, too.
      await server.query(`ALTER DATABASE ${renamed} RENAME TO ${dbname}`);
      expect(await user.step('testSecret', versionId)).not.toHaveProperty('failure');
      return;
    }
    await movePending(user, versionId);
    await stored(user, { dbname: renamed });
    expect(await server.accepts({ ...(await user.rotated()), dbname: renamed })).toBe(true);
  });
});
