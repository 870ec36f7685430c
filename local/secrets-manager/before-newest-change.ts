import type { Account } from '../account.ts';
import { SecretStore } from './secret-store.ts';

/** The account with nothing in it but that secret, as it was before its versions or labels changed last. */
export function beforeNewestChange(account: Account, secretId = ''): Account {
  const secrets = new SecretStore();
  const before = account.secrets.find(secretId)?.beforeNewestChange;
  if (before) secrets.add(before);
  return { ...account, secrets };
}
