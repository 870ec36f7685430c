import type { Invocation, StepOutcome } from './invocation.ts';
import { lastStored } from './last-stored.ts';
import { pendingValue } from './pending-value.ts';
import { provedVersions } from './proved-versions.ts';

/**
 * Uses the pending value as an application would. No call in the process that stored it last, one otherwise:
 * GetSecretValue.
 */
export async function testSecret<Current, Pending>(invocation: Invocation<Current, Pending>): Promise<StepOutcome> {
  const pending = (await justStored(invocation)) ?? (await pendingValue(invocation));
  if (pending === undefined) return 'already done';
  await invocation.deadline.within('test', () => invocation.strategy.test(pending.value, invocation.context));
  provedVersions.add(invocation);
  return 'done';
}

/** A version that lost `AWSPENDING` in the meantime is proved in vain, and does no harm: finishSecret asks for its labels. */
async function justStored<Current, Pending>(invocation: Invocation<Current, Pending>) {
  const document = lastStored.take(invocation);
  if (document === undefined) return undefined;
  return { value: await invocation.check(document, invocation.strategy.pending, `AWSPENDING of ${invocation.name}`) };
}
