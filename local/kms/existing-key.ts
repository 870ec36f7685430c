import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import type { Key } from './key-store.ts';

/**
 * The key with that id, ARN or alias.
 *
 * @throws NotFoundException there is none.
 */
export function existingKey(keyId: string, account: Account): Key {
  const key = account.keys.find(keyId);
  if (key) return key;
  const kind = keyId.startsWith('alias/') ? 'Alias' : 'Key';
  throw new AwsError('NotFoundException', `${kind} '${keyArn(keyId, account)}' does not exist`);
}

/**
 * The key, if it is not pending deletion.
 *
 * @throws NotFoundException there is none.
 * @throws KMSInvalidStateException it is pending deletion.
 */
export function usableKey(keyId: string, account: Account): Key {
  const key = existingKey(keyId, account);
  if (!key.deletionDate) return key;
  throw new AwsError('KMSInvalidStateException', `${key.Arn} is pending deletion.`);
}

/** @param keyId a key's id, an alias such as `alias/secrets`, or the ARN of either */
export function keyArn(keyId: string, { partition, region, id }: Account): string {
  if (keyId.startsWith('arn:')) return keyId;
  return `arn:${partition}:kms:${region}:${id}:${keyId.startsWith('alias/') ? keyId : `key/${keyId}`}`;
}
