import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey, usableKey } from './existing-key.ts';
import { KeyId, Policy } from './fields.ts';

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

/**
 * Replaces the key's policy, which decides with the caller's own policies who may use the key for a secret.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export const putKeyPolicy = action(
  v.strictObject({
    KeyId,
    Policy,
    PolicyName: v.optional(v.literal('default')),
    BypassPolicyLockoutSafetyCheck: v.optional(v.boolean()),
  }),
  ({ KeyId, Policy }, account): void => {
    usableKey(KeyId, account).policy = Policy;
  },
);
