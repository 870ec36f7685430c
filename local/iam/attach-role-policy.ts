import type { Account } from '../account.ts';
import { existingRole } from './existing-role.ts';

export interface AttachRolePolicyInput {
  readonly RoleName: string;
  readonly PolicyArn: string;
}

/**
 * Attaches a managed policy to a role; only its ARN is known here.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 */
export function attachRolePolicy({ RoleName, PolicyArn }: AttachRolePolicyInput, account: Account): void {
  existingRole(RoleName, account).attachedPolicyArns.add(PolicyArn);
}
