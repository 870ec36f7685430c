import type { Account } from '../account.ts';
import { existingRole } from './existing-role.ts';
import { policyDocument } from './policy-document.ts';

export interface PutRolePolicyInput {
  readonly RoleName: string;
  readonly PolicyName: string;
  readonly PolicyDocument: string;
}

/**
 * Adds an inline policy to a role, or replaces the one of that name.
 *
 * @throws NoSuchEntity no such role.
 * @throws MalformedPolicyDocument the policy is no JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export function putRolePolicy({ RoleName, PolicyName, PolicyDocument }: PutRolePolicyInput, account: Account): void {
  existingRole(RoleName, account).inlinePolicies.set(PolicyName, policyDocument(PolicyDocument));
}
