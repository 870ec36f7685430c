import { AsyncLocalStorage } from 'node:async_hooks';
import type { CacheContext } from './cache-context.ts';
import type { CachedSecret } from './cached-secret.ts';
import { publish, type SecretName } from './diagnostics.ts';
import { flight } from './flight.ts';
import { isWithin } from './is-within.ts';
import { pace } from './pace.ts';
import { sdkFailure } from './sdk-failure.ts';
import { SecretReadError } from './secret-read-error.ts';
import { withDeadline } from './with-deadline.ts';

/** A version as it was stored when Secrets Manager was asked. */
export interface SecretRead {
  readonly versionId: string;
  readonly content: string | Uint8Array;
  readonly readMs: number;
}

/** A read belongs to all who wait for it, so it runs in nobody's request. */
const inNoRequest = AsyncLocalStorage.snapshot();

export type SecretReads = ReturnType<typeof secretReads>;

/** The calls for one secret under one label. All views of the secret share them. */
export function secretReads(name: SecretName, { calls, counts, maxAgeSeconds, timeoutSeconds }: CacheContext) {
  const { secretId, versionStage } = name;
  const what = `${versionStage} of ${secretId}`;
  const reading = flight<SecretRead>((timeoutSeconds + 1) * 1000);
  /** Weak, like the cache's own list. */
  let views: WeakRef<CachedSecret<unknown>>[] = [];
  let last: SecretRead | undefined;

  /** What was read after that moment, if it is not too old. */
  const since = (afterMs: number) =>
    last && last.readMs > afterMs && isWithin(Date.now(), last.readMs, maxAgeSeconds * 1000) ? last : undefined;

  /** One call, which names the label, so that a policy's condition on `secretsmanager:VersionStage` holds. */
  async function call(signal: AbortSignal): Promise<SecretRead> {
    const started = performance.now();
    let failure: SecretReadError | undefined;
    counts.calls += 1;
    try {
      const { SecretString, SecretBinary, VersionId } = await withDeadline(
        timeoutSeconds,
        signal,
        `${what} cannot be read: Secrets Manager`,
        (abortSignal) => calls.getSecretValue({ SecretId: secretId, VersionStage: versionStage }, { abortSignal }),
      );
      const content = SecretString ?? SecretBinary;
      if (content === undefined) {
        const problem = `${what} has no value; expected SecretString or SecretBinary.`;
        throw new SecretReadError('SECRET_VALUE', problem);
      }
      signal.throwIfAborted();
      reads.pace.succeeded();
      last = { versionId: VersionId ?? '', content, readMs: Date.now() };
      return last;
    } catch (error) {
      failure = sdkFailure(error, what);
      counts.failedCalls += 1;
      if (!signal.aborted) reads.pace.failed();
      throw failure;
    } finally {
      // What was given up says nothing of how reads fare.
      if (!signal.aborted) reads.failure = failure;
      const milliseconds = performance.now() - started;
      publish('read', { ...name, milliseconds, ...(failure && { errorCode: failure.code }) });
    }
  }

  const reads = {
    pace: pace(),
    /** Why the last call failed. */
    failure: undefined as SecretReadError | undefined,
    since,

    /** The views of the secret that are still in use, or hold a value. */
    views(): CachedSecret<unknown>[] {
      const found = views.flatMap((view) => view.deref() ?? []);
      if (found.length < views.length) views = found.map((view) => new WeakRef(view));
      return found;
    },

    addView: (secret: CachedSecret<unknown>) => void views.push(new WeakRef(secret)),

    /** Whether to ask now: what was read meanwhile, or a call under way, costs nothing; of other calls there is one a second. */
    mayRefresh: (afterMs: number) => reading.isRunning() || !!since(afterMs) || reads.pace.takeRefresh(),

    /** What was read after that moment, or one call for all who want it at the same time. @throws SecretReadError */
    async read(afterMs: number): Promise<SecretRead> {
      const known = reading.isRunning() ? undefined : since(afterMs);
      return known ?? inNoRequest(reading.join, call);
    },

    /** Forgets what was read. */
    release(): void {
      last = undefined;
    },

    /** Gives up the call under way. */
    abort: reading.abort,
  };
  return reads;
}
