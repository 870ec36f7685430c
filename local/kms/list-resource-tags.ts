import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey } from './existing-key.ts';
import { KeyId, PAGE } from './fields.ts';

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
