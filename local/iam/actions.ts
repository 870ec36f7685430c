import type { Action } from '../action.ts';
import { createPolicy, deletePolicy, getPolicy, listPolicies } from './managed-policies.ts';
import {
  createPolicyVersion,
  deletePolicyVersion,
  getPolicyVersion,
  listPolicyVersions,
  setDefaultPolicyVersion,
  tagPolicy,
  untagPolicy,
} from './policy-versions.ts';
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
import { simulatePrincipalPolicy } from './simulate-principal-policy.ts';
import { getUser } from './users.ts';

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['AttachRolePolicy', attachRolePolicy],
  ['CreatePolicy', createPolicy],
  ['CreatePolicyVersion', createPolicyVersion],
  ['CreateRole', described(createRole)],
  ['DeletePolicy', deletePolicy],
  ['DeletePolicyVersion', deletePolicyVersion],
  ['DeleteRole', deleteRole],
  ['DeleteRolePermissionsBoundary', deleteRolePermissionsBoundary],
  ['DeleteRolePolicy', deleteRolePolicy],
  ['DetachRolePolicy', detachRolePolicy],
  ['GetPolicy', getPolicy],
  ['GetPolicyVersion', getPolicyVersion],
  ['GetRole', described(getRole)],
  ['GetRolePolicy', getRolePolicy],
  ['GetUser', getUser],
  ['ListAttachedRolePolicies', listAttachedRolePolicies],
  ['ListInstanceProfilesForRole', listInstanceProfilesForRole],
  ['ListPolicies', listPolicies],
  ['ListPolicyVersions', listPolicyVersions],
  ['ListRolePolicies', listRolePolicies],
  ['PutRolePermissionsBoundary', putRolePermissionsBoundary],
  ['PutRolePolicy', putRolePolicy],
  ['SetDefaultPolicyVersion', setDefaultPolicyVersion],
  ['SimulatePrincipalPolicy', simulatePrincipalPolicy],
  ['TagPolicy', tagPolicy],
  ['TagRole', tagRole],
  ['UntagPolicy', untagPolicy],
  ['UntagRole', untagRole],
  ['UpdateAssumeRolePolicy', updateAssumeRolePolicy],
  ['UpdateRole', updateRole],
]);

function described<Input>(action: Action<Input, Role>): Action<Input, unknown> {
  return (input, account, requester) => ({ Role: describedRole(action(input, account, requester)) });
}
