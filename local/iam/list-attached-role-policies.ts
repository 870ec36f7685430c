import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { PAGE, RoleName } from './fields.ts';

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
