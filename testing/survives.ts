import type { FunctionFailure } from '../local/account-events.ts';
import type { Trial } from './trial.ts';
import type { Trouble } from './trouble.ts';

/**
 * Rotates, and again as long as something went wrong with it. In between the promise holds; the first attempt with which
 * nothing goes wrong ends with a current version that works.
 * @throws Error what did not hold
 */
export async function survives(trial: Trial, troubles: readonly Trouble[] = []): Promise<void> {
  let { token, failure } = await trial.rotate();
  let excuses = troubles.reduce((sum, { times = 1 }) => sum + times, 0);
  while (failure !== undefined && excuses > 0) {
    excuses -= 1;
    holds(await trial.brokenPromise());
    ({ failure } = await trial.retry());
  }
  succeeded(failure, 'the rotation');
  holds(await trial.unfinished(token));
}

/** @throws Error what is wrong, if anything */
export function holds(wrong: string | undefined): void {
  if (wrong !== undefined) throw new Error(wrong);
}

/** @throws Error why the function failed, if it did */
export function succeeded(failure: FunctionFailure | undefined, what: string): void {
  if (failure === undefined) return;
  throw new Error(`${what} failed although nothing interfered: ${failure.errorType}: ${failure.errorMessage}`);
}
