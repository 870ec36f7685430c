import { once } from 'node:events';
import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { type DeployedStrategy, deployStrategy } from './deploy-strategy.ts';

const entry = '__tests__/lambda/rotation/strategies/slow.ts';
const secretString = '{"password":"the-first-password"}';

/** Takes `AWSPENDING` from the version, as an operator does who gives a rotation up. */
function giveUp({ client, secretArn }: DeployedStrategy, versionId: string) {
  const input = { SecretId: secretArn, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
  return client.send(new UpdateSecretVersionStageCommand(input));
}

describe('A late invocation', () => {
  it('does not store a version that was abandoned while its value was made', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    const step = deployed.step('createSecret', versionId);
    await expect.poll(() => deployed.calls.length).toBe(3);
    await giveUp(deployed, versionId);
    const { versionId: later } = await deployed.rotate();
    expect(await step).toMatchObject({ failure: expect.anything() });
    expect(deployed.calls.filter((call) => call === 'PutSecretValue')).toHaveLength(1);
    expect(await deployed.labels()).toMatchObject({ [later]: ['AWSCURRENT'] });
    expect(await deployed.labels()).not.toHaveProperty(versionId);
  });

  it('stores a version that is still pending, however long its value took', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    expect(await deployed.step('createSecret', versionId)).toEqual({ payload: null });
    expect(deployed.calls).toEqual([
      ...['DescribeSecret', 'GetSecretValue: ResourceNotFoundException', 'GetSecretValue', 'DescribeSecret'],
      'PutSecretValue',
    ]);
  });

  it('can check that its version is still pending before it reverts anything', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    await deployed.step('createSecret', versionId);
    const step = deployed.step('setSecret', versionId);
    await once(deployed.aws.account.events, 'functionLog');
    await giveUp(deployed, versionId);
    await step;
    expect((await deployed.log(4)).slice(1, 3)).toMatchObject([
      { message: 'Before', isPending: true },
      { message: 'After', isPending: false },
    ]);
  });

  it('is told that its version is not pending once it is current', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    await deployed.step('createSecret', versionId);
    const step = deployed.step('setSecret', versionId);
    await once(deployed.aws.account.events, 'functionLog');
    await deployed.step('finishSecret', versionId);
    await step;
    expect((await deployed.log(5)).find(({ message }) => message === 'After')).toMatchObject({ isPending: false });
  });
});
