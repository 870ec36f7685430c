import type { Account } from '../account.ts';
import { SecretStore } from './secret-store.ts';

/** The account with only that secret in it, as it was before the latest change of its versions or labels. */
export function beforeNewestChange(account: Account, secretId = ''): Account {
  const secrets = new SecretStore();
  const before = account.secrets.find(secretId)?.beforeNewestChange;
  if (before) secrets.add(before);
  return { ...account, secrets };
}
