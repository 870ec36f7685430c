import * as v from 'valibot';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';

/**
 * Turns off automatic rotation, and stops a rotation in progress. Function and schedule are still shown, and `AWSPENDING`
 * stays where it is: somebody has to clean up an unfinished rotation by hand.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CancelRotateSecret.html
 */
export const cancelRotateSecret = action(v.strictObject({ SecretId }), ({ SecretId }, account) => {
  const secret = writableSecret(SecretId, account);
  secret.lastRun?.cancel();
  if (secret.rotation) {
    secret.rotation.next?.cancel();
    secret.rotation.next = undefined;
    secret.rotation.enabled = false;
  }
  return { ARN: secret.arn, Name: secret.name, VersionId: secret.stages.get('AWSPENDING') };
});
