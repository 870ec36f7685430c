import { AsyncLocalStorage } from 'node:async_hooks';
import type { CacheContext } from './cache-context.ts';
import { Flight } from './flight.ts';
import { isWithin } from './is-within.ts';
import { Pace } from './pace.ts';
import { readVersion, type StoredVersion } from './read-version.ts';
import { SecretReadError } from './secret-read-error.ts';

/** A version as it was stored when Secrets Manager was asked. */
export interface SecretRead extends StoredVersion {
  readonly readMs: number;
}

/** A read belongs to all who wait for it, so it runs in nobody's request. */
const inNoRequest = AsyncLocalStorage.snapshot();

/** The calls for one secret under one label. All views of the secret share them. */
export class SecretReads {
  readonly pace = new Pace();
  readonly #flight = new Flight<SecretRead>();
  #last: SecretRead | undefined;
  /** Why the last call failed. */
  failure: SecretReadError | undefined;

  constructor(
    private readonly secretId: string,
    private readonly versionStage: string,
    private readonly context: CacheContext,
  ) {}

  /** What was read after that moment, if it is not too old. */
  since(afterMs: number): SecretRead | undefined {
    const last = this.#last;
    const isNew = last && last.readMs > afterMs && isWithin(Date.now(), last.readMs, this.context.maxAgeSeconds * 1000);
    return isNew ? last : undefined;
  }

  /** Whether to ask now: what was read meanwhile, or a call under way, costs nothing; of other calls there is one a second. */
  mayRefresh(afterMs: number): boolean {
    return this.#flight.isRunning || this.since(afterMs) !== undefined || this.pace.takeRefresh(Date.now());
  }

  /** What was read after that moment, or one call for all who want it at the same time. @throws SecretReadError */
  read(afterMs: number): Promise<SecretRead> {
    const known = this.#flight.isRunning ? undefined : this.since(afterMs);
    if (known) return Promise.resolve(known);
    const longestMs = (this.context.timeoutSeconds + 1) * 1000;
    return inNoRequest(() => this.#flight.join(longestMs, (signal) => this.#call(signal)));
  }

  /** Takes a version that was read together with others. */
  offer(stored: StoredVersion): void {
    this.#last = { ...stored, readMs: Date.now() };
  }

  release(): void {
    this.#last = undefined;
  }

  close(reason: SecretReadError): void {
    this.#flight.abort(reason);
    this.release();
  }

  async #call(signal: AbortSignal): Promise<SecretRead> {
    const { counts, calls, timeoutSeconds } = this.context;
    counts.calls += 1;
    try {
      const stored = await readVersion(this.secretId, this.versionStage, { calls, timeoutSeconds, signal });
      signal.throwIfAborted();
      this.pace.succeeded();
      this.failure = undefined;
      this.#last = { ...stored, readMs: Date.now() };
      return this.#last;
    } catch (error) {
      counts.failedCalls += 1;
      if (!signal.aborted) {
        this.pace.failed(Date.now());
        this.failure = error instanceof SecretReadError ? error : undefined;
      }
      throw error;
    }
  }
}
