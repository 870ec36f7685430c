import type { CronSchedule } from './cron-expression.ts';
import type { RateSchedule, RotationRules, RotationSchedule } from './rotation-rules.ts';

/**
 * Rotation rules that Secrets Manager has accepted, read and not checked again: what a rotation function gets from
 * DescribeSecret. An expression comes before the days, which DescribeSecret shows besides.
 */
export function readAcceptedRules({
  ScheduleExpression,
  AutomaticallyAfterDays = 0,
  Duration,
}: RotationRules): RotationSchedule {
  const schedule: RateSchedule | CronSchedule =
    ScheduleExpression === undefined
      ? { kind: 'rate', unit: 'days', every: AutomaticallyAfterDays }
      : readExpression(ScheduleExpression);
  const windowHours = Duration === undefined ? defaultWindowHours(schedule) : Number.parseInt(Duration, 10);
  return { ...schedule, windowHours };
}

/** The hour of the day, UTC, at which the first window of a day opens; a rate in days opens at midnight. */
export function firstHour(schedule: RateSchedule | CronSchedule): number {
  return (schedule.kind === 'cron' && schedule.hours[0]) || 0;
}

function readExpression(expression: string): RateSchedule | CronSchedule {
  const [first = '', hours = '', dayOfMonth, month, dayOfWeek] = expression.slice('rate('.length, -1).split(' ');
  if (expression.startsWith('rate(')) {
    return { kind: 'rate', unit: hours.startsWith('hour') ? 'hours' : 'days', every: Number(first) };
  }
  return {
    kind: 'cron',
    unit: hours.includes('/') ? 'hours' : 'days',
    hours: hoursOf(hours),
    days: `${dayOfMonth} ${month} ${dayOfWeek === 'L' ? 'SAT' : dayOfWeek}`.replace('?', '*'),
  };
}

/** `8`, `8/8` or `/8`. */
function hoursOf(text: string): number[] {
  const [start, step = 24] = text.split('/').map(Number);
  const first = start ?? 0;
  return Array.from({ length: Math.ceil((24 - first) / step) }, (_, index) => first + index * step);
}

/** One hour for schedules in hours, to the end of the UTC day for schedules in days. */
function defaultWindowHours(schedule: RateSchedule | CronSchedule): number {
  return schedule.unit === 'hours' ? 1 : 24 - firstHour(schedule);
}
