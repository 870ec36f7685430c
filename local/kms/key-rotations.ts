import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey, usableKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * Lets the key be renewed, every year where nothing else is said. Here it is only said.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
 */
export const enableKeyRotation = action(
  v.strictObject({
    KeyId,
    RotationPeriodInDays: v.optional(v.pipe(v.number(), v.minValue(90), v.maxValue(2560)), 365),
  }),
  ({ KeyId, RotationPeriodInDays }, account): void => {
    usableKey(KeyId, account).rotationPeriodDays = RotationPeriodInDays;
  },
);

/**
 * Lets the key stay as it is.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html
 */
export const disableKeyRotation = action(v.strictObject({ KeyId }), ({ KeyId }, account): void => {
  usableKey(KeyId, account).rotationPeriodDays = undefined;
});

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
