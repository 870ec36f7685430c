import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { clientIn } from '../sdk-clients.ts';
import { SIGNED } from '../signed.ts';

let aws: LocalAws;

beforeAll(async () => {
  aws = await localAws();
});

afterAll(() => aws.close());

const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, n) => `n${from + n}`);
const tags = (keys: readonly string[]) => keys.map((Key) => ({ Key, Value: 'x' }));

/** A secret with a value, and its client. */
async function secret() {
  const client = clientIn(aws);
  const { Name = '', VersionId = '' } = await client.send(
    new CreateSecretCommand({ Name: `s-${randomUUID()}`, SecretString: 'first' }),
  );
  return { client, SecretId: Name, VersionId };
}

/** A call without an SDK, which would refuse or leave out some of it. */
async function refusal(action: string, input: object): Promise<unknown> {
  const response = await fetch(aws.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': `secretsmanager.${action}`, ...SIGNED },
    body: JSON.stringify(input),
  });
  expect(response.status).toBe(400);
  return response.json();
}

describe('the tags of a secret', () => {
  it('are 50 at most, however they come, and a changed value does not count as another tag', async () => {
    const { client, SecretId } = await secret();
    const tag = (keys: readonly string[]) => client.send(new TagResourceCommand({ SecretId, Tags: tags(keys) }));
    await tag(numbered(49));
    await tag(['n48', 'n49']);
    await expect(tag(['n50'])).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: expect.stringContaining('quota of 50 tags'),
    });
    await tag(['n49']);
    await client.send(new UntagResourceCommand({ SecretId, TagKeys: ['n0'] }));
    await tag(['n50']);
    const { Tags } = await client.send(new DescribeSecretCommand({ SecretId }));
    expect(Tags).toHaveLength(50);
  });

  it('are 50 at most in CreateSecret, which then creates nothing', async () => {
    const client = clientIn(aws);
    const Name = `tagged-${randomUUID()}`;
    const create = (count: number) => client.send(new CreateSecretCommand({ Name, Tags: tags(numbered(count)) }));
    await expect(create(51)).rejects.toMatchObject({ name: 'LimitExceededException' });
    await expect(client.send(new DescribeSecretCommand({ SecretId: Name }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await create(50);
  });

  it.each(['aws:owner', 'AWS:owner', 'Aws:'])('may not begin with aws: %s', async (key) => {
    const { client, SecretId } = await secret();
    const refused = { name: 'InvalidParameterException', message: `You can't modify system tags. Tag key: '${key}'.` };
    await expect(client.send(new TagResourceCommand({ SecretId, Tags: tags(['ok', key]) }))).rejects.toMatchObject(
      refused,
    );
    await expect(
      client.send(new CreateSecretCommand({ Name: `t-${randomUUID()}`, Tags: tags([key]) })),
    ).rejects.toMatchObject(refused);
    await expect(client.send(new UntagResourceCommand({ SecretId, TagKeys: [key] }))).rejects.toMatchObject(refused);
    expect((await client.send(new DescribeSecretCommand({ SecretId }))).Tags ?? []).toEqual([]);
  });

  it('may have aws elsewhere in their key', async () => {
    const { client, SecretId } = await secret();
    await client.send(new TagResourceCommand({ SecretId, Tags: tags(['awsome', 'my:aws:tag']) }));
  });
});

describe('the labels of a secret', () => {
  it('are 20 at most over all its versions: AWS’s own labels count, and one that moves does not count twice', async () => {
    const { client, SecretId, VersionId } = await secret();
    const put = (VersionStages: string[]) =>
      client.send(new PutSecretValueCommand({ SecretId, SecretString: randomUUID(), VersionStages }));
    // With AWSCURRENT: 20.
    for (const from of [0, 10]) await put(numbered(from === 0 ? 10 : 9, from));
    const exceeded = {
      name: 'LimitExceededException',
      message: expect.stringContaining('quota of 20 staging labels'),
    };
    await expect(put(['one-more'])).rejects.toMatchObject(exceeded);
    const move = (VersionStage: string, RemoveFromVersionId?: string) =>
      client.send(
        new UpdateSecretVersionStageCommand({
          SecretId,
          VersionStage,
          MoveToVersionId: VersionId,
          RemoveFromVersionId,
        }),
      );
    await expect(move('one-more')).rejects.toMatchObject(exceeded);
    await put(['n0']);
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
    const holder = Object.keys(VersionIdsToStages).find((id) => VersionIdsToStages[id]?.includes('n1'));
    await move('n1', holder);
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'n1', RemoveFromVersionId: VersionId }),
    );
    await move('one-more');
    // The first one that follows another makes AWSPREVIOUS: the 21st.
    await expect(put(['AWSCURRENT'])).rejects.toMatchObject(exceeded);
  });
});

