import { randomUUID } from 'node:crypto';
import type { Account } from '../account.ts';
import { placeOf } from '../place.ts';
import { addKey } from './keys.ts';

/**
 * Makes sure that a key exists which a stack names but does not declare: it was made elsewhere, and lets the stack's account in. AWS's
 * own keys always exist.
 *
 * @param keyId the key's id or ARN, or its alias or the alias's ARN
 */
export function adoptKey(keyId: string | undefined, account: Account): void {
  if (keyId === undefined || /(^|:)alias\/aws\//.test(keyId)) return;
  const owner = account.at(placeOf(keyId) ?? {});
  if (owner.keys.find(keyId)) return;
  const users = owner.id === account.id ? [] : [account];
  const name = keyId.split(':').at(-1) ?? keyId;
  if (name.startsWith('alias/')) owner.keys.aliases.set(name, addKey(randomUUID(), owner, users).KeyId);
  else addKey(name.replace(/^key\//, ''), owner, users);
}
