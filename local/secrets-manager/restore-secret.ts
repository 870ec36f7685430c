import * as v from 'valibot';
import { action } from './action.ts';
import { existingSecret, refuseReplica } from './existing-secret.ts';
import { SecretId } from './fields.ts';

/**
 * Cancels the deletion of a secret.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RestoreSecret.html
 */
export const restoreSecret = action(v.strictObject({ SecretId }), ({ SecretId }, account) => {
  const secret = existingSecret(SecretId, account);
  refuseReplica(secret, account);
  secret.deletion?.cancel();
  secret.deletion = undefined;
  return { ARN: secret.arn, Name: secret.name };
});
