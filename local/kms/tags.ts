import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey, usableKey } from './existing-key.ts';
import { KeyId, PAGE, Tags } from './fields.ts';

/**
 * Adds tags to a key. A tag with the same key is replaced.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html
 */
export const tagResource = action(v.strictObject({ KeyId, Tags }), ({ KeyId, Tags }, account): void => {
  const { tags } = usableKey(KeyId, account);
  for (const { TagKey, TagValue } of Tags) tags.set(TagKey, TagValue);
});

/**
 * The key's tags.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html
 */
export const listResourceTags = action(v.strictObject({ KeyId, ...PAGE }), ({ KeyId }, account) => ({
  Tags: [...existingKey(KeyId, account).tags].map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
  Truncated: false,
}));

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
