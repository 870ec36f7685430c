import type { Action } from '../action.ts';
import { createPolicy, deletePolicy } from './managed-policies.ts';
import {
  attachRolePolicy,
  deleteRolePolicy,
  detachRolePolicy,
  getRolePolicy,
  listAttachedRolePolicies,
  listRolePolicies,
  putRolePolicy,
} from './role-policies.ts';
import type { Role } from './role-store.ts';
import { tagRole, untagRole } from './role-tags.ts';
import {
  createRole,
  deleteRole,
  deleteRolePermissionsBoundary,
  describedRole,
  getRole,
  listInstanceProfilesForRole,
  putRolePermissionsBoundary,
  updateAssumeRolePolicy,
  updateRole,
} from './roles.ts';
import { getUser } from './users.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['AttachRolePolicy', attachRolePolicy],
  ['CreatePolicy', createPolicy],
  ['CreateRole', described(createRole)],
  ['DeletePolicy', deletePolicy],
  ['DeleteRole', deleteRole],
  ['DeleteRolePermissionsBoundary', deleteRolePermissionsBoundary],
  ['DeleteRolePolicy', deleteRolePolicy],
  ['DetachRolePolicy', detachRolePolicy],
  ['GetRole', described(getRole)],
  ['GetRolePolicy', getRolePolicy],
  ['GetUser', getUser],
  ['ListAttachedRolePolicies', listAttachedRolePolicies],
  ['ListInstanceProfilesForRole', listInstanceProfilesForRole],
  ['ListRolePolicies', listRolePolicies],
  ['PutRolePermissionsBoundary', putRolePermissionsBoundary],
  ['PutRolePolicy', putRolePolicy],
  ['TagRole', tagRole],
  ['UntagRole', untagRole],
  ['UpdateAssumeRolePolicy', updateAssumeRolePolicy],
  ['UpdateRole', updateRole],
]);

function described<Input>(action: Action<Input, Role>): Action<Input, unknown> {
  return (input, account, requester) => ({ Role: describedRole(action(input, account, requester)) });
}
