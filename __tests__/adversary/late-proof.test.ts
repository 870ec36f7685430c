import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, vi } from 'vitest';
import { type HoldingProxy, holdingProxy } from '../lambda/postgres/holding-proxy.ts';
import { type RotatedUser, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';

const server = await rdsServer({ settings: { log_statement: 'all' } });

const holds = (proxy: HoldingProxy) => vi.waitFor(() => expect(proxy.held).toBe(1), 20_000);

/** A rotation whose setSecret has set the new password, and hangs in the login that is to prove it. */
async function hangingRotation(environment: Readonly<Record<string, string>>) {
  const proxy = await holdingProxy(server);
  const user = await rotatedUser({ ...server, port: proxy.port }, { environment });
  const versionId = await user.pendingVersion();
  await user.step('createSecret', versionId);
  proxy.holdAfter(1);
  const hanging = user.step('setSecret', versionId);
  await holds(proxy);
  return { proxy, user, versionId, hanging, changes: passwordChanges(user) };
}

/** How often a password of the user was set since then. */
function passwordChanges({ first: { username } }: RotatedUser) {
  const from = server.log().length;
  return () => server.log().slice(from).split(`ALTER ROLE "${username}" PASSWORD`).length - 1;
}

async function finish(user: RotatedUser, versionId: string): Promise<void> {
  for (const step of ['testSecret', 'finishSecret'] as const)
    expect(await user.step(step, versionId)).not.toHaveProperty('failure');
  expect((await user.labels())[versionId]).toContain('AWSCURRENT');
}

/** The last call of a finishSecret whose proof is from before. */
async function promote({ client, secretArn: SecretId, labels }: RotatedUser, MoveToVersionId: string): Promise<void> {
  const [RemoveFromVersionId] =
    Object.entries(await labels()).find(([, stages]) => stages?.includes('AWSCURRENT')) ?? [];
  const VersionStage = 'AWSCURRENT';
  await client.send(
    new UpdateSecretVersionStageCommand({ SecretId, VersionStage, MoveToVersionId, RemoveFromVersionId }),
  );
}

describe.each([
  ['by itself', SINGLE],
  ['by an administrator', SINGLE_BY_ADMIN],
])('A setSecret that hangs in its proof, of a user that is changed %s', { timeout: 120_000 }, (_, environment) => {
  it('changes nothing back if a second attempt has finished the rotation when it wakes', async () => {
    const { proxy, user, versionId, hanging, changes } = await hangingRotation(environment);
    proxy.pass();
    expect(await user.step('createSecret', versionId)).not.toHaveProperty('failure');
    // The first attempt still has the lock, so the second one cannot set anything.
    expect(await user.step('setSecret', versionId)).toMatchObject({
      failure: { errorMessage: expect.stringMatching(/waiting for other rotations.*lock timeout/) },
    });
    await finish(user, versionId);
    proxy.cut('refuse');
    await hanging;
    expect(changes()).toBe(0);
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('sets the value again if the second attempt finishes after the last look at the labels, before the change back', async () => {
    const { proxy, user, versionId, hanging, changes } = await hangingRotation(environment);
    const { username } = user.first;
    // While this holds the user's row, the change back waits.
    const blocker = await server.login(server);
    await blocker.query(`BEGIN; ALTER ROLE ${username} CONNECTION LIMIT 50`);
    proxy.cut('refuse');
    await vi.waitFor(async () => {
      const waiting = `SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid' AND application_name LIKE 'rotaform %'`;
      expect(await server.query(waiting)).toHaveLength(1);
    }, 20_000);
    await promote(user, versionId);
    await blocker.query('ROLLBACK');
    await blocker.end();
    expect(await hanging).toHaveProperty('failure');
    expect(changes(), 'back, and again').toBe(2);
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('sets the value again if the second attempt finishes after the change back, with an earlier proof', async () => {
    const { proxy, user, versionId, hanging, changes } = await hangingRotation(environment);
    proxy.cut('refuse');
    await vi.waitFor(() => expect(changes()).toBe(1), 20_000);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await promote(user, versionId);
    expect(await hanging).toHaveProperty('failure');
    expect(changes(), 'back, and again').toBe(2);
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('changes nothing back if the second attempt finishes while its second proof hangs', async () => {
    const { proxy, user, versionId, hanging, changes } = await hangingRotation(environment);
    proxy.cut('hold');
    await holds(proxy);
    proxy.pass();
    await finish(user, versionId);
    proxy.cut('refuse');
    expect(await hanging).toHaveProperty('failure');
    expect(changes()).toBe(0);
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('changes nothing if its session was lost, and the second attempt has set and finished everything', async () => {
    const { proxy, user, versionId, hanging } = await hangingRotation(environment);
    await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'rotaform %'`,
    );
    proxy.pass();
    for (const step of ['createSecret', 'setSecret'] as const)
      expect(await user.step(step, versionId)).not.toHaveProperty('failure');
    await finish(user, versionId);
    proxy.cut('refuse');
    expect(await hanging).toHaveProperty('failure');
    expect(await server.accepts(await user.login())).toBe(true);
  });

  it('changes the password back if nobody has finished the rotation, and the new one cannot be proved', async () => {
    const { proxy, user, hanging, changes } = await hangingRotation(environment);
    proxy.cut('refuse');
    expect(await hanging).toHaveProperty('failure');
    expect(changes()).toBe(1);
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('goes on if the new password is proved by a second login', async () => {
    const { proxy, user, versionId, hanging, changes } = await hangingRotation(environment);
    proxy.cut('pass');
    expect(await hanging).not.toHaveProperty('failure');
    expect(changes()).toBe(0);
    expect(await server.accepts(await user.login(versionId))).toBe(true);
  });
});
