import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, or ends at once where the cache is closed. */
export async function pause(ms: number, closed: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal: closed }).catch(() => {});
}
