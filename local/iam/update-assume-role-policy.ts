import * as v from 'valibot';
import { policyDocument } from '../permissions/policy-document.ts';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { Document, RoleName } from './fields.ts';

/**
 * Gives a role another trust policy.
 *
 * @throws NoSuchEntity no such role.
 * @throws MalformedPolicyDocument the policy is no JSON object.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAssumeRolePolicy.html
 */
export const updateAssumeRolePolicy = action(
  v.strictObject({ RoleName, PolicyDocument: Document }),
  ({ RoleName, PolicyDocument }, account): void => {
    existingRole(RoleName, account).AssumeRolePolicyDocument = policyDocument(PolicyDocument);
  },
);
