import { pendingValue } from './pending-value.ts';
import { provedVersions } from './proved-versions.ts';
import type { Rotation, StepOutcome } from './rotation.ts';

/** Uses the pending value as an application would. One call: GetSecretValue. */
export async function testSecret<Current, Pending>(rotation: Rotation<Current, Pending>): Promise<StepOutcome> {
  const pending = await pendingValue(rotation);
  if (pending === undefined) return 'already done';
  await rotation.deadline.within('test', () => rotation.strategy.test(pending.value, rotation.context));
  provedVersions.add(rotation);
  return 'done';
}
