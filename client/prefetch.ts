import { BatchGetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import type { CacheContext } from './cache-context.ts';
import { CachedSecret } from './cached-secret.ts';
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
  const { client, timeoutSeconds, counts } = context;
  const wanted = secrets.filter((secret) => secret.versionStage === 'AWSCURRENT' && secret.peek() === undefined);
  if (wanted.length < 2) return;
  const command = new BatchGetSecretValueCommand({ SecretIdList: wanted.map(({ secretId }) => secretId) });
  const { signal } = new AbortController();
  counts.calls += 1;
  const { SecretValues = [] } = await withDeadline(timeoutSeconds, signal, 'A batch', (abortSignal) =>
    client.send(command, { abortSignal }),
  );
  for (const found of SecretValues) {
    const secret = wanted.find(({ secretId }) => secretId === found.Name || secretId === found.ARN);
    if (!(secret instanceof CachedSecret)) continue;
    // What is wrong with it, its own read tells.
    await secret.offer(storedVersion(found, `AWSCURRENT of ${secret.secretId}`)).catch(() => {});
  }
}
