import * as v from 'valibot';
import { action } from './action.ts';
import { existingRole } from './existing-role.ts';
import { RoleName } from './fields.ts';

/**
 * Removes the tags of these keys from a role.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_UntagRole.html
 */
export const untagRole = action(
  v.strictObject({ RoleName, TagKeys: v.array(v.string()) }),
  ({ RoleName, TagKeys }, account): void => {
    const { tags } = existingRole(RoleName, account);
    for (const key of TagKeys) tags.delete(key);
  },
);
