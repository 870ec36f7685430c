import type { StrategyLab } from './strategy-lab.ts';
import type { Trial } from './trial.ts';
import type { FunctionRequest } from './trouble.ts';

/** A function whose `create` takes two seconds reads the labels once more. */
const SLOW_MS = 1_500;
const MOST_TRIES = 4;

/**
 * What the function asks for in a run, with a secret of its own. On a busy machine, it may be so slow that it asks for more than in the
 * run in which that request is to go wrong: it runs again then, and the shortest run counts.
 */
export async function requestsOf(
  lab: Pick<StrategyLab, 'trial' | 'requests'>,
  run: (trial: Trial) => Promise<unknown>,
): Promise<readonly FunctionRequest[]> {
  let shortest: readonly FunctionRequest[] | undefined;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const trial = await lab.trial();
    const startedAt = performance.now();
    const requests = await lab.requests(() => run(trial));
    if (shortest === undefined || requests.length < shortest.length) shortest = requests;
    if (performance.now() - startedAt < SLOW_MS) break;
  }
  return shortest ?? [];
}
