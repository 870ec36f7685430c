import type { Caller } from '../account.ts';

/** A role that somebody has assumed. */
export interface RoleSession {
  /** Who makes its calls. */
  readonly caller: Caller;
  readonly roleArn: string;
}
