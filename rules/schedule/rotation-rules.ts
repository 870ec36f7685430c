/**
 * When a secret rotates, in AWS's own names: `ScheduleExpression` or `AutomaticallyAfterDays`, not both.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html
 */
export interface RotationRules {
  /** `rate(30 days)` or `cron(0 8 ? * MON-FRI *)`. */
  readonly ScheduleExpression?: string;
  /** 1 to 1000. */
  readonly AutomaticallyAfterDays?: number;
  /** Length of the window, such as `3h`. */
  readonly Duration?: string;
}

/** A rate, or a number of days. */
export interface RateSchedule {
  readonly kind: 'rate';
  readonly unit: 'hours' | 'days';
  readonly every: number;
}

/** A `cron(…)` expression, read. */
export interface CronSchedule {
  readonly kind: 'cron';
  /** `hours` if the hours field has a `/` step, even one that comes only once a day; otherwise `days`. */
  readonly unit: 'hours' | 'days';
  /** The hours of the day, UTC, at which windows open, ascending. */
  readonly hours: readonly number[];
  /** Day of month, month and day of week, with `*` for `?` and SUN = 1. */
  readonly days: string;
}

/** Rotation rules, read: when windows open and how long they stay open. */
export type RotationSchedule = (RateSchedule | CronSchedule) & { readonly windowHours: number };

/**
 * Reads rotation rules that Secrets Manager takes. `checked-rules.ts` checks those that somebody wrote; a rotation
 * function gets its own from DescribeSecret, and carries no checks. An expression comes before the days, which
 * DescribeSecret shows besides.
 */
export function readRotationRules(rules: RotationRules): RotationSchedule {
  const { ScheduleExpression, AutomaticallyAfterDays = 0, Duration } = rules;
  const schedule: RateSchedule | CronSchedule =
    ScheduleExpression === undefined
      ? { kind: 'rate', unit: 'days', every: AutomaticallyAfterDays }
      : readExpression(ScheduleExpression);
  const windowHours = Duration === undefined ? defaultWindowHours(schedule) : Number.parseInt(Duration, 10);
  return { ...schedule, windowHours };
}

/** The hour of the day, UTC, at which the first window of a day opens. A rate in days opens at midnight. */
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
