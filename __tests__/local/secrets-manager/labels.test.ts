import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
  UpdateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { runningAccount } from './running-account.ts';

/** A secret whose first version is current, with functions that put values, move labels and show them. */
async function labelledSecret() {
  const running = await runningAccount();
  const { client } = running;
  const { VersionId: first = '' } = await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
  return {
    ...running,
    first,
    async put(...stages: string[]): Promise<string> {
      const VersionStages = stages.length > 0 ? stages : undefined;
      const input = { SecretId: 's', SecretString: randomUUID(), VersionStages };
      return (await client.send(new PutSecretValueCommand(input))).VersionId ?? '';
    },
    async update(): Promise<string> {
      const input = { SecretId: 's', SecretString: randomUUID() };
      return (await client.send(new UpdateSecretCommand(input))).VersionId ?? '';
    },
    move: (VersionStage: string, from?: string, to?: string) => moveLabel(client, VersionStage, from, to),
    async labels(): Promise<Record<string, string[]> | undefined> {
      const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
      return Object.fromEntries(Object.entries(VersionIdsToStages).map(([id, stages]) => [id, stages.sort()]));
    },
  };
}

function moveLabel(client: SecretsManagerClient, VersionStage: string, from?: string, to?: string) {
  return client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: 's',
      VersionStage,
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    }),
  );
}

describe('putting a value', () => {
  it('without stages moves AWSCURRENT, and AWSPREVIOUS follows', async () => {
    const { first, put, labels } = await labelledSecret();
    const second = await put();
    expect(await labels()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
    const third = await put();
    expect(await labels()).toEqual({ [second]: ['AWSPREVIOUS'], [third]: ['AWSCURRENT'] });
  });

  it('leaves other labels where they are when AWSCURRENT moves', async () => {
    const { first, put, labels } = await labelledSecret();
    const second = await put('AWSCURRENT', 'BLUE');
    const third = await put();
    expect(await labels()).toEqual({ [second]: ['AWSPREVIOUS', 'BLUE'], [third]: ['AWSCURRENT'] });
    expect(await labels()).not.toHaveProperty(first);
  });

  it('with only AWSPENDING or custom labels does not move AWSCURRENT', async () => {
    const { first, put, labels } = await labelledSecret();
    const second = await put('BLUE');
    const third = await put('AWSPENDING');
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'], [second]: ['BLUE'], [third]: ['AWSPENDING'] });
    const fourth = await put('BLUE');
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'], [third]: ['AWSPENDING'], [fourth]: ['BLUE'] });
  });

  it.each(['put', 'update'] as const)(
    'removes AWSPENDING wherever it is when a %s makes a new AWSCURRENT',
    async (how) => {
      const { first, put, update, labels } = await labelledSecret();
      await put('AWSPENDING', 'BLUE');
      const next = await (how === 'put' ? put() : update());
      const all = await labels();
      expect(Object.values(all ?? {}).flat()).not.toContain('AWSPENDING');
      expect(all).toMatchObject({ [first]: ['AWSPREVIOUS'], [next]: ['AWSCURRENT'] });
      expect(Object.values(all ?? {})).toContainEqual(['BLUE']);
    },
  );
});

describe('UpdateSecretVersionStage', () => {
  it('moves AWSCURRENT, keeps AWSPENDING and custom labels on the new one, and AWSPREVIOUS follows', async () => {
    const { first, put, move, labels } = await labelledSecret();
    const pending = await put('AWSPENDING', 'BLUE');
    await move('AWSCURRENT', first, pending);
    expect(await labels()).toEqual({ [first]: ['AWSPREVIOUS'], [pending]: ['AWSCURRENT', 'AWSPENDING', 'BLUE'] });
  });

  it('swaps AWSCURRENT and AWSPREVIOUS when the previous version becomes current again', async () => {
    const { first, put, move, labels } = await labelledSecret();
    const second = await put();
    await move('AWSCURRENT', second, first);
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'], [second]: ['AWSPREVIOUS'] });
  });

  it('requires the version that a label moves away from', async () => {
    const { first, put, move, labels } = await labelledSecret();
    const pending = await put('AWSPENDING');
    const before = await labels();
    await expect(move('AWSCURRENT', undefined, pending)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `The parameter RemoveFromVersionId can't be empty. Staging label AWSCURRENT is currently attached to version ${first}, so you must explicitly reference that version in RemoveFromVersionId.`,
    });
    expect(await labels()).toEqual(before);
  });

  it('refuses a RemoveFromVersionId that does not hold the label', async () => {
    const { first, put, move, labels } = await labelledSecret();
    const pending = await put('AWSPENDING');
    await expect(move('AWSCURRENT', pending, pending)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'], [pending]: ['AWSPENDING'] });
  });

  it('does not remove AWSCURRENT without a target', async () => {
    const { first, move, labels } = await labelledSecret();
    await expect(move('AWSCURRENT', first)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'] });
  });

  it('removes other labels, and attaches new ones', async () => {
    const { first, put, move, labels } = await labelledSecret();
    const pending = await put('AWSPENDING');
    await move('AWSPENDING', pending);
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'] });
    await move('GREEN', undefined, pending);
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'], [pending]: ['GREEN'] });
  });

  it('changes nothing if the label is already there', async () => {
    const { first, move, labels } = await labelledSecret();
    await move('AWSCURRENT', undefined, first);
    expect(await labels()).toEqual({ [first]: ['AWSCURRENT'] });
  });

  it('does not find a version that does not exist', async () => {
    const { move } = await labelledSecret();
    const absent = randomUUID();
    await expect(move('BLUE', undefined, absent)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: `Secrets Manager can't find the specified secret value for VersionId: ${absent}`,
    });
  });
});
