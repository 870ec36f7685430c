import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { PolicyArn, RoleName } from './fields.ts';
import { noSuchPolicy } from './no-such-policy.ts';

/**
 * Takes a managed policy from a role.
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
