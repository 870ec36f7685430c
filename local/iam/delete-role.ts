import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { existingRole } from './existing-role.ts';

export interface DeleteRoleInput {
  readonly RoleName: string;
}

/**
 * Deletes a role that has no policies.
 *
 * @throws NoSuchEntity no such role.
 * @throws DeleteConflict it has policies.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html
 */
export function deleteRole({ RoleName }: DeleteRoleInput, account: Account): void {
  const { attachedPolicyArns, inlinePolicies } = existingRole(RoleName, account);
  if (attachedPolicyArns.size > 0) throw conflict('Cannot delete entity, must detach all policies first.');
  if (inlinePolicies.size > 0) throw conflict('Cannot delete entity, must delete policies first.');
  account.roles.remove(RoleName);
}

function conflict(message: string): AwsError {
  return new AwsError('DeleteConflict', message, 409);
}
