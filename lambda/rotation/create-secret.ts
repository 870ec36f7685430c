import type { Invocation, StepOutcome } from './invocation.ts';
import { lastStored } from './last-stored.ts';
import { RotationError } from './rotation-error.ts';
import { changeDocument } from './secret-document.ts';

/**
 * Stores the new value as `AWSPENDING`, once: a retry finds it there.
 * Four calls: DescribeSecret, GetSecretValue twice, PutSecretValue.
 */
export async function createSecret<Current, Pending>(invocation: Invocation<Current, Pending>): Promise<StepOutcome> {
  const { strategy, versions, deadline, scrubber, secretId, versionId } = invocation;
  const { rotationEnabled, rotationRules, stages } = await invocation.labels();
  if (stages.includes('AWSCURRENT')) return 'already done';
  if (!rotationEnabled) {
    throw new RotationError(
      'ROTATION_DISABLED',
      `${invocation.name} has no rotation (never configured, or cancelled). Configure it, or call RotateSecret.`,
    );
  }
  if (!stages.includes('AWSPENDING')) throw await invocation.notPending();
  if ((await invocation.pending()) !== undefined) return 'already done';

  const current = await invocation.current();
  const context = { ...invocation.context, rotationRules };
  const change = await deadline.within('create', () => strategy.create(current?.value, context));
  scrubber.learn(change, strategy.publicFields);
  const document = changeDocument(current?.stored.secretString, change);
  await invocation.check(document, strategy.pending, 'The new value');
  try {
    await versions.putPending(secretId, versionId, document, invocation.rotationToken);
    lastStored.keep(invocation, document);
    return 'done';
  } catch (error) {
    // An overlapping invocation, or a first try whose answer was lost, stored another value: that one counts.
    if (error instanceof Error && error.name === 'ResourceExistsException') return 'already done';
    throw error;
  }
}
