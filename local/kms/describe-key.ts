import * as v from 'valibot';
import { action } from './action.ts';
import { describedKey } from './described-key.ts';
import { existingKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * Tells all about a key; works on one that is pending deletion.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html
 */
export const describeKey = action(v.strictObject({ KeyId }), ({ KeyId }, account) => ({
  KeyMetadata: describedKey(existingKey(KeyId, account), account),
}));
