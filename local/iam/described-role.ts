import type { Role } from './role-store.ts';

/** A role as the API shows it: documents URL-encoded, policies not at all. */
export function describedRole({ inlinePolicies: _, attachedPolicyArns: __, tags, ...role }: Role) {
  return {
    Path: '/',
    ...role,
    AssumeRolePolicyDocument: encodeURIComponent(role.AssumeRolePolicyDocument),
    Tags: [...tags].map(([Key, Value]) => ({ Key, Value })),
  };
}
