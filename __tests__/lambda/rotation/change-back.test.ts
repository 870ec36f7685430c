import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { changeBack } from '../../../lambda/rotation/change-back.ts';
import type { Invocation } from '../../../lambda/rotation/invocation.ts';
import { PROOF_HOLDS_MS } from '../../../lambda/rotation/proved-versions.ts';

type Labels = readonly string[] | Error;

/** An invocation whose version has these labels, from that millisecond on. */
function invocationOf(labelsFrom: Readonly<Record<number, Labels>>, timeMs = 60_000) {
  const startedAt = performance.now();
  const elapsedMs = () => performance.now() - startedAt;
  const labels = async () => {
    const [, stages = []] =
      Object.entries(labelsFrom)
        .filter(([fromMs]) => Number(fromMs) <= elapsedMs())
        .at(-1) ?? [];
    if (stages instanceof Error) throw stages;
    return { stages };
  };
  const isPending = async () => {
    const { stages } = await labels();
    return stages.includes('AWSPENDING') && !stages.includes('AWSCURRENT');
  };
  const deadline = {
    get remainingMs() {
      return timeMs - elapsedMs();
    },
  };
  return { invocation: { labels, isPending, deadline } as unknown as Invocation<unknown, unknown>, elapsedMs };
}

/** What was done at the target, and when that was over. */
async function changed(labelsFrom: Readonly<Record<number, Labels>>, timeMs?: number) {
  const { invocation, elapsedMs } = invocationOf(labelsFrom, timeMs);
  const done: string[] = [];
  const change = { back: async () => void done.push('back'), again: async () => void done.push('again') };
  let endedMs = 0;
  const changing = changeBack(invocation, change).then(() => {
    endedMs = elapsedMs();
  });
  await vi.advanceTimersByTimeAsync(60_000);
  await changing;
  return { done, endedMs };
}

const PENDING = ['AWSPENDING'];
const FINISHED = ['AWSPENDING', 'AWSCURRENT'];
const UNREADABLE = new Error('ThrottlingException');

describe('changeBack', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each([
    ['the rotation is finished', FINISHED],
    ['the rotation was given up', []],
    ['the labels cannot be read', UNREADABLE],
  ])('changes nothing if %s', async (_, labels) => {
    expect(await changed({ 0: labels })).toMatchObject({ done: [], endedMs: 0 });
  });

  it('sets the value again if the version becomes current while an earlier proof still holds', async () => {
    for (const fromMs of [1, 600, PROOF_HOLDS_MS, PROOF_HOLDS_MS + 4_000]) {
      const { done, endedMs } = await changed({ 0: PENDING, [fromMs]: FINISHED });
      expect(done).toEqual(['back', 'again']);
      expect(endedMs - fromMs).toBeLessThanOrEqual(500);
    }
  });

  it('sets it again if AWSPENDING was taken from the version when it became current', async () => {
    expect((await changed({ 0: PENDING, 1000: ['AWSCURRENT'] })).done).toEqual(['back', 'again']);
  });

  it('ends once no proof of before holds any more', async () => {
    const { done, endedMs } = await changed({ 0: PENDING });
    expect(done).toEqual(['back']);
    expect(endedMs).toBeGreaterThan(PROOF_HOLDS_MS + 4_000);
  });

  it('keeps reading if the labels cannot be read for a moment', async () => {
    expect((await changed({ 0: PENDING, 1: UNREADABLE, 3000: FINISHED })).done).toEqual(['back', 'again']);
  });

  it('leaves the strategy time to say why it changed the value back', async () => {
    const { done, endedMs } = await changed({ 0: PENDING }, 3_000);
    expect(done).toEqual(['back']);
    expect(endedMs).toBeLessThan(3_000);
  });
});
