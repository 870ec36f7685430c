import * as v from 'valibot';
import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { Document, PAGE, PolicyArn, RoleName, Tags } from './fields.ts';
import type { Role } from './role-store.ts';

/**
 * Makes a role that has no permissions yet.
 *
 * @throws EntityAlreadyExists the name is taken.
 * @throws MalformedPolicyDocument the trust policy is not a JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export const createRole = action(
  v.strictObject({
    RoleName,
    AssumeRolePolicyDocument: Document,
    Description: v.optional(v.pipe(v.string(), v.maxLength(1000))),
    Path: v.optional(v.pipe(v.string(), v.maxLength(512), v.regex(/^(\/|\/[!-~]+\/)$/)), '/'),
    /** Accepted, but a session lasts as long as the function's process. */
    MaxSessionDuration: v.optional(v.string(), '3600'),
    PermissionsBoundary: v.optional(PolicyArn),
    Tags: v.optional(Tags, []),
  }),
  (
    { RoleName, AssumeRolePolicyDocument, Description, Path, MaxSessionDuration, PermissionsBoundary, Tags },
    account,
  ): Role => {
    if (account.roles.find(RoleName)) {
      throw new AwsError('EntityAlreadyExists', `Role with name ${RoleName} already exists.`, 409);
    }
    const role: Role = {
      RoleName,
      Arn: `arn:${account.partition}:iam::${account.id}:role${Path}${RoleName}`,
      Path,
      RoleId: account.roles.nextId('AROA'),
      CreateDate: account.clock.now(),
      AssumeRolePolicyDocument: policyDocument(AssumeRolePolicyDocument),
      Description,
      MaxSessionDuration: Number(MaxSessionDuration),
      permissionsBoundaryArn: PermissionsBoundary,
      tags: new Map(Tags.map(({ Key, Value }) => [Key, Value])),
      inlinePolicies: new Map(),
      attachedPolicyArns: new Set(),
    };
    account.roles.add(role);
    return role;
  },
);

/**
 * Reads a role, without its policies.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
 */
export const getRole = action(v.strictObject({ RoleName }), ({ RoleName }, account) => existingRole(RoleName, account));

/**
 * Changes a role's description and session length.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
 */
export const updateRole = action(
  v.strictObject({
    RoleName,
    Description: v.optional(v.pipe(v.string(), v.maxLength(1000))),
    MaxSessionDuration: v.optional(v.string()),
  }),
  ({ RoleName, Description, MaxSessionDuration }, account) => {
    const role = existingRole(RoleName, account);
    role.Description = Description ?? role.Description;
    role.MaxSessionDuration = Number(MaxSessionDuration ?? role.MaxSessionDuration);
    return {};
  },
);

/**
 * Replaces a role's permissions boundary.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html
 */
export const putRolePermissionsBoundary = action(
  v.strictObject({ RoleName, PermissionsBoundary: PolicyArn }),
  ({ RoleName, PermissionsBoundary }, account): void => {
    existingRole(RoleName, account).permissionsBoundaryArn = PermissionsBoundary;
  },
);

/**
 * Takes a role's permissions boundary away.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html
 */
export const deleteRolePermissionsBoundary = action(v.strictObject({ RoleName }), ({ RoleName }, account): void => {
  existingRole(RoleName, account).permissionsBoundaryArn = undefined;
});

/**
 * Replaces a role's trust policy.
 *
 * @throws NoSuchEntity no such role.
 * @throws MalformedPolicyDocument the policy is not a JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
 */
export const updateAssumeRolePolicy = action(
  v.strictObject({ RoleName, PolicyDocument: Document }),
  ({ RoleName, PolicyDocument }, account): void => {
    existingRole(RoleName, account).AssumeRolePolicyDocument = policyDocument(PolicyDocument);
  },
);

/**
 * Deletes a role that has no policies.
 *
 * @throws NoSuchEntity no such role.
 * @throws DeleteConflict it has policies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
 */
export const deleteRole = action(v.strictObject({ RoleName }), ({ RoleName }, account): void => {
  const { attachedPolicyArns, inlinePolicies } = existingRole(RoleName, account);
  if (attachedPolicyArns.size > 0) throw conflict('Cannot delete entity, must detach all policies first.');
  if (inlinePolicies.size > 0) throw conflict('Cannot delete entity, must delete policies first.');
  account.roles.remove(RoleName);
});

function conflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}

/**
 * The instance profiles that contain a role: none, because there are no instances here.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html
 */
export const listInstanceProfilesForRole = action(v.strictObject({ RoleName, ...PAGE }), ({ RoleName }, account) => {
  existingRole(RoleName, account);
  return { InstanceProfiles: [], IsTruncated: false };
});

/** A role as the API shows it: with URL-encoded documents, and without its policies. */
export function describedRole({
  inlinePolicies: _,
  attachedPolicyArns: __,
  permissionsBoundaryArn,
  tags,
  ...role
}: Role) {
  return {
    ...role,
    ...(permissionsBoundaryArn !== undefined && {
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: permissionsBoundaryArn },
    }),
    AssumeRolePolicyDocument: encodeURIComponent(role.AssumeRolePolicyDocument),
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
  };
}

/**
 * The role with that name.
 *
 * @throws NoSuchEntity there is none.
 */
export function existingRole(roleName: string, account: Account): Role {
  const role = account.roles.find(roleName);
  if (role) return role;
  throw new AwsError('NoSuchEntity', `The role with name ${roleName} cannot be found.`, 404);
}
