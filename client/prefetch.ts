import type { CacheContext } from './cache-context.ts';
import { storedVersion } from './read-version.ts';
import type { RotatingSecret } from './rotating-secret.ts';
import { withDeadline } from './with-deadline.ts';

/** How many BatchGetSecretValue takes, and how many single reads are under way at a time. */
const AT_A_TIME = 20;

/** Reads them all, or fails with the first that cannot be read. With a context: by batches first. */
export async function prefetch(
  secrets: readonly RotatingSecret<unknown>[],
  context: CacheContext | undefined,
): Promise<void> {
  for (let first = 0; first < secrets.length; first += AT_A_TIME) {
    const some = secrets.slice(first, first + AT_A_TIME);
    if (context) await readBatch(some, context).catch(() => {});
    await Promise.all(some.map((secret) => secret.peek() ?? secret.get()));
  }
}

/** What it does not bring is read one by one. */
async function readBatch(secrets: readonly RotatingSecret<unknown>[], context: CacheContext): Promise<void> {
  const { calls, timeoutSeconds, counts, readsOf } = context;
  const unread = secrets.filter((secret) => secret.versionStage === 'AWSCURRENT' && secret.peek() === undefined);
  const wanted = [...new Set(unread.map(({ secretId }) => secretId))];
  if (wanted.length < 2) return;
  const { signal } = new AbortController();
  counts.calls += 1;
  const { SecretValues = [] } = await withDeadline(timeoutSeconds, signal, 'A batch', (abortSignal) =>
    calls.batchGetSecretValue(wanted, { abortSignal }),
  );
  for (const found of SecretValues) {
    const secretId = wanted.find((name) => name === found.Name || name === found.ARN);
    // What is wrong with it, its own read tells.
    if (secretId !== undefined) readsOf(secretId, 'AWSCURRENT').offer(storedVersion(found, secretId));
  }
}
