import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { PolicyName, RoleName } from './fields.ts';
import { noSuchPolicy } from './no-such-policy.ts';

/**
 * Takes an inline policy from a role.
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
