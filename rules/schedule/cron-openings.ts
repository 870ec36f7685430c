import { Cron } from 'croner';
import { opensOn } from './cron-days.ts';
import type { CronSchedule } from './cron-expression.ts';

const HOURS_A_DAY = 24;
const HOUR = 3_600_000;

/**
 * 28 years without a turn of the century hold every kind of year and every pair of neighbouring years that the calendar
 * has: what is true of these is true always.
 */
const CYCLE = { firstYear: 2001, lastYear: 2028 };

/** When the windows of a schedule open, from the first one later than `after`. Ends only if the schedule never opens. */
export function openings({ hours, days }: Pick<CronSchedule, 'hours' | 'days'>, after: Date): Generator<Date> {
  return runs(`0 ${hours.join(',')} ${days}`, after);
}

function* runs(pattern: string, after: Date): Generator<Date> {
  // AWS counts SUN = 1 and takes 1/3 for 1-31/3: croner's alternative weekdays and sloppy ranges.
  const cron = new Cron(pattern, { mode: '5-part', utcOffset: 0, alternativeWeekdays: true, sloppyRanges: true });
  for (let next = cron.nextRun(after); next; next = cron.nextRun(next)) yield next;
}

/** The first year in which no window opens, or undefined when every year has one. */
export function yearWithout(cron: CronSchedule): number | undefined {
  for (let year = CYCLE.firstYear; year <= CYCLE.lastYear; year++) {
    const { value } = openings(cron, new Date(Date.UTC(year, 0, 1) - 1)).next();
    if (value?.getUTCFullYear() !== year) return year;
  }
  return undefined;
}

/** The shortest time between two openings, for a schedule that opens every year. */
export function shortestGapHours({ hours, days }: CronSchedule): number {
  let overnight = Number.POSITIVE_INFINITY;
  for (const gap of gapsBetweenDays(days)) {
    overnight = Math.min(overnight, gap);
    if (overnight === HOURS_A_DAY) break;
  }
  return Math.min(overnight - span(hours), ...gapsWithinDay(hours));
}

/** The longest time between two openings, for a schedule that opens every year. */
export function longestGapHours({ hours, days }: CronSchedule): number {
  let overnight = 0;
  for (const gap of gapsBetweenDays(days)) overnight = Math.max(overnight, gap);
  return Math.max(overnight - span(hours), ...gapsWithinDay(hours));
}

/** Hours from midnight to midnight between the days on which windows open. */
function* gapsBetweenDays(days: string): Generator<number> {
  const repeatsWeekly = /^\* \* [^#L]+$/.test(days);
  const end = repeatsWeekly ? Date.UTC(CYCLE.firstYear, 0, 15) : Date.UTC(CYCLE.lastYear + 2, 0, 1);
  let previous: number | undefined;
  for (let midnight = Date.UTC(CYCLE.firstYear, 0, 1); midnight < end; midnight += HOURS_A_DAY * HOUR) {
    if (!opensOn(days, new Date(midnight))) continue;
    if (previous !== undefined) yield (midnight - previous) / HOUR;
    previous = midnight;
  }
}

function gapsWithinDay(hours: readonly number[]): number[] {
  return hours.slice(1).map((hour, index) => hour - (hours[index] ?? 0));
}

function span(hours: readonly number[]): number {
  return (hours.at(-1) ?? 0) - (hours[0] ?? 0);
}
