import * as v from 'valibot';
import { action } from './action.ts';
import { usableKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * Removes the tags with these keys from a key.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html
 */
export const untagResource = action(
  v.strictObject({ KeyId, TagKeys: v.array(v.string()) }),
  ({ KeyId, TagKeys }, account): void => {
    const { tags } = usableKey(KeyId, account);
    for (const key of TagKeys) tags.delete(key);
  },
);
