import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { CacheContext } from './cache-context.ts';
import { type CacheCounts, cacheCounts } from './cache-counts.ts';
import { CachedSecret } from './cached-secret.ts';
import { checkOptions } from './check-options.ts';
import { prefetch } from './prefetch.ts';
import type { SecretContent } from './read-value.ts';
import type { SecretsManager } from './read-version.ts';
import type { RotatingSecret, SecretStatus } from './rotating-secret.ts';
import { SecretReadError } from './secret-read-error.ts';
import { ValueBound } from './value-bound.ts';

export interface SecretsCacheOptions {
  /** Yours: it decides on region, credentials and retries, and closing the cache leaves it open. */
  readonly client: SecretsManager;
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
  /** What the value must be: any Standard Schema. It sees a JSON object as that, any other text as a string, and bytes. */
  readonly schema: StandardSchemaV1<unknown, Value>;
  /** @default AWSCURRENT */
  readonly versionStage?: string;
  /** When a value ends by itself: it is read again before, and not handed out after. */
  readonly expiresAt?: (value: Value) => Date | undefined;
}

/** The secrets of an application. Prints without a value. */
export interface SecretsCache {
  /**
   * A secret by its name or ARN. The same name and label give the same object: make it once, at the top of a module. Makes no
   * call.
   *
   * @throws SecretReadError CONFIGURATION the same name and label were given with another schema
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
export function secretsCache(options: SecretsCacheOptions): SecretsCache {
  checkOptions(options);
  return new BoundedSecretsCache(options);
}

class BoundedSecretsCache implements SecretsCache {
  readonly #context: CacheContext;
  /** Weak: what nobody holds on to and has no value any more is forgotten. */
  readonly #secrets = new Map<string, WeakRef<CachedSecret<unknown>>>();
  readonly #forgotten = new FinalizationRegistry((key: string) => {
    if (!this.#secrets.get(key)?.deref()) this.#secrets.delete(key);
  });
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
    this.#context = { client, ...ages, timeoutSeconds, counts: cacheCounts(), onHeld: new ValueBound(maxSecrets).add };
  }

  secret<Value>(
    secretId: string,
    { schema, versionStage = 'AWSCURRENT', expiresAt }: Partial<SecretOptions<Value>> = {},
  ): RotatingSecret<Value> {
    const key = `${versionStage} ${secretId}`;
    const known = this.#secrets.get(key)?.deref();
    const options = { schema, expiresAt };
    if (known?.hasOptions(options)) return known as CachedSecret<Value>;
    if (known) {
      const problem = `${versionStage} of ${secretId} was asked for before with another schema or expiresAt`;
      throw new SecretReadError('CONFIGURATION', `${problem}. Make it once, and import it where it is needed.`);
    }
    const secret = new CachedSecret<Value>(secretId, versionStage, options, this.#context);
    if (this.#isClosed) secret.close();
    this.#secrets.set(key, new WeakRef(secret as CachedSecret<unknown>));
    this.#forgotten.register(secret, key);
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
  }

  #all(): CachedSecret<unknown>[] {
    return [...this.#secrets.values()].flatMap((secret) => secret.deref() ?? []);
  }
}
