import { setMaxListeners } from 'node:events';
import type { CacheContext } from './cache-context.ts';
import { type CacheCounts, cacheCounts } from './cache-counts.ts';
import { type CachedSecret, cachedSecret } from './cached-secret.ts';
import { aName, CACHE, checkOptions, expect, SECRET } from './check-options.ts';
import type { SecretContent } from './read-value.ts';
import type { RotatingSecret, SecretStatus } from './rotating-secret.ts';
import { type SecretReads, secretReads } from './secret-reads.ts';
import { type SecretsManager, secretsManagerCalls } from './secrets-manager.ts';
import type { StandardSchema } from './standard-schema.ts';
import { valueBound } from './value-bound.ts';

/** How many reads a prefetch has under way at a time. */
const AT_A_TIME = 20;

export interface SecretsCacheOptions {
  /**
   * Yours: it decides on region, credentials and retries, and closing the cache leaves it open.
   * @default a SecretsManagerClient of the AWS SDK, as its environment configures it
   */
  readonly client?: SecretsManager | undefined;
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
   * Reads them all now, twenty at a time, so that an application that cannot does not start.
   *
   * @throws SecretReadError of the first that failed
   */
  prefetch(secrets: readonly RotatingSecret<unknown>[]): Promise<void>;
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
  checkOptions(options, CACHE);
  const { client, maxSecrets = 1000 } = options;
  const counts = cacheCounts();
  const calls = secretsManagerCalls(client);
  const bound = valueBound(maxSecrets);
  /** By name and label. Weak: what nobody holds on to and has no value any more is forgotten. */
  const known = new Map<string, WeakRef<SecretReads>>();
  const forgotten = new FinalizationRegistry<string>((key) => {
    if (!known.get(key)?.deref()) known.delete(key);
  });
  const closing = new AbortController();
  // As many as wait for another version; Node.js 20 takes more than ten for a leak.
  setMaxListeners(0, closing.signal);

  const context: CacheContext = {
    maxAgeSeconds: options.maxAgeSeconds ?? 300,
    staleWhileRevalidateSeconds: options.staleWhileRevalidateSeconds ?? 3600,
    staleIfErrorSeconds: options.staleIfErrorSeconds ?? 86_400,
    timeoutSeconds: options.timeoutSeconds ?? 5,
    calls,
    counts,
    closed: closing.signal,
    readsOf(name) {
      const key = `${name.versionStage}\n${name.secretId}`;
      let reads = known.get(key)?.deref();
      if (!reads) {
        reads = secretReads(name, context);
        known.set(key, new WeakRef(reads));
        forgotten.register(reads, key);
      }
      return reads;
    },
    onHeld: bound.add,
    onNoRoom() {
      counts.noRoom += 1;
      if (counts.noRoom > 1) return;
      const what = `More than maxSecrets (${maxSecrets}) secrets are in use, so some are read again and again`;
      process.emitWarning(`${what}. Raise maxSecrets.`, 'RotaformWarning');
    },
  };

  const views = () => [...known.values()].flatMap((reads) => reads.deref()?.views() ?? []);

  return {
    secret<Value>(secretId: string, given: Partial<SecretOptions<Value>> = {}): RotatingSecret<Value> {
      expect('secret id', secretId, aName);
      checkOptions(given, SECRET);
      const { versionStage = 'AWSCURRENT' } = given;
      const name = { secretId, versionStage };
      const reads = context.readsOf(name);
      const same = reads.views().find((view) => view.hasOptions(given));
      if (same) return same as RotatingSecret<Value>;
      const secret = cachedSecret(name, given, context);
      reads.addView(secret as CachedSecret<unknown>);
      return secret;
    },

    async prefetch(secrets) {
      const left = [...secrets];
      while (left.length > 0) {
        const some = left.splice(0, AT_A_TIME);
        await Promise.all(some.map((secret) => secret.peek() ?? secret.get()));
      }
    },

    stats: () => ({ ...counts, secrets: views().map((view) => view.status()) }),

    close() {
      closing.abort();
      for (const view of views()) view.close();
      known.clear();
      bound.clear();
      calls.close();
    },
  };
}
