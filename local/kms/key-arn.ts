import type { Account } from '../account.ts';

/** @param keyId a key's id, an alias such as `alias/secrets`, or the ARN of either */
export function keyArn(keyId: string, { region, id }: Account): string {
  if (keyId.startsWith('arn:')) return keyId;
  return `arn:aws:kms:${region}:${id}:${keyId.startsWith('alias/') ? keyId : `key/${keyId}`}`;
}
