import { isWithin } from './is-within.ts';

/**
 * Lets all who want the same thing at the same time share one attempt at it.
 *
 * @param longestMs how long an attempt takes at most: one that began before that was left behind by a machine that slept, and is
 * given up when the next one begins
 */
export function flight<Result>(longestMs: number) {
  let running:
    | { readonly result: Promise<Result>; readonly controller: AbortController; readonly startedMs: number }
    | undefined;

  /** Gives up the attempt under way, if there is one. */
  const abort = (reason: Error) => {
    running?.controller.abort(reason);
    running = undefined;
  };

  return {
    abort,
    isRunning: () => running !== undefined,
    /** Joins the attempt under way, or begins one. Nobody needs to wait for it: a failure is nobody's unhandled rejection. */
    join(attempt: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
      const startedMs = Date.now();
      if (running && isWithin(startedMs, running.startedMs, longestMs)) return running.result;
      abort(new Error('The attempt was abandoned.'));
      const controller = new AbortController();
      const mine = { result: attempt(controller.signal), controller, startedMs };
      const end = () => {
        if (running === mine) running = undefined;
      };
      running = mine;
      mine.result.then(end, end);
      return mine.result;
    },
  };
}
