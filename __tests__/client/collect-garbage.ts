import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Lets go what nobody holds on to. What a WeakRef has shown stays until the turn ends, so this waits for that. */
export async function collectGarbage(): Promise<void> {
  await sleep(10);
  collect();
}
