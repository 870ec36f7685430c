import { isWithin } from './is-within.ts';

/** Of refreshes that somebody asks for. */
const REFRESH_INTERVAL_MS = 1_000;
const FIRST_PAUSE_MS = 500;
/** Short: after an outage values are fresh again within seconds, and there is one call a secret. */
const LONGEST_PAUSE_MS = 5_000;

/** How often Secrets Manager may be called for one secret. It looks at the clock and never sleeps. */
export class Pace {
  #failures = 0;
  #failedMs = 0;
  #pauseMs = 0;
  #refreshedMs = Number.NEGATIVE_INFINITY;

  get isFailing(): boolean {
    return this.#failures > 0;
  }

  /** Not in the pause that follows a failure. */
  mayRead(nowMs: number): boolean {
    return !isWithin(nowMs, this.#failedMs, this.#pauseMs);
  }

  /** One refresh a second: takes the turn, where there is one. */
  takeRefresh(nowMs: number): boolean {
    if (isWithin(nowMs, this.#refreshedMs, REFRESH_INTERVAL_MS)) return false;
    this.#refreshedMs = nowMs;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = 0;
  }

  /**
   * The pauses grow, each of any length up to its limit, so that many machines do not come back at once.
   * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
   */
  failed(nowMs: number): void {
    this.#failedMs = nowMs;
    this.#pauseMs = Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
  }
}
