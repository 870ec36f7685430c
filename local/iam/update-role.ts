import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { RoleName } from './fields.ts';

/**
 * Changes what is said of a role.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html
 */
export const updateRole = action(
  v.strictObject({
    RoleName,
    Description: v.optional(v.pipe(v.string(), v.maxLength(1000))),
    MaxSessionDuration: v.optional(v.string()),
  }),
  ({ RoleName, Description, MaxSessionDuration }, account) => {
    const role = existingRole(RoleName, account);
    role.Description = Description ?? role.Description;
    role.MaxSessionDuration = Number(MaxSessionDuration ?? role.MaxSessionDuration);
    return {};
  },
);
