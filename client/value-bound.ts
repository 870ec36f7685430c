/** What holds a value, and can let it go. */
export interface Releasable {
  /** Whether it was used since this was asked last. */
  takeUsed(): boolean;
  /** Whether letting the value go would be noticed. */
  isWatched(): boolean;
  /** Lets the value go, since there is no room for it. */
  evict(): void;
}

/** Keeps the values of so many secrets at most: of those that were not used since it last passed them, the oldest goes. */
export function valueBound(most: number) {
  const holders = new Set<Releasable>();

  return {
    add(holder: Releasable): void {
      if (holders.has(holder)) return;
      holders.add(holder);
      // At the second pass nothing is used any more but what is watched.
      let passes = holders.size * 2;
      for (const oldest of holders) {
        if (holders.size <= most || passes === 0) return;
        passes -= 1;
        holders.delete(oldest);
        // It comes again at the end.
        if (oldest === holder || oldest.isWatched() || oldest.takeUsed()) holders.add(oldest);
        else oldest.evict();
      }
    },
    clear: () => holders.clear(),
  };
}
