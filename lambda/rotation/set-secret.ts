import type { Invocation, StepOutcome } from './invocation.ts';
import { pendingValue } from './pending-value.ts';
import { RotationError } from './rotation-error.ts';

/** A handful: an endless guess would lock the account. */
const MOST_EARLIER_VERSIONS = 5;

/**
 * Makes the target accept the pending value. No call at all for a strategy that has nothing to set; two otherwise:
 * GetSecretValue for the pending and the current version.
 */
export async function setSecret<Current, Pending>(invocation: Invocation<Current, Pending>): Promise<StepOutcome> {
  const { strategy, deadline, context } = invocation;
  if (strategy.set === undefined) return 'done';
  const pending = await pendingValue(invocation);
  if (pending === undefined) return 'already done';
  const current = await invocation.current();
  if (current === undefined) {
    throw new RotationError('SECRET_VALUE', `${invocation.name} has no current value to change from. Store one first.`);
  }
  const earlier = () => earlierValues(invocation, [invocation.versionId, current.stored.versionId]);
  const change = { current: current.value, pending: pending.value, earlier };
  await deadline.within('set', () => strategy.set?.(change, context));
  return 'done';
}

/** Values of other versions that still fit the strategy, newest first, each read when it is asked for. */
async function* earlierValues<Current, Pending>(invocation: Invocation<Current, Pending>, known: readonly string[]) {
  const versionIds = await invocation.versions.newestFirst(invocation.secretId);
  for (const versionId of versionIds.filter((id) => !known.includes(id)).slice(0, MOST_EARLIER_VERSIONS)) {
    const value = await invocation.earlier(versionId);
    if (value !== undefined) yield value;
  }
}
