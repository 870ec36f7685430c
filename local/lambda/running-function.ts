import type { FunctionProcessOptions } from './function-process.ts';
import type { InvocationResult } from './lambda-function.ts';

/** What runs a function's code, one event at a time. */
export interface RunningFunction {
  /** Whether it has ended, and takes no other event. */
  readonly isStopped: boolean;
  readonly isIdle: boolean;
  /** Hands the event to the handler and waits for what comes of it. */
  invoke(event: { readonly requestId: string; readonly payload: unknown }): Promise<InvocationResult>;
  /** Handles no other event, and ends once it has handled the one it has. */
  retire(): Promise<void>;
  /** Ends at once, whatever it does. */
  stop(): Promise<void>;
}

/** Starts what runs a function's code: as a rule, a process. */
export type StartFunction = (options: FunctionProcessOptions) => RunningFunction;
