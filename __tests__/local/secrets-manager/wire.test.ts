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
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { startHttpServer } from '../../../local/http-server.ts';
import { jsonRefusal } from '../../../local/wire/json-protocol.ts';
import { INVALID_NAME, runningAccount } from './running-account.ts';

const DAY_SECONDS = 86_400;

const stages = (count: number) => Array.from({ length: count }, (_, n) => `S${n}`);

describe('the JSON protocol', () => {
  it('answers an error with HTTP 400, the plain type, and the text as Message with a capital M', async () => {
    const { call } = await runningAccount();
    expect(await call('GetSecretValue', { SecretId: 'none' })).toEqual({
      status: 400,
      contentType: 'application/x-amz-json-1.1',
      body: {
        __type: 'ResourceNotFoundException',
        Message: "Secrets Manager can't find the specified secret.",
      },
    });
  });

  it('answers an internal error with HTTP 500, and shows details only on its own console', async () => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => {});
    const server = await startHttpServer(0, {
      admit: () => ({ maxBytes: 1_000 }),
      answer() {
        throw new TypeError('s3cret');
      },
      refuse: jsonRefusal,
    });
    onTestFinished(async () => {
      shown.mockRestore();
      await server.close();
    });
    const response = await fetch(server.endpoint, { method: 'POST' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({
      __type: 'InternalServiceError',
      Message: 'An error occurred on the server side.',
    });
    expect(shown).toHaveBeenCalledWith(expect.any(TypeError));
  });

  it('refuses an unknown action by name', async () => {
    const { call } = await runningAccount();
    const { status, body } = await call('FryEggs');
    expect(status).toBe(400);
    expect(body).toEqual({ __type: 'UnknownOperationException', Message: expect.stringContaining('"FryEggs"') });
  });

  it('refuses a body that is not JSON, without showing it', async () => {
    const { call } = await runningAccount();
    const { status, body } = await call('CreateSecret', '{"SecretString": "s3cret');
    expect(status).toBe(400);
    expect(body).toEqual({ __type: 'SerializationException', Message: expect.not.stringContaining('s3cret') });
  });

  it('refuses an unsupported field by name', async () => {
    const { call } = await runningAccount();
    const { body } = await call('CreateSecret', {
      Name: 'replicated',
      ClientRequestToken: randomUUID(),
      Type: 'partner',
    });
    expect(body).toEqual({
      __type: 'ValidationException',
      Message: 'Type is not supported by the local Secrets Manager.',
    });
  });

  it('writes dates as epoch seconds with milliseconds', async () => {
    const { call } = await runningAccount();
    const before = Date.now();
    await call('CreateSecret', { Name: 'dated', ClientRequestToken: randomUUID() });
    const { body } = await call('DescribeSecret', { SecretId: 'dated' });
    const createdMs = Number(body.CreatedDate) * 1000;
    expect(createdMs).toBeGreaterThanOrEqual(before - 1);
    expect(createdMs).toBeLessThanOrEqual(Date.now() + 1);
    expect(String(body.CreatedDate)).toMatch(/^\d{10}(\.\d{1,3})?$/);
  });

  it('shows LastAccessedDate as a day, and only after the first read', async () => {
    const { call } = await runningAccount();
    await call('CreateSecret', { Name: 'read', ClientRequestToken: randomUUID(), SecretString: 'x' });
    expect((await call('DescribeSecret', { SecretId: 'read' })).body).not.toHaveProperty('LastAccessedDate');
    await call('GetSecretValue', { SecretId: 'read' });
    const { body } = await call('DescribeSecret', { SecretId: 'read' });
    expect(Number(body.LastAccessedDate) % DAY_SECONDS).toBe(0);
    expect(Number(body.LastAccessedDate)).toBeLessThanOrEqual(Number(body.CreatedDate));
  });

  it('leaves out every empty field in DescribeSecret', async () => {
    const { call } = await runningAccount();
    await call('CreateSecret', { Name: 'bare', ClientRequestToken: randomUUID(), Description: '', Tags: [] });
    const { body } = await call('DescribeSecret', { SecretId: 'bare' });
    expect(Object.keys(body).sort()).toEqual(['ARN', 'CreatedDate', 'LastChangedDate', 'Name']);
  });

  it('keeps an empty list of tags after the last tag was removed', async () => {
    const { client, call } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 'tagged', Tags: [{ Key: 'owner', Value: 'first' }] }));
    await client.send(new TagResourceCommand({ SecretId: 'tagged', Tags: [{ Key: 'owner', Value: 'second' }] }));
    const { Tags } = await client.send(new DescribeSecretCommand({ SecretId: 'tagged' }));
    expect(Tags).toEqual([{ Key: 'owner', Value: 'second' }]);
    await client.send(new UntagResourceCommand({ SecretId: 'tagged', TagKeys: ['owner'] }));
    expect((await call('DescribeSecret', { SecretId: 'tagged' })).body.Tags).toEqual([]);
  });

  it('lists the default key, and only on request the versions without labels, without VersionStages', async () => {
    const { client, call } = await runningAccount();
    const ids: (string | undefined)[] = [];
    await client.send(new CreateSecretCommand({ Name: 'listed', SecretString: '0' }));
    for (const SecretString of ['1', '2']) {
      const { VersionId } = await client.send(new PutSecretValueCommand({ SecretId: 'listed', SecretString }));
      ids.push(VersionId);
    }
    const { Versions } = await client.send(new ListSecretVersionIdsCommand({ SecretId: 'listed' }));
    expect(Versions?.map(({ VersionId, VersionStages }) => [VersionId, VersionStages])).toEqual([
      [ids[0], ['AWSPREVIOUS']],
      [ids[1], ['AWSCURRENT']],
    ]);
    const { body } = await call('ListSecretVersionIds', { SecretId: 'listed', IncludeDeprecated: true });
    expect(body.Versions).toHaveLength(3);
    expect(body.Versions).toContainEqual({
      VersionId: expect.any(String),
      CreatedDate: expect.any(Number),
      KmsKeyIds: ['DefaultEncryptionKey'],
    });
  });

  it('finds a secret by its name, its ARN, and its ARN without the suffix', async () => {
    const { client } = await runningAccount();
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'app/db', SecretString: 'x' }));
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:123456789012:secret:app\/db-[A-Za-z0-9]{6}$/);
    for (const SecretId of ['app/db', ARN, ARN.slice(0, -7)]) {
      expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({ ARN, SecretString: 'x' });
    }
    await expect(
      client.send(new DescribeSecretCommand({ SecretId: `${ARN.slice(0, -6)}zzzzzz` })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('does not find a partial ARN whose name ends like a suffix', async () => {
    const { client } = await runningAccount();
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'my-secret', SecretString: 'x' }));
    await expect(client.send(new GetSecretValueCommand({ SecretId: ARN.slice(0, -7) }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    expect(await client.send(new GetSecretValueCommand({ SecretId: 'my-secret' }))).toMatchObject({ ARN });
    expect(await client.send(new GetSecretValueCommand({ SecretId: ARN }))).toMatchObject({ ARN });
  });

  it.each([
    ['CreateSecret', 'Name'],
    ['CancelRotateSecret', 'SecretId'],
    ['DeleteSecret', 'SecretId'],
    ['DescribeSecret', 'SecretId'],
    ['GetSecretValue', 'SecretId'],
    ['ListSecretVersionIds', 'SecretId'],
    ['PutSecretValue', 'SecretId'],
    ['RestoreSecret', 'SecretId'],
    ['RotateSecret', 'SecretId'],
    ['TagResource', 'SecretId'],
    ['UntagResource', 'SecretId'],
    ['UpdateSecret', 'SecretId'],
    ['UpdateSecretVersionStage', 'SecretId'],
  ])('refuses a name with invalid characters in %s', async (action, field) => {
    const { call } = await runningAccount();
    const rest: Record<string, unknown> = {
      TagResource: { Tags: [] },
      UntagResource: { TagKeys: [] },
      UpdateSecretVersionStage: { VersionStage: 'AWSCURRENT' },
    };
    const { body } = await call(action, { [field]: 'not a name', ...Object(rest[action]) });
    expect(body).toEqual({ __type: 'ValidationException', Message: INVALID_NAME });
  });

  it('accepts every character that a name may contain', async () => {
    const { client } = await runningAccount();
    const Name = 'aZ09-/_+=.@!';
    await client.send(new CreateSecretCommand({ Name }));
    expect(await client.send(new DescribeSecretCommand({ SecretId: Name }))).toMatchObject({ Name });
  });

  it.each([
    ['a name', { Name: 'n'.repeat(512) }, { Name: 'n'.repeat(513) }],
    ['a token', { ClientRequestToken: 't'.repeat(64) }, { ClientRequestToken: 't'.repeat(65) }],
    ['a short token', { ClientRequestToken: 't'.repeat(32) }, { ClientRequestToken: 't'.repeat(31) }],
    ['a value in bytes', { SecretString: 'é'.repeat(32_768) }, { SecretString: 'é'.repeat(32_769) }],
    [
      'a binary value in bytes',
      { SecretBinary: Buffer.alloc(65_536).toString('base64') },
      { SecretBinary: Buffer.alloc(65_537).toString('base64') },
    ],
  ])('limits %s', async (_what, allowed, refused) => {
    const { call } = await runningAccount();
    const input = { Name: 'limited', ClientRequestToken: randomUUID() };
    expect((await call('CreateSecret', { ...input, ...refused })).body).toMatchObject({
      __type: 'ValidationException',
    });
    expect((await call('CreateSecret', { ...input, ...allowed })).status).toBe(200);
  });

  it.each([
    ['20 stages a call', ['AWSCURRENT', ...stages(19)], ['AWSCURRENT', ...stages(20)]],
    ['256 characters a stage', ['s'.repeat(256)], ['s'.repeat(257)]],
    ['1 character a stage', ['s'], ['']],
  ])('limits stages: %s', async (_what, allowed, refused) => {
    const { call } = await runningAccount();
    await call('CreateSecret', { Name: 'staged', ClientRequestToken: randomUUID() });
    const input = { SecretId: 'staged', ClientRequestToken: randomUUID(), SecretString: 'x' };
    const { body } = await call('PutSecretValue', { ...input, VersionStages: refused });
    expect(body).toMatchObject({ __type: 'ValidationException' });
    expect((await call('PutSecretValue', { ...input, VersionStages: allowed })).status).toBe(200);
  });

  it("accepts Terraform's tokens, which are not UUIDs", async () => {
    const { client } = await runningAccount();
    const ClientRequestToken = 'terraform-20260101000000000000000001';
    const made = await client.send(new CreateSecretCommand({ Name: 'tf', ClientRequestToken, SecretString: 'x' }));
    expect(made.VersionId).toBe(ClientRequestToken);
  });

  it('never shows a refused value', async () => {
    const { call } = await runningAccount();
    const tooLong = 's3cret'.repeat(20_000);
    for (const SecretString of [tooLong, { s3cret: true }]) {
      const { body } = await call('CreateSecret', { Name: 'x', ClientRequestToken: randomUUID(), SecretString });
      expect(body).toMatchObject({ __type: 'ValidationException' });
      expect(JSON.stringify(body)).not.toContain('s3cret');
    }
  });

  it('returns a binary value byte for byte', async () => {
    const { client } = await runningAccount();
    const SecretBinary = Uint8Array.from([0, 255, 10, 128]);
    await client.send(new CreateSecretCommand({ Name: 'binary', SecretBinary }));
    const read = await client.send(new GetSecretValueCommand({ SecretId: 'binary' }));
    expect([...(read.SecretBinary ?? [])]).toEqual([...SecretBinary]);
    expect(read.SecretString).toBeUndefined();
  });
});

