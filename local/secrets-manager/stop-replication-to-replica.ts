import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { usableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';
import { arnIn, forgetReplication } from './replicate.ts';

/**
 * Makes a replica a secret of its own, which no longer changes with the primary secret. Called in the replica's region.
 *
 * @throws InvalidParameterException it is no replica.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_StopReplicationToReplica.html
 */
export const stopReplicationToReplica = action(v.strictObject({ SecretId }), ({ SecretId }, account) => {
  const secret = usableSecret(SecretId, account);
  const { primaryRegion } = secret;
  if (primaryRegion === undefined || !secret.isReplicaIn(account.region)) {
    throw new AwsError(
      'InvalidParameterException',
      'Operation not permitted on a primary secret. Call must be made in the region of a replica secret.',
    );
  }
  const primary = account.at({ region: primaryRegion }).secrets.find(arnIn(secret, primaryRegion));
  secret.detach();
  if (primary) forgetReplication(primary, account.region);
  return { ARN: secret.arn };
});
