import type { Rotation, StepOutcome } from './invocation.ts';
import { lastStored } from './last-stored.ts';
import { pendingValue } from './pending-value.ts';
import { provedVersions } from './proved-versions.ts';

/**
 * Uses the pending value as an application would. No call in the process that stored it last, one otherwise:
 * GetSecretValue.
 */
export async function testSecret<Current, Pending>(rotation: Rotation<Current, Pending>): Promise<StepOutcome> {
  const pending = (await justStored(rotation)) ?? (await pendingValue(rotation));
  if (pending === undefined) return 'already done';
  await rotation.deadline.within('test', () => rotation.strategy.test(pending.value, rotation.context));
  provedVersions.add(rotation);
  return 'done';
}

/** A version that lost `AWSPENDING` in the meantime is proved in vain, and does no harm: finishSecret asks for its labels. */
async function justStored<Current, Pending>(rotation: Rotation<Current, Pending>) {
  const document = lastStored.take(rotation);
  if (document === undefined) return undefined;
  return { value: await rotation.check(document, rotation.strategy.pending, `AWSPENDING of ${rotation.name}`) };
}
