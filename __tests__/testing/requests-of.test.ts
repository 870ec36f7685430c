import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requestsOf } from '../../testing/requests-of.ts';
import type { StrategyLab } from '../../testing/strategy-lab.ts';
import type { Trial } from '../../testing/trial.ts';
import type { FunctionRequest } from '../../testing/trouble.ts';

/** A lab whose runs take so long and ask for so much, one after the other. */
function labOf(runs: readonly { readonly ms: number; readonly calls: number }[]) {
  let count = 0;
  const lab = {
    trial: async () => ({}) as Trial,
    async requests(work: () => Promise<unknown>): Promise<readonly FunctionRequest[]> {
      const { ms, calls } = runs[count++ % runs.length] ?? { ms: 0, calls: 0 };
      await work();
      vi.advanceTimersByTime(ms);
      return Array.from({ length: calls }, (_, at) => ({ to: 'Secrets Manager', name: 'DescribeSecret', nth: at + 1 }));
    },
  } satisfies Pick<StrategyLab, 'trial' | 'requests'>;
  return { lab, count: () => count };
}

describe('What a function asks for in a run', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['is recorded once', [{ ms: 100, calls: 8 }], 8, 1],
    [
      'is recorded again after a slow run, in which it asks for more',
      [
        { ms: 3_000, calls: 9 },
        { ms: 100, calls: 8 },
      ],
      8,
      2,
    ],
    [
      'is that of the shortest run if all are slow',
      [
        { ms: 3_000, calls: 9 },
        { ms: 3_000, calls: 8 },
      ],
      8,
      4,
    ],
  ])('%s', async (_, runs, calls, times) => {
    const { lab, count } = labOf(runs);
    expect(await requestsOf(lab, async () => {})).toHaveLength(calls);
    expect(count()).toBe(times);
  });
});
