import type { Invocation, StepOutcome } from './invocation.ts';
import { pendingValue } from './pending-value.ts';
import { provedVersions } from './proved-versions.ts';

/**
 * Uses the pending value as an application would, and remembers that it works.
 * @param known the value, if this process has it; otherwise it is read with one call, GetSecretValue
 */
export async function provePending<Current, Pending>(
  invocation: Invocation<Current, Pending>,
  known?: { readonly value: Pending },
): Promise<StepOutcome> {
  const pending = known ?? (await pendingValue(invocation));
  if (pending === undefined) return 'already done';
  await invocation.deadline.within('test', () => invocation.strategy.test(pending.value, invocation.context));
  provedVersions.add(invocation);
  return 'done';
}
