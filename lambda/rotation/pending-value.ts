import { setTimeout as sleep } from 'node:timers/promises';
import type { Invocation, Version } from './invocation.ts';
import { RotationError } from './rotation-error.ts';

/** How long a read may lag behind the write of the step before, in milliseconds. */
const WAITS_MS = [0, 100, 300, 900];

/**
 * Reads the value that createSecret stored.
 * @returns undefined if the version is already current: an earlier attempt completed the rotation
 * @throws VERSION_UNKNOWN, VERSION_NOT_PENDING, SECRET_VALUE
 */
export async function pendingValue<Current, Pending>(
  invocation: Invocation<Current, Pending>,
): Promise<Version<Pending> | undefined> {
  for (const waitMs of WAITS_MS) {
    await invocation.deadline.within('the value that createSecret stored', () => sleep(waitMs));
    const pending = await invocation.pending();
    const stages = pending?.stored.stages ?? (await invocation.labels()).stages;
    if (stages.includes('AWSCURRENT')) return undefined;
    if (!stages.includes('AWSPENDING')) throw await invocation.notPending();
    if (pending !== undefined) return pending;
  }
  throw new RotationError(
    'SECRET_VALUE',
    `AWSPENDING of ${invocation.name} has no value. createSecret has to run before this step.`,
  );
}
