import type { Invocation, StepOutcome } from './invocation.ts';
import { lastStored } from './last-stored.ts';
import { newDocument } from './new-document.ts';

/** If `create` took longer, the labels may have moved since they were read. */
const SLOW_MS = 2_000;

/**
 * Stores the new value as `AWSPENDING`, once: a retry finds it there. It makes four calls: DescribeSecret, GetSecretValue
 * twice, and PutSecretValue.
 */
export async function createSecret<Current, Pending>(invocation: Invocation<Current, Pending>): Promise<StepOutcome> {
  const { versions, secretId, versionId } = invocation;
  const { rotationEnabled, rotationRules, stages } = await invocation.labels();
  if (stages.includes('AWSCURRENT')) return 'already done';
  if (!rotationEnabled) throw invocation.disabled();
  if (!stages.includes('AWSPENDING')) throw await invocation.notPending();
  if ((await invocation.pending()) !== undefined) return 'already done';

  const current = await invocation.current();
  const context = { ...invocation.context, rotationRules };
  const startedAt = performance.now();
  const { text: document } = await newDocument(invocation, current, context);
  if (performance.now() - startedAt > SLOW_MS) {
    const now = await invocation.labels();
    // Storing a version that was given up would take AWSPENDING from the rotation that was started after it.
    if (!now.stages.includes('AWSPENDING') && !now.stages.includes('AWSCURRENT')) throw await invocation.notPending();
  }
  try {
    // Readers find the new value where they found the old one: as a string, or as bytes.
    const isBinary = current?.stored.isBinary ?? false;
    await versions.putPending(secretId, versionId, { secretString: document, isBinary }, invocation.rotationToken);
    lastStored.keep(invocation, document);
    return 'done';
  } catch (error) {
    // An overlapping invocation, or a first try whose answer was lost, stored another value. That one counts.
    if (error instanceof Error && error.name === 'ResourceExistsException') return 'already done';
    throw error;
  }
}
