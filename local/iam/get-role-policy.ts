import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { PolicyName, RoleName } from './fields.ts';
import { noSuchPolicy } from './no-such-policy.ts';

/**
 * Reads one of a role's inline policies: the document, URL-encoded.
 *
 * @throws NoSuchEntity no such role, or it has no such policy.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html
 */
export const getRolePolicy = action(v.strictObject({ RoleName, PolicyName }), ({ RoleName, PolicyName }, account) => {
  const document = existingRole(RoleName, account).inlinePolicies.get(PolicyName);
  if (document === undefined) throw noSuchPolicy(PolicyName);
  return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(document) };
});
