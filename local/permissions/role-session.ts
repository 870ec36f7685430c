import type { Caller } from '../account.ts';

/** A role as long as somebody has assumed it. */
export interface RoleSession {
  /** Whom its calls come from. */
  readonly caller: Caller;
  readonly roleArn: string;
}
