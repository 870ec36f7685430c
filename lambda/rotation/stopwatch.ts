/**
 * How many milliseconds have gone by since it was called, by the clock that says more: the time of day goes back when somebody sets it, and
 * the other clock may stand still while the process is frozen.
 */
export function stopwatch(): () => number {
  const [day, clock] = [Date.now(), performance.now()];
  return () => Math.max(Date.now() - day, performance.now() - clock);
}
