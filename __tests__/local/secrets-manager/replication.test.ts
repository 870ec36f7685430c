import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
  RotateSecretCommand,
  type SecretsManagerClient,
  StopReplicationToReplicaCommand,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { adoptKey } from '../../../local/kms/adopt-key.ts';
import { clientIn } from '../sdk-clients.ts';
import { rotationFunction, runningAccount, TURNING } from './running-account.ts';

const ON_A_REPLICA = "Operation not permitted on a replica secret. Call must be made in primary secret's region.";

/** A secret `s` in us-east-1, with a replica in eu-west-1. */
async function replicated() {
  const running = await runningAccount();
  const { aws, client: primary } = running;
  const replica = clientIn(aws, 'eu-west-1');
  const { ARN = '', ReplicationStatus } = await primary.send(
    new CreateSecretCommand({
      Name: 's',
      SecretString: 'first',
      Description: 'said',
      Tags: [{ Key: 'team', Value: 'red' }],
      AddReplicaRegions: [{ Region: 'eu-west-1' }],
    }),
  );
  const replicaArn = ARN.replace('us-east-1', 'eu-west-1');
  return { ...running, primary, replica, ARN, replicaArn, ReplicationStatus };
}

describe('a replica', () => {
  it('is there with its secret, under the same name and the ARN of its region', async () => {
    const { replica, primary, replicaArn, ReplicationStatus } = await replicated();
    expect(ReplicationStatus).toEqual([
      { Region: 'eu-west-1', KmsKeyId: 'alias/aws/secretsmanager', Status: 'InSync' },
    ]);
    expect(await replica.send(new GetSecretValueCommand({ SecretId: replicaArn }))).toMatchObject({
      SecretString: 'first',
      ARN: replicaArn,
    });
    const { VersionIdsToStages } = await primary.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(await replica.send(new DescribeSecretCommand({ SecretId: 's' }))).toMatchObject({
      ARN: replicaArn,
      PrimaryRegion: 'us-east-1',
      Description: 'said',
      Tags: [{ Key: 'team', Value: 'red' }],
      VersionIdsToStages,
    });
    expect((await primary.send(new DescribeSecretCommand({ SecretId: 's' }))).PrimaryRegion).toBe('us-east-1');
  });

  it('has each new value, label and tag of its secret', async () => {
    const { primary, replica } = await replicated();
    await primary.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'second', VersionStages: ['NEXT'] }));
    await primary.send(new TagResourceCommand({ SecretId: 's', Tags: [{ Key: 'team', Value: 'blue' }] }));
    const next = new GetSecretValueCommand({ SecretId: 's', VersionStage: 'NEXT' });
    expect(await replica.send(next)).toMatchObject({ SecretString: 'second' });
    const { Tags } = await replica.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(Tags).toEqual([{ Key: 'team', Value: 'blue' }]);
  });

  it('has what a rotation in the primary region made', async () => {
    const running = await replicated();
    const { aws, primary, replica } = running;
    const RotationLambdaARN = await rotationFunction(running, TURNING);
    const { VersionId } = await primary.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect(await replica.send(new GetSecretValueCommand({ SecretId: 's' }))).toMatchObject({ SecretString: VersionId });
  });

  it('is encrypted with the key of its own region', async () => {
    const { aws, primary, replica } = await replicated();
    adoptKey('alias/theirs', aws.account.at({ region: 'eu-central-1' }));
    const AddReplicaRegions = [{ Region: 'eu-central-1', KmsKeyId: 'alias/theirs' }];
    await primary.send(new ReplicateSecretToRegionsCommand({ SecretId: 's', AddReplicaRegions }));
    const keysIn = async (client: typeof replica) => {
      const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: 's' }));
      return Versions?.flatMap(({ KmsKeyIds }) => KmsKeyIds);
    };
    expect(await keysIn(clientIn(aws, 'eu-central-1'))).toEqual(['alias/theirs']);
    expect(await keysIn(replica)).toEqual(['DefaultEncryptionKey']);
  });

  it.each<[string, (to: SecretsManagerClient) => Promise<unknown>]>([
    ['PutSecretValue', (to) => to.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'x' }))],
    ['UpdateSecret', (to) => to.send(new UpdateSecretCommand({ SecretId: 's', Description: 'x' }))],
    ['TagResource', (to) => to.send(new TagResourceCommand({ SecretId: 's', Tags: [] }))],
    ['RotateSecret', (to) => to.send(new RotateSecretCommand({ SecretId: 's' }))],
    ['DeleteSecret', (to) => to.send(new DeleteSecretCommand({ SecretId: 's' }))],
    [
      'DeleteSecret by force',
      (to) => to.send(new DeleteSecretCommand({ SecretId: 's', ForceDeleteWithoutRecovery: true })),
    ],
    [
      'ReplicateSecretToRegions',
      (to) =>
        to.send(new ReplicateSecretToRegionsCommand({ SecretId: 's', AddReplicaRegions: [{ Region: 'sa-east-1' }] })),
    ],
    [
      'RemoveRegionsFromReplication',
      (to) => to.send(new RemoveRegionsFromReplicationCommand({ SecretId: 's', RemoveReplicaRegions: ['us-east-1'] })),
    ],
  ])('refuses %s', async (_, send) => {
    const { replica } = await replicated();
    await expect(send(replica)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: ON_A_REPLICA,
    });
  });

  it('becomes a secret of its own with StopReplicationToReplica', async () => {
    const { primary, replica, replicaArn } = await replicated();
    expect(await replica.send(new StopReplicationToReplicaCommand({ SecretId: 's' }))).toMatchObject({
      ARN: replicaArn,
    });
    await replica.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'theirs' }));
    expect(await primary.send(new GetSecretValueCommand({ SecretId: 's' }))).toMatchObject({ SecretString: 'first' });
    expect(await replica.send(new GetSecretValueCommand({ SecretId: 's' }))).toMatchObject({ SecretString: 'theirs' });
    const described = await replica.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(described).toMatchObject({ Description: 'said', Tags: [{ Key: 'team', Value: 'red' }] });
    expect(described.PrimaryRegion).toBeUndefined();
    expect(await primary.send(new DescribeSecretCommand({ SecretId: 's' }))).not.toHaveProperty('ReplicationStatus');
    await expect(primary.send(new StopReplicationToReplicaCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('goes with RemoveRegionsFromReplication, which may be called again', async () => {
    const { primary, replica, ARN } = await replicated();
    await expect(primary.send(new DeleteSecretCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `You can't delete secret ${ARN} that still has replica regions [eu-west-1]`,
    });
    const remove = new RemoveRegionsFromReplicationCommand({ SecretId: 's', RemoveReplicaRegions: ['eu-west-1'] });
    await primary.send(remove);
    await primary.send(remove);
    await expect(replica.send(new DescribeSecretCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(primary.send(new DeleteSecretCommand({ SecretId: 's' }))).resolves.toBeDefined();
  });

  it('is found by its primary region', async () => {
    const { primary, replica } = await replicated();
    await primary.send(new CreateSecretCommand({ Name: 'alone' }));
    const Filters = [{ Key: 'primary-region', Values: ['us-east-1'] } as const];
    const namesIn = async (client: typeof replica) => {
      const { SecretList } = await client.send(
        new ListSecretsCommand({ Filters: Filters.map(({ Key, Values }) => ({ Key, Values: [...Values] })) }),
      );
      return SecretList?.map(({ Name }) => Name);
    };
    expect(await namesIn(primary)).toEqual(['s']);
    expect(await namesIn(replica)).toEqual(['s']);
  });
});

describe('a replication', () => {
  it.each([['us-east-1'], ['mars'], ['cn-north-1']])('to %s is refused', async (Region) => {
    const { client } = await runningAccount();
    const create = new CreateSecretCommand({ Name: 's', SecretString: 'x', AddReplicaRegions: [{ Region }] });
    await expect(client.send(create)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid replica region.',
    });
    expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
  });

  it('fails where the name is taken, and says so, unless it may overwrite', async () => {
    const { aws, client: primary } = await runningAccount();
    const there = clientIn(aws, 'eu-west-1');
    await there.send(new CreateSecretCommand({ Name: 's', SecretString: 'theirs' }));
    await primary.send(new CreateSecretCommand({ Name: 's', SecretString: 'ours' }));
    const input = { SecretId: 's', AddReplicaRegions: [{ Region: 'eu-west-1' }] };
    const { ReplicationStatus } = await primary.send(new ReplicateSecretToRegionsCommand(input));
    expect(ReplicationStatus).toEqual([
      {
        Region: 'eu-west-1',
        KmsKeyId: 'alias/aws/secretsmanager',
        Status: 'Failed',
        StatusMessage: 'Replication failed: Secret name s already exists in region eu-west-1.',
      },
    ]);
    const read = new GetSecretValueCommand({ SecretId: 's' });
    expect(await there.send(read)).toMatchObject({ SecretString: 'theirs' });
    await primary.send(new ReplicateSecretToRegionsCommand({ ...input, ForceOverwriteReplicaSecret: true }));
    expect(await there.send(read)).toMatchObject({ SecretString: 'ours' });
  });

  it('fails with a key that the other region does not have', async () => {
    const { client } = await runningAccount();
    const AddReplicaRegions = [{ Region: 'eu-west-1', KmsKeyId: 'alias/none' }];
    const { ReplicationStatus } = await client.send(
      new CreateSecretCommand({ Name: 's', SecretString: 'x', AddReplicaRegions }),
    );
    expect(ReplicationStatus).toMatchObject([
      { Status: 'Failed', StatusMessage: expect.stringContaining('alias/none') },
    ]);
  });
});
