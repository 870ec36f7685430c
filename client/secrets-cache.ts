import type { CacheContext } from './cache-context.ts';
import { type CacheCounts, cacheCounts } from './cache-counts.ts';
import { CachedSecret } from './cached-secret.ts';
import { checkCacheOptions, checkSecret } from './check-options.ts';
import { prefetch } from './prefetch.ts';
import type { SecretContent } from './read-value.ts';
import type { RotatingSecret, SecretStatus } from './rotating-secret.ts';
import { SecretReads } from './secret-reads.ts';
import { type SecretsManager, SecretsManagerCalls } from './secrets-manager.ts';
import type { StandardSchema } from './standard-schema.ts';
import { ValueBound } from './value-bound.ts';

export interface SecretsCacheOptions {
  /**
   * Yours: it decides on region, credentials and retries, and closing the cache leaves it open.
   * @default a SecretsManagerClient of the AWS SDK, as its environment configures it
   */
  readonly client?: SecretsManager;
  /** How long a value is fresh. @default 300 */
  readonly maxAgeSeconds?: number;
  /**
   * How long after that the old value is handed out at once, while one call reads the new one. With 0 reads wait for
   * that call: the strict mode, in which no revoked value is handed out after an idle time.
   * @default 3600
   */
  readonly staleWhileRevalidateSeconds?: number;
  /** How long after that the old value is handed out while Secrets Manager fails or cannot be reached. @default 86400 */
  readonly staleIfErrorSeconds?: number;
  /** How long one read may take, with the AWS SDK's own retries. @default 5 */
  readonly timeoutSeconds?: number;
  /** How many values are held at most; those used least are read again when they are needed. @default 1000 */
  readonly maxSecrets?: number;
}

export interface SecretOptions<Value> {
  /** What the value must be: any Standard Schema. It sees JSON objects and arrays as such, other text as a string, other bytes as bytes. */
  readonly schema: StandardSchema<Value>;
  /** @default AWSCURRENT */
  readonly versionStage?: string;
  /** When a value ends by itself: it is read again before, and not handed out after. */
  readonly expiresAt?: (value: Value) => Date | undefined;
}

/** The secrets of an application. Prints without a value. */
export interface SecretsCache {
  /**
   * A secret by its name or ARN. Make it once, at the top of a module: the same name, label and schema give the same object.
   * Other schemas give other views of the secret, each with its own value; all views of a secret share its reads. Makes no call.
   *
   * @throws SecretReadError CONFIGURATION the name is none, or an option is not as expected
   */
  secret<Value>(secretId: string, options: SecretOptions<Value>): RotatingSecret<Value>;
  secret(secretId: string, options?: Partial<SecretOptions<SecretContent>>): RotatingSecret<SecretContent>;
  /**
   * Reads them all now, so that an application that cannot does not start.
   *
   * @param options.batch reads `AWSCURRENT` of twenty at a time, with `secretsmanager:BatchGetSecretValue`, an action that only
   * `"Resource": "*"` can allow; where that fails, one by one. @default false
   * @throws SecretReadError of the first that failed
   */
  prefetch(secrets: readonly RotatingSecret<unknown>[], options?: { readonly batch?: boolean }): Promise<void>;
  stats(): SecretsCacheStats;
  /** Gives up the reads under way and lets all values go. Reads fail with CLOSED from then on. */
  close(): void;
}

export interface SecretsCacheStats extends Readonly<CacheCounts> {
  readonly secrets: readonly SecretStatus[];
}

/**
 * Reads secrets that rotate, and remembers them: an application asks for a value whenever it needs one, and gets the one of
 * now.
 *
 * @throws SecretReadError CONFIGURATION an option is not as expected
 */
export function secretsCache(options: SecretsCacheOptions = {}): SecretsCache {
  checkCacheOptions(options);
  return new BoundedSecretsCache(options);
}

class BoundedSecretsCache implements SecretsCache {
  readonly #context: CacheContext;
  readonly #calls: SecretsManagerCalls;
  readonly #bound: ValueBound;
  /** By name and label. Weak: what nobody holds on to and has no value any more is forgotten. */
  readonly #views = new Map<string, Set<WeakRef<CachedSecret<unknown>>>>();
  readonly #reads = new Map<string, WeakRef<SecretReads>>();
  readonly #forgotten = new FinalizationRegistry<() => void>((forget) => forget());
  #isClosed = false;

  constructor({
    client,
    maxAgeSeconds = 300,
    staleWhileRevalidateSeconds = 3600,
    staleIfErrorSeconds = 86_400,
    timeoutSeconds = 5,
    maxSecrets = 1000,
  }: SecretsCacheOptions) {
    const ages = { maxAgeSeconds, staleWhileRevalidateSeconds, staleIfErrorSeconds };
    const counts = cacheCounts();
    this.#calls = new SecretsManagerCalls(client);
    this.#bound = new ValueBound(maxSecrets);
    this.#context = {
      ...ages,
      calls: this.#calls,
      timeoutSeconds,
      counts,
      readsOf: (secretId, versionStage) => this.#readsOf(secretId, versionStage),
      onHeld: this.#bound.add,
      onNoRoom() {
        counts.noRoom += 1;
        if (counts.noRoom > 1) return;
        const what = `More than maxSecrets (${maxSecrets}) secrets are in use, so some are read again and again`;
        process.emitWarning(`${what}. Raise maxSecrets.`, 'RotaformWarning');
      },
    };
  }

  secret<Value>(secretId: string, given: Partial<SecretOptions<Value>> = {}): RotatingSecret<Value> {
    checkSecret(secretId, given);
    const { schema, versionStage = 'AWSCURRENT', expiresAt } = given;
    const options = { schema, expiresAt };
    const key = `${versionStage} ${secretId}`;
    const views = this.#views.get(key) ?? new Set();
    const known = [...views].map((view) => view.deref()).find((view) => view?.hasOptions(options));
    if (known) return known as CachedSecret<Value>;
    const secret = new CachedSecret<Value>(secretId, versionStage, options, this.#context);
    if (this.#isClosed) {
      secret.close();
      return secret;
    }
    const view = new WeakRef(secret as CachedSecret<unknown>);
    this.#views.set(key, views.add(view));
    this.#forgotten.register(secret, () => {
      views.delete(view);
      if (views.size === 0 && this.#views.get(key) === views) this.#views.delete(key);
    });
    return secret;
  }

  prefetch(secrets: readonly RotatingSecret<unknown>[], { batch = false } = {}): Promise<void> {
    return prefetch(secrets, batch ? this.#context : undefined);
  }

  stats(): SecretsCacheStats {
    return { ...this.#context.counts, secrets: this.#all().map((secret) => secret.status()) };
  }

  close(): void {
    this.#isClosed = true;
    for (const secret of this.#all()) secret.close();
    this.#views.clear();
    this.#reads.clear();
    this.#bound.clear();
    this.#calls.close();
  }

  #readsOf(secretId: string, versionStage: string): SecretReads {
    const key = `${versionStage} ${secretId}`;
    const known = this.#reads.get(key)?.deref();
    if (known) return known;
    const reads = new SecretReads(secretId, versionStage, this.#context);
    this.#reads.set(key, new WeakRef(reads));
    this.#forgotten.register(reads, () => {
      if (!this.#reads.get(key)?.deref()) this.#reads.delete(key);
    });
    return reads;
  }

  #all(): CachedSecret<unknown>[] {
    return [...this.#views.values()].flatMap((views) => [...views].flatMap((view) => view.deref() ?? []));
  }
}
