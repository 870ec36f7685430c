import { inLabs } from './in-labs.ts';
import { Progress } from './progress.ts';
import type { StrategyLab } from './strategy-lab.ts';
import { holds } from './survives.ts';
import type { Tally } from './tally.ts';
import type { Trial } from './trial.ts';
import { nameOf, type Trouble } from './trouble.ts';

/** The troubles of one attempt. */
export type Point = readonly Trouble[];

/**
 * Tries each point with a secret of its own.
 * @param isStill whether a trouble that did not come could have come: it was recorded earlier
 * @throws Error where a trouble did not come, or the attempt did not hold; its message begins with the point
 */
export async function tryAll(
  labs: readonly StrategyLab[],
  tally: Tally,
  points: readonly Point[],
  attempt: (trial: Trial, point: Point, lab: StrategyLab) => Promise<void>,
  isStill: (lab: StrategyLab, point: Point) => Promise<boolean> = async () => true,
): Promise<void> {
  if (points.length === 0) throw new Error(`${tally.what}: nothing was recorded that could go wrong`);
  const progress = new Progress(tally.what, points.length);
  return inLabs(labs, points, async (lab, point) => {
    tally.tried += 1;
    try {
      const trial = await lab.trial();
      lab.add(...point);
      await attempt(trial, point, lab);
      const [missed] = lab.missed;
      lab.clear();
      if (missed !== undefined && (await isStill(lab, point))) holds(`${nameOf(missed)} never happened`);
      saidNothing(lab);
      if (trial.refusals > 0) tally.refusedUntilRetry += 1;
    } catch (error) {
      const reason = error instanceof Error ? error.message : error;
      throw new Error(`${point.map(nameOf).join(', then ')}: ${reason}`, { cause: error });
    }
    tally.survived += 1;
    progress.survived(tally.survived);
  });
}

/** @throws Error where a log line or an error of the function holds a value of a secret */
export function saidNothing(lab: StrategyLab): void {
  const leaks = lab.leaks();
  if (leaks > 0) throw new Error(`${leaks} secret values appear in the function's log or in its errors`);
}
