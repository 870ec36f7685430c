import { setTimeout as sleep } from 'node:timers/promises';

/** How the calls of an application ended. */
export interface Calls {
  succeeded: number;
  failed: number;
}

/** Calls again and again, as an application does under load, until it is stopped. */
export function callAgain(call: () => Promise<unknown>) {
  const calls: Calls = { succeeded: 0, failed: 0 };
  let stopped = false;
  const done = (async () => {
    while (!stopped) {
      await call().then(
        () => {
          calls.succeeded += 1;
        },
        () => {
          calls.failed += 1;
        },
      );
      await sleep(10);
    }
  })();
  return {
    calls,
    async stop(): Promise<void> {
      stopped = true;
      await done;
    },
  };
}
