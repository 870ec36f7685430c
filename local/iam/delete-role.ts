import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { RoleName } from './fields.ts';

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
