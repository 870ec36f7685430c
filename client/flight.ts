import { isWithin } from './is-within.ts';

/** Lets all who want the same thing at the same time share one attempt at it. */
export class Flight<Result> {
  #running:
    | { readonly result: Promise<Result>; readonly controller: AbortController; readonly startedMs: number }
    | undefined;

  /**
   * Joins the attempt under way, or begins one. One that began longer ago than this was left behind by a machine that
   * slept, and is given up.
   * @param longestMs how long an attempt takes at most
   */
  join(longestMs: number, attempt: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const now = Date.now();
    if (this.#running && isWithin(now, this.#running.startedMs, longestMs)) return this.#running.result;
    this.abort(new Error('The attempt was abandoned.'));
    const controller = new AbortController();
    const running = { result: attempt(controller.signal), controller, startedMs: now };
    const end = () => {
      if (this.#running === running) this.#running = undefined;
    };
    this.#running = running;
    running.result.then(end, end);
    return running.result;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Gives up the attempt under way, if there is one. */
  abort(reason: Error): void {
    this.#running?.controller.abort(reason);
    this.#running = undefined;
  }
}
