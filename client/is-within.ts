/** A moment that has not come yet, or no moment at all. */
export const NEVER_MS = Number.POSITIVE_INFINITY;

/** Whether a date lies in the span that begins at another one; a clock that was set back lies before, and so does not. */
export function isWithin(nowMs: number, fromMs: number, lengthMs: number): boolean {
  return nowMs >= fromMs && nowMs < fromMs + lengthMs;
}
