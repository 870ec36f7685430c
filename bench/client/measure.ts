import { setTimeout as sleep } from 'node:timers/promises';
import type { Read } from './peers.ts';

/** What became of many reads. */
export interface Outcome {
  readonly reads: number;
  readonly failed: number;
  /** Neither answered nor refused, a second after the last was begun. */
  readonly unfinished: number;
  /** Milliseconds, of the ones that were answered. */
  readonly p999: number;
}

/** Nanoseconds per call of something that ends at once. */
export function nanoseconds(count: number, run: () => unknown): number {
  const started = process.hrtime.bigint();
  for (let index = 0; index < count; index += 1) run();
  return Number(process.hrtime.bigint() - started) / count;
}

/** The same, awaited. */
export async function awaitedNanoseconds(count: number, run: Read): Promise<number> {
  const started = process.hrtime.bigint();
  for (let index = 0; index < count; index += 1) await run();
  return Number(process.hrtime.bigint() - started) / count;
}

/** Begins so many reads a second, whether the ones before have ended or not. */
export async function readSteadily(read: Read, perSecond: number, seconds: number): Promise<Outcome> {
  const took: number[] = [];
  let [reads, failed] = [0, 0];
  const one = async () => {
    const started = performance.now();
    await read().then(
      () => took.push(performance.now() - started),
      () => {
        failed += 1;
      },
    );
  };
  const begun = performance.now();
  for (let elapsed = 0; elapsed < seconds * 1000; elapsed = performance.now() - begun) {
    for (; reads < (elapsed * perSecond) / 1000; reads += 1) one();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await sleep(1_000);
  return { reads, failed, unfinished: reads - failed - took.length, p999: quantile(took, 0.999) };
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
