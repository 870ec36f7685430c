import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { client, newPassword, rawHandler, read, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async createSecret({ SecretId, ClientRequestToken }) {
    const pending = await read(SecretId, { VersionId: ClientRequestToken }).catch(() => undefined);
    if (pending !== undefined) return;
    const current = await read(SecretId, { VersionStage: 'AWSCURRENT' }).catch(() => undefined);
    const SecretString = JSON.stringify({ ...current, password: newPassword() });
    const VersionStages = ['AWSPENDING'];
    await client.send(new PutSecretValueCommand({ SecretId, ClientRequestToken, SecretString, VersionStages }));
  },
});
