import { readCheckedRules } from './checked-rules.ts';
import { longestGapHours, openings, shortestGapHours, yearWithout } from './cron-openings.ts';
import {
  type CronSchedule,
  firstHour,
  type RateSchedule,
  type RotationRules,
  type RotationSchedule,
} from './rotation-rules.ts';
import { ScheduleRefused } from './schedule-refused.ts';

export type { RotationRules } from './rotation-rules.ts';

/** A time in which Secrets Manager rotates, at any moment of its choice. */
export interface RotationWindow {
  readonly opens: Date;
  readonly closes: Date;
}

const LEAST_INTERVAL_HOURS = 4;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Why Secrets Manager would refuse these rules – what was found, what is expected, what to write – or undefined when it
 * takes them. Neither Terraform nor its AWS provider looks.
 *
 * A schedule in hours is `rate(N hours)` or a cron whose hours field has a `/` step; its windows must not run into each
 * other. All others are schedules in days; their windows must end within the UTC day.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export function checkRotationRules(rules: RotationRules): string | undefined {
  try {
    return checkIntervals(readCheckedRules(rules), rules);
  } catch (error) {
    if (error instanceof ScheduleRefused) return error.message;
    throw error;
  }
}

/**
 * The first window that opens later than `after`.
 *
 * A rate in days (and `AutomaticallyAfterDays`) opens at midnight UTC, a multiple of N days after the day of the last
 * rotation; a rate in hours on the hour, a multiple of N hours after the hour of the last rotation. Without a last
 * rotation both count from the midnight before `after`. A cron opens as written, in UTC, whenever the last rotation was.
 *
 * @throws ScheduleRefused for rules that `checkRotationRules` refuses as unreadable.
 */
export function nextRotationWindow(rules: RotationRules, after: Date, lastRotatedDate?: Date): RotationWindow {
  const schedule = readCheckedRules(rules);
  const opens =
    schedule.kind === 'cron' ? openings(schedule, after).next().value : nextOfRate(schedule, after, lastRotatedDate);
  if (!opens) throw new ScheduleRefused(`"${rules.ScheduleExpression}" never opens a window.`);
  return { opens, closes: new Date(opens.getTime() + schedule.windowHours * HOUR) };
}

/**
 * The longest time that one value can be current while every rotation succeeds: from the opening of a window to the end
 * of the next one. Exact for every rule that `checkRotationRules` accepts, leap years included.
 *
 * @throws ScheduleRefused as `nextRotationWindow`.
 */
export function worstGapSeconds(rules: RotationRules): number {
  const schedule = readCheckedRules(rules);
  return (longestIntervalHours(schedule) + schedule.windowHours) * 3600;
}

/** The longest time between two windows' openings. */
export function longestIntervalHours(schedule: RateSchedule | CronSchedule): number {
  if (schedule.kind === 'cron') return longestGapHours(schedule);
  return schedule.every * (schedule.unit === 'days' ? 24 : 1);
}

function checkIntervals(schedule: RotationSchedule, { ScheduleExpression }: RotationRules): string | undefined {
  const year = schedule.kind === 'cron' ? yearWithout(schedule) : undefined;
  if (schedule.kind === 'cron' && year !== undefined) {
    const opens = !openings(schedule, new Date(0)).next().done;
    return (
      `"${ScheduleExpression}" opens no window in ${opens ? `some years, such as ${year}` : 'any year'}: expected one in every year, because Secrets Manager has no ` +
      'schedules more than a year apart. Choose days that every year has.'
    );
  }
  if (schedule.unit === 'days') {
    const mostHours = 24 - firstHour(schedule);
    if (schedule.windowHours <= mostHours) return undefined;
    return (
      `A window of ${hours(schedule.windowHours)} runs into the next UTC day: that of "${ScheduleExpression}" opens at ` +
      `${firstHour(schedule)}:00. Expected at most ${hours(mostHours)}, or an earlier hour.`
    );
  }
  const intervalHours = schedule.kind === 'cron' ? shortestGapHours(schedule) : schedule.every;
  if (intervalHours < LEAST_INTERVAL_HOURS) {
    return (
      `"${ScheduleExpression}" opens windows ${hours(intervalHours)} apart: Secrets Manager rotates every four hours at ` +
      'most. Steps start again each day, so choose one that divides it: cron(0 /6 * * ? *).'
    );
  }
  if (schedule.windowHours > intervalHours) {
    return (
      `A window of ${hours(schedule.windowHours)} runs into the next one: "${ScheduleExpression}" opens windows ` +
      `${hours(intervalHours)} apart. Expected at most ${hours(intervalHours)}.`
    );
  }
  return undefined;
}

function hours(count: number): string {
  return count === 1 ? '1 hour' : `${count} hours`;
}

function nextOfRate({ unit, every }: RateSchedule, after: Date, lastRotatedDate: Date | undefined): Date {
  const length = unit === 'days' ? DAY : HOUR;
  const [from, grain] = lastRotatedDate ? [lastRotatedDate.getTime(), length] : [after.getTime(), DAY];
  const start = from - (from % grain);
  const passed = Math.max(0, Math.floor((after.getTime() - start) / (every * length)));
  return new Date(start + (passed + 1) * every * length);
}
