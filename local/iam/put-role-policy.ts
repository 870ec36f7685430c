import * as v from 'valibot';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { Document, PolicyName, RoleName } from './fields.ts';

/**
 * Adds an inline policy to a role, or replaces the one of that name.
 *
 * @throws NoSuchEntity no such role.
 * @throws MalformedPolicyDocument the policy is no JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
 */
export const putRolePolicy = action(
  v.strictObject({ RoleName, PolicyName, PolicyDocument: Document }),
  ({ RoleName, PolicyName, PolicyDocument }, account): void => {
    existingRole(RoleName, account).inlinePolicies.set(PolicyName, policyDocument(PolicyDocument));
  },
);
