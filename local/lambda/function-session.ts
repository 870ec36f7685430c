import type { RoleSession } from '../permissions/role-session.ts';

/** One process of a function, as AWS sees it: the function's role, under an access key of its own. */
export interface FunctionSession extends RoleSession {
  /** Ends the process at once, as when it runs out of memory. */
  kill(): Promise<void>;
}
