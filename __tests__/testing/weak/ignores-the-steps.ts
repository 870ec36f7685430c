import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { client, logIn, newPassword, type RawStep, readStored } from './raw-steps.ts';

/** A new password at every invocation, whatever the step. */
export const handler: RawStep = async ({ SecretId }) => {
  const current = await readStored(SecretId, { VersionStage: 'AWSCURRENT' });
  const password = newPassword();
  const session = await logIn(current);
  await session?.run({ what: 'SET PASSWORD', user: current.username, password });
  await client.send(new PutSecretValueCommand({ SecretId, SecretString: JSON.stringify({ ...current, password }) }));
};
