import * as v from 'valibot';
import { action } from './action.ts';
import { usableKey } from './existing-key.ts';
import { KeyId } from './fields.ts';

/**
 * Changes what is said of a key.
 *
 * @throws NotFoundException no such key.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html
 */
export const updateKeyDescription = action(
  v.strictObject({ KeyId, Description: v.pipe(v.string(), v.maxLength(8192)) }),
  ({ KeyId, Description }, account): void => {
    usableKey(KeyId, account).Description = Description;
  },
);
