import type { Caller } from '../account.ts';

/** A role that somebody has assumed. */
export interface RoleSession {
  /** Who makes its calls. */
  readonly caller: Caller;
  readonly roleArn: string;
  /** Only of a function: ends its process at once, as when it runs out of memory. */
  readonly kill?: () => Promise<void>;
  /** When it ends. Absent if it lasts as long as the function's process. */
  readonly expires?: Date;
  /** Whether nobody has created the role here: then it is the developer's, and its policies are not known. @default false */
  readonly isUnknownRole?: boolean;
  /** A policy (JSON) that limits what its role allows. @default none */
  readonly sessionPolicy?: string | undefined;
}

/** Who makes a request: the session of a role, or the root of an account. */
export type Requester = RoleSession | { readonly caller: Caller };
