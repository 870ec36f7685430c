import type { CacheContext } from './cache-context.ts';
import { candidates } from './candidates.ts';
import { concealed } from './concealed.ts';
import type { ValueOptions } from './read-value.ts';
import type { StoredVersion } from './read-version.ts';
import type { CandidateOptions, RetryOptions, RotatingSecret, SecretStatus } from './rotating-secret.ts';
import { SecretEntry } from './secret-entry.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** A secret of a cache, as its user holds it. */
export class CachedSecret<Value> implements RotatingSecret<Value> {
  readonly #options: ValueOptions<Value>;
  readonly #entry: SecretEntry<Value>;

  constructor(
    readonly secretId: string,
    readonly versionStage: string,
    options: ValueOptions<Value>,
    context: CacheContext,
  ) {
    this.#options = options;
    this.#entry = new SecretEntry(secretId, versionStage, options, context, this);
  }

  get(): Promise<Value> {
    return this.#entry.fresh()?.promise ?? concealed(this.#entry.current().then(({ value }) => value));
  }

  peek(): Value | undefined {
    return this.#entry.fresh()?.value;
  }

  refresh(): Promise<Value> {
    return concealed(this.#entry.refresh().then(({ value }) => value));
  }

  async withRetry<Result>(attempt: (value: Value) => Promise<Result>, options: RetryOptions): Promise<Result> {
    let failure: unknown;
    for await (const value of this.candidates(options)) {
      try {
        return await attempt(value);
      } catch (error) {
        if (!options.refused(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  }

  candidates(options?: CandidateOptions): AsyncGenerator<Value, void, undefined> {
    return candidates(this.#entry, options);
  }

  onRotation(listener: (value: Value) => void): () => void {
    return this.#entry.onRotation(listener);
  }

  waitUntilReady({ timeoutSeconds }: { readonly timeoutSeconds: number }): Promise<Value> {
    return concealed(waitUntilReady(this, timeoutSeconds, this.#entry.closed));
  }

  status(): SecretStatus {
    return this.#entry.status();
  }

  /** Takes a version of its own that was read together with others. */
  offer(stored: StoredVersion): Promise<void> {
    return this.#entry.offer(stored);
  }

  hasOptions({ schema, expiresAt }: { readonly schema: unknown; readonly expiresAt: unknown }): boolean {
    return this.#options.schema === schema && this.#options.expiresAt === expiresAt;
  }

  close(): void {
    this.#entry.close();
  }
}
