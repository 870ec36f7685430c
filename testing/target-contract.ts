import { it } from 'vitest';
import type { Suite } from './suite.ts';
import { holds, survives } from './survives.ts';
import { answersAt, killsAt } from './trouble.ts';
import { tryAll } from './try-all.ts';

/** How many rotations are given up before they have set anything, on top of one that may have. */
const GIVEN_UP = 2;

/** What the target may meet with: it is out of order for a moment, it is left with values of rotations that were given up. */
export function targetContract(suite: Suite): void {
  it('survives a target that answers 500 or 429 for a moment', async ({ skip }) => {
    const statements = (await suite.cleanRequests()).filter(({ to }) => to === 'the target');
    if (statements.length === 0) return skip(suite.missing('statement'));
    const points = suite.few(statements.flatMap(answersAt).map((trouble) => [trouble]));
    await tryAll(suite.labs, suite.counted('answer of 500 or 429'), points, survives);
  });

  it('recovers after several abandoned rotations in a row', async () => {
    const kills = (await suite.cleanRequests()).flatMap(killsAt).filter(({ kind }) => kind === 'kill-after');
    const points = suite.few(kills.map((kill) => [kill]));
    await tryAll(suite.labs, suite.counted('several given up'), points, async (trial) => {
      await trial.rotate();
      trial.abandon('remove-pending');
      for (let nth = 0; nth < GIVEN_UP; nth += 1) {
        await trial.invoke(trial.pendingVersion(), ['createSecret']);
        trial.abandon('remove-pending');
      }
      holds(await trial.brokenPromise());
      await survives(trial);
    });
  });

  it('leaves nothing behind at the target after the next rotation', async ({ skip }) => {
    const clean = await suite.lab.trial();
    if (clean.list === undefined) return skip(suite.missing('list()'));
    const counts: number[] = [];
    for (let nth = 0; nth < 3; nth += 1) {
      await survives(clean);
      counts.push((await clean.list()).length);
    }
    const most = Math.max(...counts);
    const points = suite.few((await suite.cleanRequests()).flatMap(killsAt).map((kill) => [kill]));
    await tryAll(suite.labs, suite.counted('left behind by a crash'), points, async (trial, point) => {
      const [crash] = point;
      // After one request is before the next: each moment is tried again, and given up.
      if (crash?.kind === 'kill-before') await survives(trial, point);
      else {
        await trial.rotate();
        trial.abandon('remove-pending');
        await survives(trial);
      }
      await survives(trial);
      const left = (await trial.list?.())?.length ?? 0;
      if (left > most) holds(`the target has ${left} where a rotation without a crash leaves at most ${most}`);
    });
  });
}
