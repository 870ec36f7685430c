import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { PAGE, RoleName } from './fields.ts';

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
