/** What holds a value, and can let it go. */
export interface Releasable {
  /** Whether it was used since this was asked last. */
  takeUsed(): boolean;
  /** Whether letting the value go would be noticed. */
  readonly isWatched: boolean;
  /** Lets the value go, since there is no room for it. */
  evict(): void;
}

/** Keeps the values of so many secrets at most: of those that were not used since it last passed them, the oldest goes. */
export class ValueBound {
  readonly #holders = new Set<Releasable>();

  constructor(private readonly most: number) {}

  readonly add = (holder: Releasable): void => {
    if (this.#holders.has(holder)) return;
    this.#holders.add(holder);
    // At the second pass nothing is used any more but what is watched.
    for (let passes = this.#holders.size * 2; this.#holders.size > this.most && passes > 0; passes -= 1)
      this.#pass(holder);
  };

  clear(): void {
    this.#holders.clear();
  }

  #pass(newest: Releasable): void {
    const [oldest] = this.#holders;
    if (!oldest) return;
    this.#holders.delete(oldest);
    if (oldest === newest || oldest.isWatched || oldest.takeUsed()) this.#holders.add(oldest);
    else oldest.evict();
  }
}
