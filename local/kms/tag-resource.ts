import * as v from 'valibot';
import { action } from './action.ts';
import { usableKey } from './existing-key.ts';
import { KeyId, Tags } from './fields.ts';

/**
 * Adds tags to a key, and replaces those of the same keys.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html
 */
export const tagResource = action(v.strictObject({ KeyId, Tags }), ({ KeyId, Tags }, account): void => {
  const { tags } = usableKey(KeyId, account);
  for (const { TagKey, TagValue } of Tags) tags.set(TagKey, TagValue);
});
