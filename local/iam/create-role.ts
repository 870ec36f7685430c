import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { policyDocument } from './policy-document.ts';
import type { Role } from './role-store.ts';

export interface CreateRoleInput {
  readonly RoleName: string;
  readonly AssumeRolePolicyDocument: string;
  readonly Description?: string;
}

/**
 * Makes a role that has no permissions yet.
 *
 * @throws EntityAlreadyExists the name is taken.
 * @throws MalformedPolicyDocument the trust policy is no JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
export function createRole(input: CreateRoleInput, account: Account): Role {
  if (account.roles.find(input.RoleName)) {
    throw new AwsError('EntityAlreadyExists', `Role with name ${input.RoleName} already exists.`, 409);
  }
  const role: Role = {
    ...input,
    AssumeRolePolicyDocument: policyDocument(input.AssumeRolePolicyDocument),
    Arn: `arn:aws:iam::${account.id}:role/${input.RoleName}`,
    inlinePolicies: new Map(),
    attachedPolicyArns: new Set(),
  };
  account.roles.add(role);
  return role;
}
