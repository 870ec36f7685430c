import * as v from 'valibot';
import { action } from './action.ts';
import { RoleName, Tags } from './fields.ts';
import { existingRole } from './roles.ts';

/**
 * Adds tags to a role. A tag with the same key is replaced.
 *
 * @throws NoSuchEntity no such role.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_TagRole.html
 */
export const tagRole = action(v.strictObject({ RoleName, Tags }), ({ RoleName, Tags }, account): void => {
  const { tags } = existingRole(RoleName, account);
  for (const { Key, Value } of Tags) tags.set(Key, Value);
});

/**
 * Removes the tags with these keys from a role.
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
