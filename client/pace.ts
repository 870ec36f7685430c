import { isWithin, NEVER_MS } from './is-within.ts';

/** Of refreshes that somebody asks for. */
const REFRESH_INTERVAL_MS = 1_000;
const FIRST_PAUSE_MS = 500;
/** Short: after an outage values are fresh again within seconds, and there is one call a secret. */
const LONGEST_PAUSE_MS = 5_000;

/** How often Secrets Manager may be called for one secret. It looks at the clock and never sleeps. */
export function pace() {
  let failures = 0;
  let failedMs = 0;
  let pauseMs = 0;
  let refreshedMs = -NEVER_MS;
  return {
    isFailing: () => failures > 0,

    /** Not in the pause that follows a failure. */
    mayRead: () => !isWithin(Date.now(), failedMs, pauseMs),

    /** One refresh a second: takes the turn, where there is one. */
    takeRefresh(): boolean {
      const now = Date.now();
      if (isWithin(now, refreshedMs, REFRESH_INTERVAL_MS)) return false;
      refreshedMs = now;
      return true;
    },

    succeeded(): void {
      failures = pauseMs = 0;
    },

    /**
     * The pauses grow, each of any length up to its limit, so that many machines do not come back at once.
     * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
     */
    failed(): void {
      failedMs = Date.now();
      pauseMs = Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
      failures += 1;
    },
  };
}
