import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { adoptKey } from '../../../local/kms/adopt-key.ts';
import { runningAccount } from './running-account.ts';

const NO_TOKEN = 'You must provide a ClientRequestToken value. We recommend a UUID-type value.';

describe('tokens', () => {
  it.each([
    ['CreateSecret', { Name: 'absent', SecretString: 'x' }, 'InvalidRequestException'],
    ['PutSecretValue', { SecretId: 'absent', SecretString: 'x' }, 'InvalidRequestException'],
    ['UpdateSecret', { SecretId: 'absent', SecretString: 'x' }, 'InvalidRequestException'],
    ['RotateSecret', { SecretId: 'absent' }, 'InvalidParameterException'],
  ])('are required in %s, before it looks for the secret', async (action, input, __type) => {
    const { call } = await runningAccount();
    expect((await call(action, input)).body).toEqual({ __type, Message: NO_TOKEN });
  });

  it("become the version's id", async () => {
    const { client } = await runningAccount();
    const ClientRequestToken = randomUUID();
    await client.send(new CreateSecretCommand({ Name: 's', ClientRequestToken, SecretString: 'x' }));
    const read = await client.send(new GetSecretValueCommand({ SecretId: 's' }));
    expect(read.VersionId).toBe(ClientRequestToken);
  });

  it('change nothing when they are repeated with the same value', async () => {
    const { client } = await runningAccount();
    const ClientRequestToken = randomUUID();
    const first = { ClientRequestToken, SecretString: 'first' };
    const created = await client.send(new CreateSecretCommand({ Name: 's', ...first }));
    expect(await client.send(new CreateSecretCommand({ Name: 's', ...first }))).toMatchObject({
      ARN: created.ARN,
      VersionId: ClientRequestToken,
    });
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'second' }));
    const before = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    for (const command of [
      new PutSecretValueCommand({ SecretId: 's', ...first }),
      new UpdateSecretCommand({ SecretId: 's', ...first }),
    ] as const) {
      const { VersionId } =
        command instanceof PutSecretValueCommand ? await client.send(command) : await client.send(command);
      expect(VersionId).toBe(ClientRequestToken);
    }
    const after = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect({ ...after, $metadata: undefined }).toEqual({ ...before, $metadata: undefined });
  });

  it.each(['CreateSecret', 'PutSecretValue', 'UpdateSecret'])(
    'cannot be used again for another value in %s',
    async (action) => {
      const { client, call } = await runningAccount();
      const ClientRequestToken = randomUUID();
      const { ARN } = await client.send(
        new CreateSecretCommand({ Name: 's', ClientRequestToken, SecretString: 'first' }),
      );
      const secret = action === 'CreateSecret' ? { Name: 's' } : { SecretId: 's' };
      expect((await call(action, { ...secret, ClientRequestToken, SecretString: 'other' })).body).toEqual({
        __type: 'ResourceExistsException',
        Message: `You can't use ClientRequestToken ${ClientRequestToken} because that value is already in use for a version of secret ${ARN}.`,
      });
      const read = await client.send(new GetSecretValueCommand({ SecretId: 's' }));
      expect(read.SecretString).toBe('first');
    },
  );
});

describe('a secret', () => {
  it('cannot have a name that is taken', async () => {
    const { client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 'taken', SecretString: 'x' }));
    await expect(client.send(new CreateSecretCommand({ Name: 'taken', SecretString: 'x' }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: 'The operation failed because the secret taken already exists.',
    });
  });

  it('cannot have the name of a secret that is scheduled for deletion', async () => {
    const { client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 'going' }));
    await client.send(new DeleteSecretCommand({ SecretId: 'going' }));
    await expect(client.send(new CreateSecretCommand({ Name: 'going' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "You can't create this secret because a secret with this name is already scheduled for deletion.",
    });
  });

  it('without a value has no version to read', async () => {
    const { client, call } = await runningAccount();
    const created = await call('CreateSecret', { Name: 'empty', ClientRequestToken: randomUUID() });
    expect(created.body).not.toHaveProperty('VersionId');
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'empty' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  it('gives its first version AWSCURRENT in addition to the requested stages', async () => {
    const { client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 's' }));
    const put = await client.send(
      new PutSecretValueCommand({ SecretId: 's', SecretString: 'x', VersionStages: ['TERRAFORM_INITIAL'] }),
    );
    expect(put.VersionStages?.sort()).toEqual(['AWSCURRENT', 'TERRAFORM_INITIAL']);
  });

  it('returns no VersionId for an update without a value', async () => {
    const { aws, client, call } = await runningAccount();
    adoptKey('alias/mine', aws.account);
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }));
    const input = { SecretId: 's', ClientRequestToken: randomUUID() };
    expect(Object.keys((await call('UpdateSecret', input)).body)).toEqual(['ARN', 'Name']);
    const update = { ...input, Description: 'said', KmsKeyId: 'alias/mine' };
    expect(Object.keys((await call('UpdateSecret', update)).body)).toEqual(['ARN', 'Name']);
    expect(await client.send(new DescribeSecretCommand({ SecretId: 's' }))).toMatchObject({
      Description: 'said',
      KmsKeyId: 'alias/mine',
    });
    const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: 's' }));
    expect(Versions?.map(({ KmsKeyIds }) => KmsKeyIds)).toEqual([['alias/mine']]);
  });

  it.each(['CreateSecret', 'PutSecretValue', 'UpdateSecret'])(
    'refuses text together with bytes in %s',
    async (action) => {
      const { client, call } = await runningAccount();
      if (action !== 'CreateSecret') await client.send(new CreateSecretCommand({ Name: 's' }));
      const { body } = await call(action, {
        [action === 'CreateSecret' ? 'Name' : 'SecretId']: 's',
        ClientRequestToken: randomUUID(),
        SecretString: 'x',
        SecretBinary: 'eA==',
      });
      expect(body).toEqual({
        __type: 'InvalidParameterException',
        Message: "You can't specify both a binary secret value and a string secret value in the same secret.",
      });
    },
  );

  it('refuses a put without a value', async () => {
    const { client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 's' }));
    await expect(client.send(new PutSecretValueCommand({ SecretId: 's' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });
});

