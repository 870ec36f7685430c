import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * Whether the key is renewed, and how often.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
 */
export const getKeyRotationStatus = action(v.strictObject({ KeyId }), ({ KeyId }, account) => {
  const { Arn, rotationPeriodDays } = existingKey(KeyId, account);
  return {
    KeyId: Arn,
    KeyRotationEnabled: rotationPeriodDays !== undefined,
    RotationPeriodInDays: rotationPeriodDays,
  };
});
