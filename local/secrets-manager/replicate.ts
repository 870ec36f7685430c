import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { isRegion, partitionOf } from '../partition.ts';
import { KmsKeyId } from './fields.ts';
import { isUsableKey } from './refuse-unusable-key.ts';
import type { Replication, Secret } from './secret.ts';

const Replica = v.strictObject({
  Region: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
  KmsKeyId: v.optional(KmsKeyId),
});

/** Where a secret is to be replicated to, in CreateSecret and ReplicateSecretToRegions. */
export const ReplicaRegions = v.pipe(v.array(Replica), v.minLength(1));

type ReplicaRegions = v.InferOutput<typeof ReplicaRegions>;

/** @throws InvalidParameterException a region is none, occurs twice, or is the primary secret's own. */
export function refuseReplicaRegions(replicas: ReplicaRegions, { region, partition }: Account): void {
  const regions = replicas.map(({ Region }) => Region);
  const isPossible = (each: string) => isRegion(each) && each !== region && partitionOf(each).name === partition;
  if (regions.every(isPossible) && new Set(regions).size === regions.length) return;
  throw new AwsError('InvalidParameterException', 'Invalid replica region.');
}

/** Copies a secret to regions, at once. Where that fails, the secret's replication status says why. */
export function replicate(secret: Secret, replicas: ReplicaRegions, isForced: boolean, account: Account): void {
  for (const { Region, KmsKeyId } of replicas) {
    if (secret.replications.get(Region)?.status === 'InSync') continue;
    secret.primaryRegion = account.region;
    secret.replications.set(Region, copyTo(account.at({ region: Region }), KmsKeyId, secret, isForced));
  }
}

function copyTo(there: Account, kmsKeyId: string | undefined, secret: Secret, isForced: boolean): Replication {
  const failed = (message: string): Replication => ({
    kmsKeyId,
    status: 'Failed',
    message: `Replication failed: ${message}`,
  });
  if (!isUsableKey(kmsKeyId, there)) {
    return failed(`Secrets Manager can't use the KMS key ${kmsKeyId} in region ${there.region}.`);
  }
  const existing = there.secrets.find(secret.name);
  if (existing) {
    // A secret that takes part in another replication is not overwritten.
    if (!isForced || existing.primaryRegion !== undefined) {
      return failed(`Secret name ${secret.name} already exists in region ${there.region}.`);
    }
    there.secrets.remove(existing);
  }
  there.secrets.add(secret.replicaWith(arnIn(secret, there.region), secret.primaryRegion ?? '', kmsKeyId));
  return { kmsKeyId, status: 'InSync' };
}

/** The ARN of a secret's replica: only the region differs. */
export function arnIn({ arn }: Pick<Secret, 'arn'>, region: string): string {
  return arn.replace(/^(arn:[^:]+:secretsmanager:)[^:]+/, `$1${region}`);
}

/** Takes the replica in that region away, and says so in its primary secret. */
export function forgetReplication(primary: Secret, region: string): void {
  primary.replications.delete(region);
  if (primary.replications.size === 0) primary.primaryRegion = undefined;
}

/** The replicas of a secret, as the API shows them. Undefined if it has none. */
export function replicationStatus({ replications }: Secret) {
  if (replications.size === 0) return undefined;
  return [...replications].map(([Region, { kmsKeyId, status, message }]) => ({
    Region,
    KmsKeyId: kmsKeyId ?? 'alias/aws/secretsmanager',
    Status: status,
    StatusMessage: message,
  }));
}
