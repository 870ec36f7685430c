import * as v from 'valibot';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';

/**
 * Deletes the secret's resource policy.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteResourcePolicy.html
 */
export const deleteResourcePolicy = action(v.strictObject({ SecretId }), ({ SecretId }, account) => {
  const secret = writableSecret(SecretId, account);
  secret.resourcePolicy = undefined;
  return { ARN: secret.arn, Name: secret.name };
});
