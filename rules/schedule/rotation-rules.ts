import { readAcceptedRules } from './accepted-rules.ts';
import { type CronSchedule, checkCron } from './cron-expression.ts';
import { ScheduleRefused } from './schedule-refused.ts';

export { firstHour } from './accepted-rules.ts';

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
  checkSchedule(rules);
  checkDuration(rules.Duration);
  return readAcceptedRules(rules);
}

function checkSchedule({ ScheduleExpression, AutomaticallyAfterDays }: RotationRules): void {
  if (ScheduleExpression !== undefined && AutomaticallyAfterDays !== undefined) {
    throw new ScheduleRefused(
      `Rotation rules have both ScheduleExpression "${ScheduleExpression}" and AutomaticallyAfterDays ` +
        `${AutomaticallyAfterDays}: expected one of them. Leave one out.`,
    );
  }
  if (ScheduleExpression !== undefined) {
    const check = ScheduleExpression.startsWith('cron(') ? checkCron : checkRate;
    check(ScheduleExpression);
    return;
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
}

function checkRate(expression: string): void {
  const [, value, unit] = /^rate\(([1-9]\d*) (hour|day)s?\)$/.exec(expression) ?? [];
  if (value === undefined || unit === undefined) {
    throw new ScheduleRefused(
      `"${expression}" is not a schedule expression of Secrets Manager: expected rate(N hours) or rate(N days) with a ` +
        'whole number N, such as rate(30 days), or cron(…), such as cron(0 8 ? * MON-FRI *).',
    );
  }
  const every = Number(value);
  const [least, most] = unit === 'hour' ? [4, 999 * 24] : [1, 999];
  if (every >= least && every <= most) return;
  throw new ScheduleRefused(
    `"${expression}" is out of range: Secrets Manager rotates every four hours at the most often and every 999 days at ` +
      `the least. Expected rate(${least} ${unit}${least > 1 ? 's' : ''}) to rate(${most} ${unit}s).`,
  );
}

function checkDuration(duration: string | undefined): void {
  if (duration === undefined || /^([1-9]|1\d|2[0-4])h$/.test(duration)) return;
  throw new ScheduleRefused(`Duration is "${duration}": expected whole hours from 1h to 24h, such as 3h.`);
}
