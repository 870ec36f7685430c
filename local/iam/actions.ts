import type { Action } from '../action.ts';
import { attachRolePolicy } from './attach-role-policy.ts';
import { createRole } from './create-role.ts';
import { deleteRole } from './delete-role.ts';
import { deleteRolePolicy } from './delete-role-policy.ts';
import { describedRole } from './described-role.ts';
import { detachRolePolicy } from './detach-role-policy.ts';
import { getRole } from './get-role.ts';
import { getRolePolicy } from './get-role-policy.ts';
import { getUser } from './get-user.ts';
import { listAttachedRolePolicies } from './list-attached-role-policies.ts';
import { listInstanceProfilesForRole } from './list-instance-profiles-for-role.ts';
import { listRolePolicies } from './list-role-policies.ts';
import { putRolePolicy } from './put-role-policy.ts';
import type { Role } from './role-store.ts';
import { tagRole } from './tag-role.ts';
import { untagRole } from './untag-role.ts';
import { updateAssumeRolePolicy } from './update-assume-role-policy.ts';
import { updateRole } from './update-role.ts';

/** Every action of the API that answers here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['AttachRolePolicy', attachRolePolicy],
  ['CreateRole', described(createRole)],
  ['DeleteRole', deleteRole],
  ['DeleteRolePolicy', deleteRolePolicy],
  ['DetachRolePolicy', detachRolePolicy],
  ['GetRole', described(getRole)],
  ['GetRolePolicy', getRolePolicy],
  ['GetUser', getUser],
  ['ListAttachedRolePolicies', listAttachedRolePolicies],
  ['ListInstanceProfilesForRole', listInstanceProfilesForRole],
  ['ListRolePolicies', listRolePolicies],
  ['PutRolePolicy', putRolePolicy],
  ['TagRole', tagRole],
  ['UntagRole', untagRole],
  ['UpdateAssumeRolePolicy', updateAssumeRolePolicy],
  ['UpdateRole', updateRole],
]);

function described<Input>(action: Action<Input, Role>): Action<Input, unknown> {
  return (input, account, caller) => ({ Role: describedRole(action(input, account, caller)) });
}
