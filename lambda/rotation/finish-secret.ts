import type { Invocation, StepOutcome } from './invocation.ts';
import { provePending } from './prove-pending.ts';
import { provedVersions } from './proved-versions.ts';

/**
 * Makes the pending version current. It makes two calls: DescribeSecret and UpdateSecretVersionStage. Secrets Manager moves
 * `AWSPREVIOUS` itself, and removes `AWSPENDING` at the end.
 *
 * Only a proved version becomes current. In a normal rotation, this process has just proved it in testSecret. A process
 * that has not proves it here, with one more call: GetSecretValue.
 *
 * A rotation that was cancelled in the meantime is finished all the same. The target already accepts the new value, so if
 * this step stopped, applications could be left with a value that the target refuses.
 */
export async function finishSecret<Current, Pending>(invocation: Invocation<Current, Pending>): Promise<StepOutcome> {
  const { stages, currentVersionId } = await invocation.labels();
  if (stages.includes('AWSCURRENT')) return 'already done';
  if (!stages.includes('AWSPENDING')) throw await invocation.notPending();
  if (!provedVersions.has(invocation) && (await provePending(invocation)) === 'already done') return 'already done';
  try {
    const move = { from: currentVersionId, to: invocation.versionId };
    await invocation.versions.moveStage(invocation.secretId, 'AWSCURRENT', move);
    return 'done';
  } catch (error) {
    // An overlapping invocation moved the label, or a first try did and its answer was lost. If the labels cannot be read
    // either, the first error is the one to report.
    const now = await invocation.labels().catch(() => undefined);
    if (now?.stages.includes('AWSCURRENT')) return 'already done';
    throw error;
  }
}
