import { opensOn } from './cron-days.ts';
import type { CronSchedule } from './rotation-rules.ts';

const HOURS_A_DAY = 24;
const HOUR = 3_600_000;
const DAY = HOURS_A_DAY * HOUR;

/**
 * 28 years within one century have every kind of year, and every pair of years in a row, that the calendar has: what is
 * true of these is always true.
 */
const CYCLE = { firstYear: 2001, lastYear: 2028 };

/** The Gregorian calendar repeats after 400 years: what does not open until then never does. */
const CALENDAR_DAYS = 146_097;

/** When the windows of a schedule open, from the first one later than `after`. Ends only if the schedule never opens. */
export function* openings({ hours, days }: Pick<CronSchedule, 'hours' | 'days'>, after: Date): Generator<Date> {
  const today = after.getTime() - (after.getTime() % DAY);
  let last = today;
  for (let midnight = today; midnight <= last + CALENDAR_DAYS * DAY; midnight += DAY) {
    if (!opensOn(days, new Date(midnight))) continue;
    last = midnight;
    for (const hour of hours) {
      const opens = midnight + hour * HOUR;
      if (opens > after.getTime()) yield new Date(opens);
    }
  }
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
  for (let midnight = Date.UTC(CYCLE.firstYear, 0, 1); midnight < end; midnight += DAY) {
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
