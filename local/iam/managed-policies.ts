import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { Document, PAGE, PolicyArn, PolicyName, Tags } from './fields.ts';
import type { ManagedPolicy } from './managed-policy.ts';

/**
 * Makes a policy that roles can share: attached, or as their permissions boundary.
 *
 * @throws EntityAlreadyExists the name is taken.
 * @throws MalformedPolicyDocument the policy is not a JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
 */
export const createPolicy = action(
  v.strictObject({
    PolicyName,
    PolicyDocument: Document,
    Description: v.optional(v.pipe(v.string(), v.maxLength(1000))),
    Path: v.optional(v.pipe(v.string(), v.maxLength(512), v.regex(/^(\/|\/[!-~]+\/)$/)), '/'),
    Tags: v.optional(Tags, []),
  }),
  ({ PolicyName, PolicyDocument, Path, Description, Tags }, { partition, id, roles, clock }) => {
    const { managedPolicies } = roles;
    if ([...managedPolicies.values()].some((each) => each.PolicyName === PolicyName)) {
      throw new AwsError(
        'EntityAlreadyExists',
        `A policy called ${PolicyName} already exists. Duplicate names are not allowed.`,
        409,
      );
    }
    const CreateDate = clock.now();
    const Arn = `arn:${partition}:iam::${id}:policy${Path}${PolicyName}`;
    const policy: ManagedPolicy = {
      ...{ Arn, PolicyName, Path, Description, CreateDate },
      PolicyId: roles.nextId('ANPA'),
      UpdateDate: CreateDate,
      tags: new Map(Tags.map(({ Key, Value }) => [Key, Value])),
      versions: new Map([['v1', { document: policyDocument(PolicyDocument), CreateDate }]]),
      defaultVersionId: 'v1',
      made: 1,
    };
    roles.addPolicy(policy);
    return { Policy: described(policy, roles) };
  },
);

/**
 * Reads a policy, without its documents.
 *
 * @throws NoSuchEntity no such policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
 */
export const getPolicy = action(v.strictObject({ PolicyArn }), ({ PolicyArn }, account) => ({
  Policy: described(existingPolicy(PolicyArn, account), account.roles),
}));

/**
 * The policies that were created in the account; of AWS's own, none.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListPolicies.html
 */
export const listPolicies = action(
  v.strictObject({
    Scope: v.optional(v.picklist(['All', 'AWS', 'Local']), 'All'),
    OnlyAttached: v.optional(v.picklist(['true', 'false']), 'false'),
    PathPrefix: v.optional(v.string(), '/'),
    ...PAGE,
  }),
  ({ Scope, OnlyAttached, PathPrefix }, { roles }) => ({
    Policies: [...roles.managedPolicies.values()]
      .filter(({ Path }) => Scope !== 'AWS' && Path.startsWith(PathPrefix))
      .map((policy) => {
        const { Tags: _, Description: __, ...listed } = described(policy, roles);
        return listed;
      })
      .filter(({ AttachmentCount }) => OnlyAttached === 'false' || AttachmentCount > 0),
    IsTruncated: false,
  }),
);

/**
 * Deletes a policy that no role has, and that has no version but its default.
 *
 * @throws NoSuchEntity no such policy.
 * @throws DeleteConflict a role has it, or it has other versions.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeletePolicy.html
 */
export const deletePolicy = action(v.strictObject({ PolicyArn }), ({ PolicyArn }, account): void => {
  const policy = existingPolicy(PolicyArn, account);
  const { AttachmentCount, PermissionsBoundaryUsageCount } = described(policy, account.roles);
  if (AttachmentCount + PermissionsBoundaryUsageCount > 0) {
    throw new AwsError('DeleteConflict', 'Cannot delete a policy attached to entities.', 409);
  }
  if (policy.versions.size > 1) {
    const message =
      "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.";
    throw new AwsError('DeleteConflict', message, 409);
  }
  account.roles.managedPolicies.delete(PolicyArn);
});

/**
 * The policy with that ARN.
 *
 * @throws NoSuchEntity there is none.
 */
export function existingPolicy(arn: string, { roles }: Account): ManagedPolicy {
  const policy = roles.managedPolicies.get(arn);
  if (policy) return policy;
  throw new AwsError('NoSuchEntity', `Policy ${arn} does not exist or is not attachable.`, 404);
}

/** A policy as the API shows it. */
function described(
  { versions: _, made: __, defaultVersionId, tags, ...policy }: ManagedPolicy,
  roles: Account['roles'],
) {
  const count = (has: (role: ReturnType<typeof roles.all>[number]) => boolean) => roles.all().filter(has).length;
  return {
    ...policy,
    DefaultVersionId: defaultVersionId,
    IsAttachable: true,
    AttachmentCount: count(({ attachedPolicyArns }) => attachedPolicyArns.has(policy.Arn)),
    PermissionsBoundaryUsageCount: count(({ permissionsBoundaryArn }) => permissionsBoundaryArn === policy.Arn),
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
  };
}
