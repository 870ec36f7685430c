import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { PAGE, RoleName } from './fields.ts';

/**
 * The instance profiles that a role is in: none, for there are no instances here.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListInstanceProfilesForRole.html
 */
export const listInstanceProfilesForRole = action(v.strictObject({ RoleName, ...PAGE }), ({ RoleName }, account) => {
  existingRole(RoleName, account);
  return { InstanceProfiles: [], IsTruncated: false };
});
