import * as v from 'valibot';
import { action } from './action.ts';
import { descriptionOf, labelledVersions } from './description-of.ts';
import { existingSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';
import { replicationStatus } from './replicate.ts';

/**
 * Describes a secret, without its values. Also works if it is marked for deletion.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html
 */
export const describeSecret = action(v.strictObject({ SecretId }), ({ SecretId }, account) => {
  const secret = existingSecret(SecretId, account);
  return {
    ...descriptionOf(secret),
    VersionIdsToStages: labelledVersions(secret),
    ReplicationStatus: replicationStatus(secret),
  };
});
