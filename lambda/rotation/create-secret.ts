import type { Rotation, StepOutcome } from './invocation.ts';
import { lastStored } from './last-stored.ts';
import { RotationError } from './rotation-error.ts';
import { changeDocument } from './secret-document.ts';

/**
 * Stores the new value as `AWSPENDING`, once: a retry finds it there.
 * Four calls: DescribeSecret, GetSecretValue twice, PutSecretValue.
 */
export async function createSecret<Current, Pending>(rotation: Rotation<Current, Pending>): Promise<StepOutcome> {
  const { strategy, versions, deadline, scrubber, secretId, versionId } = rotation;
  const { rotationEnabled, rotationRules, stages } = await rotation.labels();
  if (stages.includes('AWSCURRENT')) return 'already done';
  if (!rotationEnabled) {
    throw new RotationError(
      'ROTATION_DISABLED',
      `${rotation.name} has no rotation (never configured, or cancelled). Configure it, or call RotateSecret.`,
    );
  }
  if (!stages.includes('AWSPENDING')) throw await rotation.notPending();
  if ((await rotation.pending()) !== undefined) return 'already done';

  const current = await rotation.current();
  const context = { ...rotation.context, rotationRules };
  const change = await deadline.within('create', () => strategy.create(current?.value, context));
  scrubber.learn(change, strategy.publicFields);
  const document = changeDocument(current?.stored.secretString, change);
  await rotation.check(document, strategy.pending, 'The new value');
  try {
    await versions.putPending(secretId, versionId, document, rotation.rotationToken);
    lastStored.keep(rotation, document);
    return 'done';
  } catch (error) {
    // An overlapping invocation, or a first try whose answer was lost, stored another value: that one counts.
    if (error instanceof Error && error.name === 'ResourceExistsException') return 'already done';
    throw error;
  }
}
