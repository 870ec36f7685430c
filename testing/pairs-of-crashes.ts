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
    followers.set(first, await followersOf(lab, first));
  });
  return firsts.flatMap((first) => (followers.get(first) ?? []).map((second) => [first, second]));
}

/** Whether the second crash still follows the first: on a busy machine, a function may have asked for more when it was recorded. */
export async function isPairStill(lab: StrategyLab, [first, second]: Point): Promise<boolean> {
  if (first === undefined || second === undefined) return true;
  const followers = await followersOf(lab, first);
  return followers.some(({ to, nth, name }) => to === second.to && nth === second.nth && name === second.name);
}

async function followersOf(lab: StrategyLab, first: Trouble): Promise<Trouble[]> {
  const requests = await requestsOf(lab, async (trial) => {
    lab.clear();
    lab.add(first);
    await survives(trial, [first]);
  });
  lab.clear();
  const at = requests.findIndex(({ to, nth }) => to === first.to && nth === first.nth);
  return requests.slice(at + 1).flatMap(killsAt);
}
