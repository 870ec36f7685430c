import type { Invocation, StepOutcome } from './invocation.ts';
import { lastStored } from './last-stored.ts';
import { provePending } from './prove-pending.ts';

/**
 * Proves the pending value. It makes no call in the process that has just stored the value, and otherwise one:
 * GetSecretValue.
 */
export async function testSecret<Current, Pending>(invocation: Invocation<Current, Pending>): Promise<StepOutcome> {
  return provePending(invocation, await justStored(invocation));
}

/** If the version has lost `AWSPENDING` since, the proof does no harm: finishSecret reads the labels. */
async function justStored<Current, Pending>(invocation: Invocation<Current, Pending>) {
  const document = lastStored.take(invocation);
  if (document === undefined) return undefined;
  return { value: await invocation.check(document, invocation.strategy.pending, `AWSPENDING of ${invocation.name}`) };
}
