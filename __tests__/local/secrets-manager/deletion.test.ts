import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { runningAccount } from './running-account.ts';

const DAY_MS = 86_400_000;
const NOT_FOUND = {
  name: 'ResourceNotFoundException',
  message: "Secrets Manager can't find the specified secret.",
};

async function withSecret() {
  const running = await runningAccount();
  await running.client.send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }));
  return running;
}

describe('a secret that is marked for deletion', () => {
  it.each([
    ['GetSecretValue', {}],
    ['PutSecretValue', { ClientRequestToken: randomUUID(), SecretString: 'y' }],
    ['UpdateSecret', { ClientRequestToken: randomUUID(), SecretString: 'y' }],
    ['UpdateSecretVersionStage', { VersionStage: 'BLUE', MoveToVersionId: randomUUID() }],
    ['RotateSecret', { ClientRequestToken: randomUUID() }],
    ['CancelRotateSecret', {}],
    ['DeleteSecret', {}],
    ['TagResource', { Tags: [] }],
    ['UntagResource', { TagKeys: [] }],
  ])('refuses %s', async (action, input) => {
    const { client, call } = await withSecret();
    await client.send(new DeleteSecretCommand({ SecretId: 's' }));
    expect((await call(action, { SecretId: 's', ...input })).body).toEqual({
      __type: 'InvalidRequestException',
      Message: "You can't perform this operation on the secret because it was marked for deletion.",
    });
  });

  it('can be described with its DeletedDate, and is listed only on request', async () => {
    const { client } = await withSecret();
    const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId: 's' }));
    expect(DeletionDate).toBeInstanceOf(Date);
    const described = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(described.DeletedDate).toEqual(DeletionDate);
    expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
    const all = await client.send(new ListSecretsCommand({ IncludePlannedDeletion: true }));
    expect(all.SecretList?.map(({ Name }) => Name)).toEqual(['s']);
  });

  it('can be restored until its window ends', async () => {
    const { aws, client } = await withSecret();
    await client.send(new DeleteSecretCommand({ SecretId: 's', RecoveryWindowInDays: 7 }));
    await aws.account.clock.advance({ days: 6 });
    await client.send(new RestoreSecretCommand({ SecretId: 's' }));
    await aws.account.clock.advance({ days: 60 });
    expect(await client.send(new GetSecretValueCommand({ SecretId: 's' }))).toMatchObject({ SecretString: 'x' });
    expect((await client.send(new DescribeSecretCommand({ SecretId: 's' }))).DeletedDate).toBeUndefined();
  });

  it.each([
    [7, 7],
    [30, 30],
    [undefined, 30],
  ])('with a window of %s days is gone after %s, and its name free', async (RecoveryWindowInDays, days) => {
    const { aws, client } = await withSecret();
    const now = aws.account.clock.now().getTime();
    const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId: 's', RecoveryWindowInDays }));
    expect(Math.round(((DeletionDate?.getTime() ?? 0) - now) / DAY_MS)).toBe(days);
    await aws.account.clock.advance({ days: days - 1, hours: 23 });
    await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    await aws.account.clock.advance({ hours: 1 });
    await expect(client.send(new DescribeSecretCommand({ SecretId: 's' }))).rejects.toMatchObject(NOT_FOUND);
    await client.send(new CreateSecretCommand({ Name: 's' }));
  });
});

describe('DeleteSecret', () => {
  it.each([6, 31])('refuses a window of %i days', async (RecoveryWindowInDays) => {
    const { client } = await withSecret();
    await expect(client.send(new DeleteSecretCommand({ SecretId: 's', RecoveryWindowInDays }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await client.send(new GetSecretValueCommand({ SecretId: 's' }));
  });

  it('refuses a window together with ForceDeleteWithoutRecovery', async () => {
    const { client } = await withSecret();
    const input = { SecretId: 's', RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true };
    await expect(client.send(new DeleteSecretCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await client.send(new GetSecretValueCommand({ SecretId: 's' }));
  });

  it('with ForceDeleteWithoutRecovery removes a secret at once, marked or not', async () => {
    const { client } = await withSecret();
    const force = new DeleteSecretCommand({ SecretId: 's', ForceDeleteWithoutRecovery: true });
    await client.send(force);
    await expect(client.send(new DescribeSecretCommand({ SecretId: 's' }))).rejects.toMatchObject(NOT_FOUND);
    await client.send(new CreateSecretCommand({ Name: 's' }));
    await client.send(new DeleteSecretCommand({ SecretId: 's' }));
    await client.send(force);
    await client.send(new CreateSecretCommand({ Name: 's' }));
  });

  it('with ForceDeleteWithoutRecovery accepts a name that does not exist', async () => {
    const { client } = await runningAccount();
    const input = { SecretId: 'never-was', ForceDeleteWithoutRecovery: true };
    expect(await client.send(new DeleteSecretCommand(input))).toMatchObject({ Name: 'never-was' });
    await expect(client.send(new DeleteSecretCommand({ SecretId: 'never-was' }))).rejects.toMatchObject(NOT_FOUND);
  });
});
