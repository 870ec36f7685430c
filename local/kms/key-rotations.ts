import * as v from 'valibot';
import { action } from './action.ts';
import { existingKey, usableKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * Turns on automatic key rotation. The setting is stored, and has no effect here.
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
 * Turns off automatic key rotation.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html
 */
export const disableKeyRotation = action(v.strictObject({ KeyId }), ({ KeyId }, account): void => {
  usableKey(KeyId, account).rotationPeriodDays = undefined;
});

/**
 * Whether the key rotates automatically, and how often.
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
