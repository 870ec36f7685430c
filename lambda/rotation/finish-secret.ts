import type { Invocation, StepOutcome } from './invocation.ts';
import { pendingValue } from './pending-value.ts';
import { provedVersions } from './proved-versions.ts';

/**
 * Makes the pending version current. Two calls: DescribeSecret and UpdateSecretVersionStage; `AWSPREVIOUS` moves by
 * itself, and Secrets Manager takes `AWSPENDING` away at the end.
 *
 * A rotation cancelled in the meantime is finished all the same: the target already takes the new value, so stopping
 * here would leave applications with one that it may refuse.
 */
export async function finishSecret<Current, Pending>(invocation: Invocation<Current, Pending>): Promise<StepOutcome> {
  const { stages, currentVersionId } = await invocation.labels();
  if (stages.includes('AWSCURRENT')) return 'already done';
  if (!stages.includes('AWSPENDING')) throw await invocation.notPending();
  if (!provedVersions.has(invocation) && (await pendingValue(invocation)) === undefined) return 'already done';
  try {
    const move = { from: currentVersionId, to: invocation.versionId };
    await invocation.versions.moveStage(invocation.secretId, 'AWSCURRENT', move);
    return 'done';
  } catch (error) {
    // The label had moved: by an overlapping invocation, or by a first try whose answer was lost. Where that cannot be
    // read either, the first error is the one to tell.
    const now = await invocation.labels().catch(() => undefined);
    if (now?.stages.includes('AWSCURRENT')) return 'already done';
    throw error;
  }
}
