import { type CronSchedule, readCron } from './cron-expression.ts';
import { ScheduleRefused } from './schedule-refused.ts';

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

/** Rotation rules, read: when windows open and how long they stay open. */
export type RotationSchedule = (RateSchedule | CronSchedule) & { readonly windowHours: number };

/**
 * Reads the words of rotation rules. Whether windows are far enough apart is another question: `checkRotationRules`.
 *
 * @throws ScheduleRefused
 */
export function readRotationRules(rules: RotationRules): RotationSchedule {
  const schedule = readSchedule(rules);
  return { ...schedule, windowHours: readDuration(rules.Duration) ?? defaultWindowHours(schedule) };
}

/** The hour of the day, UTC, at which the first window of a day opens; a rate in days opens at midnight. */
export function firstHour(schedule: RateSchedule | CronSchedule): number {
  return (schedule.kind === 'cron' && schedule.hours[0]) || 0;
}

function readSchedule({ ScheduleExpression, AutomaticallyAfterDays }: RotationRules): RateSchedule | CronSchedule {
  if (ScheduleExpression !== undefined && AutomaticallyAfterDays !== undefined) {
    throw new ScheduleRefused(
      `Rotation rules have both ScheduleExpression "${ScheduleExpression}" and AutomaticallyAfterDays ` +
        `${AutomaticallyAfterDays}: expected one of them. Leave one out.`,
    );
  }
  if (ScheduleExpression !== undefined) {
    return ScheduleExpression.startsWith('cron(') ? readCron(ScheduleExpression) : readRate(ScheduleExpression);
  }
  if (AutomaticallyAfterDays === undefined) {
    throw new ScheduleRefused(
      'Rotation rules have no schedule: expected ScheduleExpression, such as rate(30 days), or AutomaticallyAfterDays.',
    );
  }
  if (!Number.isInteger(AutomaticallyAfterDays) || AutomaticallyAfterDays < 1 || AutomaticallyAfterDays > 1000) {
    throw new ScheduleRefused(
      `AutomaticallyAfterDays is ${AutomaticallyAfterDays}: expected a whole number of days from 1 to 1000.`,
    );
  }
  return { kind: 'rate', unit: 'days', every: AutomaticallyAfterDays };
}

function readRate(expression: string): RateSchedule {
  const [, value, unit] = /^rate\(([1-9]\d*) (hour|day)s?\)$/.exec(expression) ?? [];
  if (value === undefined || unit === undefined) {
    throw new ScheduleRefused(
      `"${expression}" is not a schedule expression of Secrets Manager: expected rate(N hours) or rate(N days) with a ` +
        'whole number N, such as rate(30 days), or cron(…), such as cron(0 8 ? * MON-FRI *).',
    );
  }
  const every = Number(value);
  const [least, most] = unit === 'hour' ? [4, 999 * 24] : [1, 999];
  if (every < least || every > most) {
    throw new ScheduleRefused(
      `"${expression}" is out of range: Secrets Manager rotates every four hours at the most often and every 999 days at ` +
        `the least. Expected rate(${least} ${unit}${least > 1 ? 's' : ''}) to rate(${most} ${unit}s).`,
    );
  }
  return { kind: 'rate', unit: unit === 'hour' ? 'hours' : 'days', every };
}

function readDuration(duration: string | undefined): number | undefined {
  if (duration === undefined) return undefined;
  if (!/^([1-9]|1\d|2[0-4])h$/.test(duration)) {
    throw new ScheduleRefused(`Duration is "${duration}": expected whole hours from 1h to 24h, such as 3h.`);
  }
  return Number.parseInt(duration, 10);
}

/** One hour for schedules in hours, to the end of the UTC day for schedules in days. */
function defaultWindowHours(schedule: RateSchedule | CronSchedule): number {
  return schedule.unit === 'hours' ? 1 : 24 - firstHour(schedule);
}