describe('ListSecrets', () => {
  it('lists all secrets page by page', async () => {
    const { client } = await runningAccount();
    for (const Name of ['a', 'b', 'c']) await client.send(new CreateSecretCommand({ Name }));
    const input = { MaxResults: 2, SortOrder: 'asc' } as const;
    const first = await client.send(new ListSecretsCommand(input));
    const second = await client.send(new ListSecretsCommand({ ...input, NextToken: first.NextToken }));
    expect(first.SecretList?.map(({ Name }) => Name)).toEqual(['a', 'b']);
    expect(second.SecretList?.map(({ Name }) => Name)).toEqual(['c']);
    expect(second.NextToken).toBeUndefined();
    await expect(client.send(new ListSecretsCommand({ NextToken: 'made-up' }))).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
  });

  it.each([
    ['the start of a name', { Key: 'name', Values: ['app/'] }, ['app/db', 'app/key']],
    ['the start of a description, whatever its case', { Key: 'description', Values: ['the d'] }, ['app/db']],
    ['a tag', { Key: 'tag-key', Values: ['owner'] }, ['app/key']],
    ["a tag's value", { Key: 'tag-value', Values: ['web'] }, ['app/key']],
    ['anything', { Key: 'all', Values: ['other', 'web'] }, ['app/key', 'other']],
    ['everything else', { Key: 'name', Values: ['!app/'] }, ['other']],
  ] as const)('finds secrets by %s', async (_what, { Key, Values }, names) => {
    const { client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 'app/db', Description: 'The database' }));
    await client.send(new CreateSecretCommand({ Name: 'app/key', Tags: [{ Key: 'owner', Value: 'web' }] }));
    await client.send(new CreateSecretCommand({ Name: 'other' }));
    const Filters = [{ Key, Values: [...Values] }];
    const { SecretList } = await client.send(new ListSecretsCommand({ Filters, SortOrder: 'asc' }));
    expect(SecretList?.map(({ Name }) => Name)).toEqual(names);
  });
});
