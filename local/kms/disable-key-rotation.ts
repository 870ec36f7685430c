import * as v from 'valibot';
import { action } from './action.ts';
import { usableKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * Lets the key stay as it is.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html
 */
export const disableKeyRotation = action(v.strictObject({ KeyId }), ({ KeyId }, account): void => {
  usableKey(KeyId, account).rotationPeriodDays = undefined;
});
