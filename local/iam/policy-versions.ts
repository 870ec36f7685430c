import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { Document, PAGE, PolicyArn, Tags } from './fields.ts';
import { existingPolicy } from './managed-policies.ts';
import type { ManagedPolicy } from './managed-policy.ts';

const MAX_VERSIONS = 5;
const VersionId = v.pipe(v.string(), v.regex(/^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/));

/**
 * Adds a version to a policy, which applies at once if it is the default.
 *
 * @throws NoSuchEntity no such policy.
 * @throws LimitExceeded the policy has five versions.
 * @throws MalformedPolicyDocument the policy is not a JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicyVersion.html
 */
export const createPolicyVersion = action(
  v.strictObject({
    PolicyArn,
    PolicyDocument: Document,
    SetAsDefault: v.optional(v.picklist(['true', 'false']), 'false'),
  }),
  ({ PolicyArn, PolicyDocument, SetAsDefault }, account) => {
    const policy = existingPolicy(PolicyArn, account);
    if (policy.versions.size >= MAX_VERSIONS) {
      const message =
        'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.';
      throw new AwsError('LimitExceeded', message, 409);
    }
    const document = policyDocument(PolicyDocument);
    policy.made += 1;
    const id = `v${policy.made}`;
    policy.UpdateDate = account.clock.now();
    policy.versions.set(id, { document, CreateDate: policy.UpdateDate });
    if (SetAsDefault === 'true') policy.defaultVersionId = id;
    return { PolicyVersion: described(policy, id) };
  },
);

/**
 * Reads a version of a policy: the document, URL-encoded.
 *
 * @throws NoSuchEntity no such policy, or it has no such version.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicyVersion.html
 */
export const getPolicyVersion = action(
  v.strictObject({ PolicyArn, VersionId }),
  ({ PolicyArn, VersionId }, account) => {
    const policy = existingPolicy(PolicyArn, account);
    const { document } = existingVersion(policy, VersionId);
    return { PolicyVersion: { ...described(policy, VersionId), Document: encodeURIComponent(document) } };
  },
);

/**
 * The versions of a policy, the newest first.
 *
 * @throws NoSuchEntity no such policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicyVersions.html
 */
export const listPolicyVersions = action(v.strictObject({ PolicyArn, ...PAGE }), ({ PolicyArn }, account) => {
  const policy = existingPolicy(PolicyArn, account);
  return { Versions: [...policy.versions.keys()].reverse().map((id) => described(policy, id)), IsTruncated: false };
});

/**
 * Makes another version of a policy the one that applies.
 *
 * @throws NoSuchEntity no such policy, or it has no such version.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SetDefaultPolicyVersion.html
 */
export const setDefaultPolicyVersion = action(
  v.strictObject({ PolicyArn, VersionId }),
  ({ PolicyArn, VersionId }, account): void => {
    const policy = existingPolicy(PolicyArn, account);
    existingVersion(policy, VersionId);
    policy.defaultVersionId = VersionId;
  },
);

/**
 * Deletes a version of a policy, but the one that applies.
 *
 * @throws NoSuchEntity no such policy, or it has no such version.
 * @throws DeleteConflict it is the default.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicyVersion.html
 */
export const deletePolicyVersion = action(
  v.strictObject({ PolicyArn, VersionId }),
  ({ PolicyArn, VersionId }, account): void => {
    const policy = existingPolicy(PolicyArn, account);
    existingVersion(policy, VersionId);
    if (policy.defaultVersionId === VersionId) {
      throw new AwsError('DeleteConflict', 'Cannot delete the default version of a policy.', 409);
    }
    policy.versions.delete(VersionId);
  },
);

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagPolicy.html */
export const tagPolicy = action(v.strictObject({ PolicyArn, Tags }), ({ PolicyArn, Tags }, account): void => {
  const { tags } = existingPolicy(PolicyArn, account);
  for (const { Key, Value } of Tags) tags.set(Key, Value);
});

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagPolicy.html */
export const untagPolicy = action(
  v.strictObject({ PolicyArn, TagKeys: v.array(v.string()) }),
  ({ PolicyArn, TagKeys }, account): void => {
    const { tags } = existingPolicy(PolicyArn, account);
    for (const key of TagKeys) tags.delete(key);
  },
);

function existingVersion({ Arn, versions }: ManagedPolicy, id: string) {
  const version = versions.get(id);
  if (version) return version;
  throw new AwsError('NoSuchEntity', `Policy ${Arn} version ${id} does not exist or is not attachable.`, 404);
}

function described({ versions, defaultVersionId }: ManagedPolicy, id: string) {
  return { VersionId: id, IsDefaultVersion: id === defaultVersionId, CreateDate: versions.get(id)?.CreateDate };
}
