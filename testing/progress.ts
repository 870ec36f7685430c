const EVERY_MS = 10_000;

/** Says every ten seconds how far a part of the contract is, or at each point with `ROTAFORM_PROGRESS=1`. */
export class Progress {
  readonly #what: string;
  readonly #all: number;
  readonly #startedAt = Date.now();
  #saidAt = Date.now();

  constructor(what: string, all: number) {
    this.#what = what;
    this.#all = all;
  }

  survived(count: number): void {
    const now = Date.now();
    if (process.env.ROTAFORM_PROGRESS === undefined && now - this.#saidAt < EVERY_MS) return;
    this.#saidAt = now;
    const leftMs = ((now - this.#startedAt) / count) * (this.#all - count);
    console.info(`${this.#what}: ${count} of ${this.#all} survived, ${about(leftMs)} left`);
  }
}

/** A time for people, such as `about 3 minutes`. */
export function about(ms: number): string {
  const [count, unit] =
    ms < 90_000 ? [Math.max(1, Math.round(ms / 1000)), 'second'] : [Math.round(ms / 60_000), 'minute'];
  return `about ${count} ${unit}${count === 1 ? '' : 's'}`;
}
