import * as v from 'valibot';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';
import { arnIn, forgetReplication, replicationStatus } from './replicate.ts';

/**
 * Deletes a secret's replicas in these regions. It is no error if there is none.
 *
 * @throws InvalidParameterException it is a replica itself.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RemoveRegionsFromReplication.html
 */
export const removeRegionsFromReplication = action(
  v.strictObject({ SecretId, RemoveReplicaRegions: v.pipe(v.array(v.string()), v.minLength(1)) }),
  ({ SecretId, RemoveReplicaRegions }, account) => {
    const secret = writableSecret(SecretId, account);
    for (const region of RemoveReplicaRegions.filter((each) => secret.replications.has(each))) {
      const there = account.at({ region });
      const replica = there.secrets.find(arnIn(secret, region));
      if (replica) there.secrets.remove(replica);
      forgetReplication(secret, region);
    }
    return { ARN: secret.arn, ReplicationStatus: replicationStatus(secret) };
  },
);
