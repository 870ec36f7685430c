import type { CacheCounts } from './cache-counts.ts';
import type { SecretName } from './diagnostics.ts';
import type { SecretReads } from './secret-reads.ts';
import type { SecretsManagerCalls } from './secrets-manager.ts';
import type { Releasable } from './value-bound.ts';

/** What all secrets of a cache share. */
export interface CacheContext {
  readonly maxAgeSeconds: number;
  readonly staleWhileRevalidateSeconds: number;
  readonly staleIfErrorSeconds: number;
  readonly timeoutSeconds: number;
  readonly calls: SecretsManagerCalls;
  readonly counts: CacheCounts;
  /** Aborted when the cache is closed. */
  readonly closed: AbortSignal;
  /** The reads that all views of a secret share. */
  readonly readsOf: (name: SecretName) => SecretReads;
  /** Called with what has read a value, so that no more values are held than may be. */
  readonly onHeld: (holder: Releasable) => void;
  /** Called when a value is read again only because there was no room for it. */
  readonly onNoRoom: () => void;
}
