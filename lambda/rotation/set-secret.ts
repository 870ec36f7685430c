import { earlierValues } from './earlier-values.ts';
import type { Invocation, StepOutcome } from './invocation.ts';
import { pendingValue } from './pending-value.ts';
import { provedVersions } from './proved-versions.ts';
import { RotationError } from './rotation-error.ts';

/**
 * Makes the target accept the pending value. It makes no call for a strategy that has nothing to set, and otherwise two:
 * GetSecretValue for the pending version and for the current one.
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
  const earlier = (isLikely?: (versionId: string) => boolean, mostOlder?: number) =>
    earlierValues(invocation, [pending.stored, current.stored], isLikely, mostOlder);
  const change = { current: current.value, pending: pending.value, earlier };
  provedVersions.forget(invocation);
  await deadline.within('set', () => strategy.set?.(change, context));
  return 'done';
}
