import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { placeOf } from '../place.ts';
import { isOfAws } from './key-permissions.ts';

/**
 * Refuses a key that nothing can be encrypted with.
 *
 * @param keyId @default AWS's own key
 * @throws EncryptionFailure there is no such key, or it is to be deleted.
 */
export function refuseUnusableKey(keyId: string | undefined, account: Account): void {
  if (isUsableKey(keyId, account)) return;
  throw new AwsError(
    'EncryptionFailure',
    "Secrets Manager can't encrypt the protected secret text using the provided KMS key. Check that the KMS key is available, enabled, and not in an invalid state.",
  );
}

/** Whether something can be encrypted with the key. */
export function isUsableKey(keyId = '', account: Account): boolean {
  if (isOfAws(keyId)) return true;
  const key = account.at(placeOf(keyId) ?? {}).keys.find(keyId);
  return key !== undefined && key.deletionDate === undefined;
}
