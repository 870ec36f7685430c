import { randomUUID } from 'node:crypto';
import {
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { client, newPassword, rawHandler, readStored, singleUser } from './raw-steps.ts';

const PENDING = { VersionStage: 'AWSPENDING' };

export const handler = rawHandler({
  async createSecret({ SecretId }) {
    const current = await readStored(SecretId, { VersionStage: 'AWSCURRENT' });
    const SecretString = JSON.stringify({ ...current, password: newPassword() });
    const ClientRequestToken = randomUUID();
    const VersionStages = ['AWSPENDING'];
    await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages }));
  },
  setSecret: async (event) => singleUser.setSecret({ ...event, ClientRequestToken: await pendingId(event.SecretId) }),
  testSecret: async ({ SecretId }) => void (await readStored(SecretId, PENDING)),
  async finishSecret({ SecretId }) {
    const to = await pendingId(SecretId);
    const from = await versionWith('AWSCURRENT', SecretId);
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        MoveToVersionId: to,
        RemoveFromVersionId: from,
      }),
    );
  },
});

const pendingId = (SecretId: string) => versionWith('AWSPENDING', SecretId);

async function versionWith(stage: string, SecretId: string): Promise<string> {
  const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId }));
  return Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes(stage))?.[0] ?? '';
}
