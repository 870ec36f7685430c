import * as v from 'valibot';
import { action } from './action.ts';
import { existingSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';

/**
 * The secret's resource policy, if it has one.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetResourcePolicy.html
 */
export const getResourcePolicy = action(v.strictObject({ SecretId }), ({ SecretId }, account) => {
  const { arn, name, resourcePolicy } = existingSecret(SecretId, account);
  return { ARN: arn, Name: name, ResourcePolicy: resourcePolicy };
});