describe('a refusal', () => {
  it.each([
    [
      'GetSecretValue',
      { Bogus: 1 },
      "1 validation error detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null",
    ],
    ['GetSecretValue', { SecretId: 's', Bogus: 1 }, 'Bogus is not supported by the local Secrets Manager.'],
    [
      'UpdateSecretVersionStage',
      { Bogus: 1 },
      "2 validation errors detected: Value null at 'secretId' failed to satisfy constraint: Member must not be null; Value null at 'versionStage' failed to satisfy constraint: Member must not be null",
    ],
    [
      'CreateSecret',
      { Bogus: 1, Name: '' },
      "1 validation error detected: Value at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'TagResource',
      { SecretId: 's', Tags: [{ Value: 'x' }] },
      "1 validation error detected: Value null at 'tags.1.member.key' failed to satisfy constraint: Member must not be null",
    ],
  ])('of %s names what is missing before what is unknown: %j', async (action, input, Message) => {
    expect(await refusal(action, input)).toEqual({ __type: 'ValidationException', Message });
  });

  it.each([
    ['CreateSecret', { Name: 'n'.repeat(513) }, 'name', 'Member must have length less than or equal to 512'],
    [
      'CreateSecret',
      { Name: 'n', ClientRequestToken: 't' },
      'clientRequestToken',
      'Member must have length greater than or equal to 32',
    ],
    ['ListSecrets', { MaxResults: 0 }, 'maxResults', 'Member must have value greater than or equal to 1'],
    ['ListSecrets', { MaxResults: 101 }, 'maxResults', 'Member must have value less than or equal to 100'],
    [
      'PutSecretValue',
      { SecretId: 's', SecretString: 's3cret', VersionStages: numbered(21) },
      'versionStages',
      'Member must have length less than or equal to 20',
    ],
  ])('of %s is in AWS’s words, and quotes no value: %#', async (action, input, member, constraint) => {
    const body = await refusal(action, input);
    expect(body).toEqual({
      __type: 'ValidationException',
      Message: `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${constraint}`,
    });
    expect(JSON.stringify(body)).not.toContain('s3cret');
  });
});

describe('an unknown key', () => {
  const UNKNOWN = [
    'alias/none',
    randomUUID(),
    `arn:aws:kms:us-east-1:123456789012:key/${randomUUID()}`,
    'arn:aws:kms:us-east-1:123456789012:alias/none',
  ];
  const failure = { name: 'EncryptionFailure', message: expect.stringContaining('using the provided KMS key') };

  it.each(UNKNOWN)('encrypts no new secret, and none is left behind: %s', async (KmsKeyId) => {
    const client = clientIn(aws);
    const Name = `k-${randomUUID()}`;
    await expect(client.send(new CreateSecretCommand({ Name, SecretString: 'x', KmsKeyId }))).rejects.toMatchObject(
      failure,
    );
    const { SecretList } = await client.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: [Name] }] }));
    expect(SecretList).toEqual([]);
  });

  it.each(UNKNOWN)('encrypts no value of an existing secret: %s', async (KmsKeyId) => {
    const { client, SecretId } = await secret();
    await expect(
      client.send(new UpdateSecretCommand({ SecretId, SecretString: 'next', KmsKeyId })),
    ).rejects.toMatchObject(failure);
    expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ SecretString: 'first' });
    expect((await client.send(new DescribeSecretCommand({ SecretId }))).KmsKeyId).toBeUndefined();
  });
});

describe('the versions of a secret', () => {
  it('stay 500 at most over any number of puts within a day, and the labelled ones stay', async () => {
    const { client, SecretId, VersionId } = await secret();
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId, VersionStage: 'keep', MoveToVersionId: VersionId }),
    );
    for (let round = 0; round < 26; round += 1) {
      const puts = Array.from(
        { length: 20 },
        () => new PutSecretValueCommand({ SecretId, SecretString: randomUUID() }),
      );
      await Promise.all(puts.map((put) => client.send(put)));
    }
    let count = 0;
    let NextToken: string | undefined;
    do {
      const page = await client.send(
        new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true, MaxResults: 100, NextToken }),
      );
      count += page.Versions?.length ?? 0;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(count).toBe(500);
    expect(await client.send(new GetSecretValueCommand({ SecretId, VersionStage: 'keep' }))).toMatchObject({
      SecretString: 'first',
    });
  });
});
