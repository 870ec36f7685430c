import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * The key's own policy.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html
 */
export const getKeyPolicy = action(
  v.strictObject({ KeyId, PolicyName: v.optional(v.literal('default')) }),
  ({ KeyId }, account) => ({ Policy: existingKey(KeyId, account).policy, PolicyName: 'default' }),
);
