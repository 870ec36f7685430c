import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { Document, PAGE, PolicyArn, PolicyName, RoleName } from './fields.ts';
import { existingRole } from './roles.ts';

/** Of all inline policies of a role together, without whitespace. */
const MOST_CHARACTERS = 10_240;

/**
 * Adds an inline policy to a role, or replaces the policy with that name.
 *
 * @throws NoSuchEntity no such role.
 * @throws MalformedPolicyDocument the policy is not a JSON object.
 * @throws LimitExceeded the role's inline policies together are too long.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const putRolePolicy = action(
  v.strictObject({ RoleName, PolicyName, PolicyDocument: Document }),
  ({ RoleName, PolicyName, PolicyDocument }, account): void => {
    const { inlinePolicies } = existingRole(RoleName, account);
    const document = policyDocument(PolicyDocument);
    const all = [...new Map(inlinePolicies).set(PolicyName, document).values()].join('');
    if (all.replaceAll(/\s/g, '').length > MOST_CHARACTERS) {
      const message = `Maximum policy size of ${MOST_CHARACTERS} bytes exceeded for role ${RoleName}`;
      throw new AwsError('LimitExceeded', message, 409);
    }
    inlinePolicies.set(PolicyName, document);
  },
);

/**
 * Reads one of a role's inline policies: the document, URL-encoded.
 *
 * @throws NoSuchEntity no such role, or it has no such policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export const getRolePolicy = action(v.strictObject({ RoleName, PolicyName }), ({ RoleName, PolicyName }, account) => {
  const document = existingRole(RoleName, account).inlinePolicies.get(PolicyName);
  if (document === undefined) throw noSuchPolicy(PolicyName);
  return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(document) };
});

/**
 * The names of a role's inline policies.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRolePolicies.html
 */
export const listRolePolicies = action(v.strictObject({ RoleName, ...PAGE }), ({ RoleName }, account) => ({
  PolicyNames: [...existingRole(RoleName, account).inlinePolicies.keys()],
  IsTruncated: false,
}));

/**
 * Deletes an inline policy from a role.
 *
 * @throws NoSuchEntity no such role, or it has no such policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePolicy.html
 */
export const deleteRolePolicy = action(
  v.strictObject({ RoleName, PolicyName }),
  ({ RoleName, PolicyName }, account): void => {
    if (!existingRole(RoleName, account).inlinePolicies.delete(PolicyName)) throw noSuchPolicy(PolicyName);
  },
);

/**
 * Attaches a managed policy to a role; only its ARN is known here.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 */
export const attachRolePolicy = action(
  v.strictObject({ RoleName, PolicyArn }),
  ({ RoleName, PolicyArn }, account): void => {
    existingRole(RoleName, account).attachedPolicyArns.add(PolicyArn);
  },
);

/**
 * The managed policies of a role.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAttachedRolePolicies.html
 */
export const listAttachedRolePolicies = action(v.strictObject({ RoleName, ...PAGE }), ({ RoleName }, account) => ({
  AttachedPolicies: [...existingRole(RoleName, account).attachedPolicyArns].map((PolicyArn) => ({
    PolicyArn,
    PolicyName: PolicyArn.split('/').at(-1),
  })),
  IsTruncated: false,
}));

/**
 * Detaches a managed policy from a role.
 *
 * @throws NoSuchEntity no such role, or the policy is not attached to it.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DetachRolePolicy.html
 */
export const detachRolePolicy = action(
  v.strictObject({ RoleName, PolicyArn }),
  ({ RoleName, PolicyArn }, account): void => {
    if (!existingRole(RoleName, account).attachedPolicyArns.delete(PolicyArn)) throw noSuchPolicy(PolicyArn);
  },
);

/** @param policy its name or ARN */
function noSuchPolicy(policy: string): AwsError {
  return new AwsError('NoSuchEntity', `The role policy with name ${policy} cannot be found.`, 404);
}
