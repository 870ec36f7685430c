import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { RoleName, Tags } from './fields.ts';

/**
 * Adds tags to a role, and replaces those of the same keys.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
 */
export const tagRole = action(v.strictObject({ RoleName, Tags }), ({ RoleName, Tags }, account): void => {
  const { tags } = existingRole(RoleName, account);
  for (const { Key, Value } of Tags) tags.set(Key, Value);
});
