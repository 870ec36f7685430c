import type { CacheCounts } from './cache-counts.ts';
import type { Ages } from './held-version.ts';
import type { ReadOptions } from './read-version.ts';
import type { Releasable } from './value-bound.ts';

/** What all secrets of a cache share. */
export interface CacheContext extends Ages, Omit<ReadOptions, 'signal'> {
  readonly counts: CacheCounts;
  /** Called with what has read a value, so that no more values are held than may be. */
  readonly onHeld: (holder: Releasable) => void;
}
