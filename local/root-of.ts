import type { Account, Caller } from './account.ts';

/** The account's root: whoever calls and is no function. */
export function rootOf(account: Account): Caller {
  return { arn: `arn:aws:iam::${account.id}:root` };
}