describe('GetSecretValue', () => {
  it('reads a version by its id, by a stage, or by both', async () => {
    const { client } = await runningAccount();
    const { VersionId } = await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'second' }));
    const VersionStage = 'AWSPREVIOUS';
    for (const which of [{ VersionId }, { VersionStage }, { VersionId, VersionStage }]) {
      expect(await client.send(new GetSecretValueCommand({ SecretId: 's', ...which }))).toMatchObject({
        SecretString: 'first',
        VersionStages: ['AWSPREVIOUS'],
      });
    }
  });

  it('says what it cannot find', async () => {
    const { client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }));
    const VersionId = randomUUID();
    const absent = "Secrets Manager can't find the specified secret value for";
    for (const [input, message] of [
      [{ SecretId: 's', VersionId }, `${absent} VersionId: ${VersionId}`],
      [{ SecretId: 's', VersionStage: 'BLUE' }, `${absent} staging label: BLUE`],
      [{ SecretId: 'none' }, "Secrets Manager can't find the specified secret."],
    ] as const) {
      await expect(client.send(new GetSecretValueCommand(input))).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message,
      });
    }
  });

  it('refuses an id and a stage that belong to two versions', async () => {
    const { client } = await runningAccount();
    const { VersionId } = await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'second' }));
    await expect(
      client.send(new GetSecretValueCommand({ SecretId: 's', VersionId, VersionStage: 'AWSCURRENT' })),
    ).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'You provided a VersionStage that is not associated to the provided VersionId.',
    });
  });
});

describe('versions without labels', () => {
  async function withVersions(count: number) {
    const running = await runningAccount();
    const { client } = running;
    await client.send(new CreateSecretCommand({ Name: 's' }));
    for (let n = 1; n <= count; n++) {
      await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: String(n) }));
    }
    const countVersions = async () => {
      const list = { SecretId: 's', IncludeDeprecated: true, MaxResults: 100 };
      const first = await client.send(new ListSecretVersionIdsCommand(list));
      if (!first.NextToken) return first.Versions?.length;
      const rest = await client.send(new ListSecretVersionIdsCommand({ ...list, NextToken: first.NextToken }));
      return (first.Versions?.length ?? 0) + (rest.Versions?.length ?? 0);
    };
    return { ...running, countVersions };
  }

  it('are removed beyond a hundred, but none that is younger than a day', async () => {
    const { aws, client, countVersions } = await withVersions(105);
    expect(await countVersions()).toBe(105);
    await aws.account.clock.advance({ hours: 23 });
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'still young' }));
    expect(await countVersions()).toBe(106);
    await aws.account.clock.advance({ hours: 2 });
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'old' }));
    expect(await countVersions()).toBe(100);
    expect(await client.send(new GetSecretValueCommand({ SecretId: 's', VersionStage: 'AWSPREVIOUS' }))).toMatchObject({
      SecretString: 'still young',
    });
  });

  it('can be removed by a test at any time, and the labelled ones stay', async () => {
    const { aws, client, countVersions } = await withVersions(5);
    aws.account.secrets.forgetUnlabelledVersions('s');
    expect(await countVersions()).toBe(2);
    expect(await client.send(new GetSecretValueCommand({ SecretId: 's' }))).toMatchObject({ SecretString: '5' });
  });
});
