import { UpdateSecretVersionStageCommand } from '@aws-sdk/client-secrets-manager';
import { client, rawHandler, singleUser } from './raw-steps.ts';

export const handler = rawHandler({
  ...singleUser,
  async setSecret(event) {
    try {
      await singleUser.setSecret(event);
    } catch (error) {
      // «The database does not take this value, so the next rotation needs another.»
      if (/answered with/.test(String(error))) await giveUp(event);
      throw error;
    }
  },
});

async function giveUp({ SecretId, ClientRequestToken }: { SecretId: string; ClientRequestToken: string }) {
  const input = { SecretId, VersionStage: 'AWSPENDING', RemoveFromVersionId: ClientRequestToken };
  await client.send(new UpdateSecretVersionStageCommand(input));
}
