import type { Account, Caller } from '../account.ts';

/** Who deploys: the account's root. */
export function rootOf(account: Account): Caller {
  return { arn: `arn:aws:iam::${account.id}:root` };
}
