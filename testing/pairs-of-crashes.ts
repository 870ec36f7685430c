import { inLabs } from './in-labs.ts';
import { requestsOf } from './requests-of.ts';
import type { StrategyLab } from './strategy-lab.ts';
import { survives } from './survives.ts';
import { killsAt, type Trouble } from './trouble.ts';
import type { Point } from './try-all.ts';

/** Each of the crashes with each that can follow it: what the function asks for after the first is recorded. */
export async function pairsOfCrashes(labs: readonly StrategyLab[], firsts: readonly Trouble[]): Promise<Point[]> {
  const followers = new Map<Trouble, Trouble[]>();
  await inLabs(labs, firsts, async (lab, first) => {
    const requests = await requestsOf(lab, async (trial) => {
      lab.add(first);
      await survives(trial, [first]);
      lab.clear();
    });
    const at = requests.findIndex(({ to, nth }) => to === first.to && nth === first.nth);
    followers.set(first, requests.slice(at + 1).flatMap(killsAt));
  });
  return firsts.flatMap((first) => (followers.get(first) ?? []).map((second) => [first, second]));
}
