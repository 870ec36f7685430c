import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { PolicyArn, RoleName } from './fields.ts';

/**
 * Attaches a managed policy to a role; only its ARN is known here.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
 */
export const attachRolePolicy = action(
  v.strictObject({ RoleName, PolicyArn }),
  ({ RoleName, PolicyArn }, account): void => {
    existingRole(RoleName, account).attachedPolicyArns.add(PolicyArn);
  },
);
