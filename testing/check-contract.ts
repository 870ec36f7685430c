import { expect, it } from 'vitest';
import { READS } from './reads.ts';
import { requestsOf } from './requests-of.ts';
import { StrategyLab } from './strategy-lab.ts';
import type { StrategyUnderTest } from './strategy-under-test.ts';
import type { Suite } from './suite.ts';
import { survives } from './survives.ts';
import type { Trial } from './trial.ts';
import type { Trouble } from './trouble.ts';
import { saidNothing, tryAll } from './try-all.ts';

/** Less than the function has by a second, and enough for a busy machine. */
const TIMEOUT_SECONDS = 3;
const HANGING_LABS = 8;

/** What a check may do: look, and tell no value. A strategy without a check of its own has that of the protocol. */
export function checkContract(suite: Suite, strategy: StrategyUnderTest): void {
  it('changes nothing in a check, and tells no value', async () => {
    const { lab } = suite;
    for (const rotations of [0, 1]) {
      const trial = await lab.trial();
      if (rotations > 0) await survives(trial);
      const before = [trial.everything, await trial.list?.()];
      const calls = await lab.requests(async () => lab.hear(await trial.check()));
      expect([trial.everything, await trial.list?.()], 'labels, values and the target after a check').toEqual(before);
      const writes = calls.filter(({ to, name }) => to === 'Secrets Manager' && !READS.includes(name));
      expect(writes, 'calls that write').toEqual([]);
      saidNothing(lab);
    }
  });

  it('ends a check before its timeout if any request hangs', async () => {
    const clean = await requestsOf(suite.lab, (trial) => trial.check());
    // A handler that `rotationHandler` did not make refuses the question before it asks anything.
    if (clean.length === 0) return;
    const points = clean.map((each): readonly Trouble[] => [{ ...each, kind: 'delay', delayMs: 60_000 }]);
    const opening = Array.from({ length: Math.min(HANGING_LABS, points.length) }, () =>
      StrategyLab.open(strategy, { timeoutSeconds: TIMEOUT_SECONDS }),
    );
    const labs = await Promise.all(opening);
    try {
      await tryAll(labs, suite.counted('check that hangs'), suite.few(points), async (trial: Trial, _point, lab) => {
        const answer = await trial.check();
        lab.hear(answer);
        // A call that hangs is counted once it is answered.
        lab.clear();
        expect(answer, 'the report of a check').toMatch(/^\{"payload":\{"checks":\[/);
      });
    } finally {
      await Promise.all(labs.map((each) => each.close()));
    }
  });
}
