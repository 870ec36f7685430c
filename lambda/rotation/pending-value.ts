import { setTimeout as sleep } from 'node:timers/promises';
import type { Rotation } from './rotation.ts';
import { RotationError } from './rotation-error.ts';

/** How long a read may lag behind the write of the step before, in milliseconds. */
const WAITS_MS = [0, 100, 300, 900];

/**
 * The value that createSecret stored.
 * @returns undefined where the version is current already: an earlier attempt went all the way
 * @throws VERSION_UNKNOWN, VERSION_NOT_PENDING, SECRET_VALUE
 */
export async function pendingValue<Current, Pending>(rotation: Rotation<Current, Pending>) {
  for (const waitMs of WAITS_MS) {
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: rotation.deadline.signal });
    const pending = await rotation.pending();
    if (pending !== undefined) return pending;
    const { stages } = await rotation.labels();
    if (stages.includes('AWSCURRENT')) return undefined;
    if (!stages.includes('AWSPENDING')) throw rotation.notPending();
  }
  throw new RotationError(
    'SECRET_VALUE',
    `AWSPENDING of ${rotation.name} has no value. createSecret has to run before this step.`,
  );
}
