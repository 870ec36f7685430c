import * as v from 'valibot';
import { action } from './action.ts';
import { writableSecret } from './existing-secret.ts';
import { SecretId } from './fields.ts';
import { ReplicaRegions, refuseReplicaRegions, replicate, replicationStatus } from './replicate.ts';

/**
 * Replicates a secret to other regions. Its replicas can be read, and change with it.
 *
 * @throws InvalidParameterException it is a replica itself, or a region is none, occurs twice, or is its own.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ReplicateSecretToRegions.html
 */
export const replicateSecretToRegions = action(
  v.strictObject({
    SecretId,
    AddReplicaRegions: ReplicaRegions,
    ForceOverwriteReplicaSecret: v.optional(v.boolean(), false),
  }),
  ({ SecretId, AddReplicaRegions, ForceOverwriteReplicaSecret }, account) => {
    const secret = writableSecret(SecretId, account);
    refuseReplicaRegions(AddReplicaRegions, account);
    replicate(secret, AddReplicaRegions, ForceOverwriteReplicaSecret, account);
    return { ARN: secret.arn, ReplicationStatus: replicationStatus(secret) };
  },
);
