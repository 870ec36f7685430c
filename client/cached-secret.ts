import type { CacheContext } from './cache-context.ts';
import { candidateSearch } from './candidates.ts';
import { concealed } from './concealed.ts';
import type { SecretName } from './diagnostics.ts';
import { handOut } from './held-version.ts';
import type { ValueOptions } from './read-value.ts';
import type { RotatingSecret } from './rotating-secret.ts';
import { secretEntry } from './secret-entry.ts';
import { waitUntilReady } from './wait-until-ready.ts';

/** A secret of a cache, as its user holds it; and what the cache alone uses. */
export interface CachedSecret<Value> extends RotatingSecret<Value> {
  hasOptions(options: { readonly schema?: unknown; readonly expiresAt?: unknown }): boolean;
  close(): void;
}

export function cachedSecret<Value>(
  name: SecretName,
  options: ValueOptions<Value>,
  context: CacheContext,
): CachedSecret<Value> {
  const entry = secretEntry(name, options, context);
  const { fresh, current, refresh, onRotation, status, close, closed } = entry;
  const secret: CachedSecret<Value> = {
    ...name,
    ...candidateSearch(entry),
    get() {
      const found = fresh();
      if (found?.isShared) return found.promise;
      return concealed(found ? Promise.resolve(handOut(found)) : current().then(handOut));
    },
    peek() {
      const found = fresh();
      return found && handOut(found);
    },
    refresh: () => concealed(refresh().then(handOut)),
    waitUntilReady: (given) => concealed(waitUntilReady(secret, given?.timeoutSeconds, closed)),
    onRotation,
    status,
    hasOptions: ({ schema, expiresAt }) => options.schema === schema && options.expiresAt === expiresAt,
    close,
  };
  entry.owner = secret;
  return secret;
}
