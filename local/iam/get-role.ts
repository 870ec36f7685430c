import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { RoleName } from './fields.ts';

/**
 * Reads a role, without its policies.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html
 */
export const getRole = action(v.strictObject({ RoleName }), ({ RoleName }, account) => existingRole(RoleName, account));
