import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { Description, KmsKeyId, Name, requiredToken, secretValue, Tags, VALUE, VersionId } from './fields.ts';
import { refuseTags } from './refuse-tags.ts';
import { refuseUnusableKey } from './refuse-unusable-key.ts';
import { ReplicaRegions, refuseReplicaRegions, replicate, replicationStatus } from './replicate.ts';
import { Secret } from './secret.ts';
import { writeVersion } from './write-version.ts';

const SUFFIX_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Creates a secret. Without a value it has no version yet.
 *
 * @throws ResourceExistsException the name is taken.
 * @throws InvalidRequestException a secret with that name is marked for deletion.
 * @throws EncryptionFailure the key does not exist, or is to be deleted.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export const createSecret = action(
  v.strictObject({
    Name,
    ClientRequestToken: v.optional(VersionId),
    Description: v.optional(Description),
    KmsKeyId: v.optional(KmsKeyId),
    ...VALUE,
    Tags: v.optional(Tags),
    AddReplicaRegions: v.optional(ReplicaRegions),
    ForceOverwriteReplicaSecret: v.optional(v.boolean(), false),
  }),
  ({ Name, Description, KmsKeyId, Tags, AddReplicaRegions = [], ForceOverwriteReplicaSecret, ...input }, account) => {
    const versionId = requiredToken(input.ClientRequestToken);
    const value = secretValue(input);
    refuseReplicaRegions(AddReplicaRegions, account);
    if (value) refuseUnusableKey(KmsKeyId, account);
    if (Tags) refuseTags(Tags, new Map());
    const existing = account.secrets.find(Name);
    if (existing) refuseUnlessRepeated(existing, versionId);

    const secret = existing ?? new Secret(Name, newArn(Name, account), account.clock.now());
    if (!existing) {
      secret.description = Description;
      secret.kmsKeyId = KmsKeyId;
      if (Tags?.length) secret.tags = new Map(Tags.map(({ Key, Value }) => [Key, Value]));
      account.secrets.add(secret);
    }
    if (value) writeVersion(secret, { versionId, value, stages: ['AWSCURRENT'] }, account);
    replicate(secret, AddReplicaRegions, ForceOverwriteReplicaSecret, account);
    return {
      ARN: secret.arn,
      Name,
      ...(value && { VersionId: versionId }),
      ReplicationStatus: replicationStatus(secret),
    };
  },
);

function refuseUnlessRepeated({ name, deletion, versions }: Secret, versionId: string): void {
  if (deletion) {
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  if (versions.has(versionId)) return;
  throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
}

function newArn(name: string, { partition, id, region }: Account): string {
  const suffix = Array.from({ length: 6 }, () => SUFFIX_CHARACTERS[randomInt(SUFFIX_CHARACTERS.length)]).join('');
  return `arn:${partition}:secretsmanager:${region}:${id}:secret:${name}-${suffix}`;
}
