import type { CacheContext } from './cache-context.ts';
import { candidates } from './candidates.ts';
import { concealed } from './concealed.ts';
import { handOut } from './held-version.ts';
import type { ValueOptions } from './read-value.ts';
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
    const fresh = this.#entry.fresh();
    if (fresh?.isShared) return fresh.promise;
    return concealed(fresh ? Promise.resolve(handOut(fresh)) : this.#entry.current().then(handOut));
  }

  peek(): Value | undefined {
    const fresh = this.#entry.fresh();
    return fresh && handOut(fresh);
  }

  refresh(): Promise<Value> {
    return concealed(this.#entry.refresh().then(handOut));
  }

  async withRetry<Result>(attempt: (value: Value) => Promise<Result>, options: RetryOptions): Promise<Result> {
    let failure: unknown;
    for await (const value of this.candidates(options)) {
      try {
        const result = await attempt(value);
        this.#entry.accepted();
        return result;
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

  hasOptions({ schema, expiresAt }: { readonly schema: unknown; readonly expiresAt: unknown }): boolean {
    return this.#options.schema === schema && this.#options.expiresAt === expiresAt;
  }

  close(): void {
    this.#entry.close();
  }
}
