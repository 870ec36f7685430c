import { checkCron } from './check-cron.ts';
import { type RotationRules, type RotationSchedule, readRotationRules } from './rotation-rules.ts';
import { ScheduleRefused } from './schedule-refused.ts';

/**
 * Reads rotation rules that somebody wrote. Whether windows are far enough apart is another question: `checkRotationRules`.
 * @throws ScheduleRefused
 */
export function readCheckedRules(rules: RotationRules): RotationSchedule {
  checkSchedule(rules);
  checkDuration(rules.Duration);
  return readRotationRules(rules);
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
    `"${expression}" is out of range: Secrets Manager rotates at most every four hours and at least every ` +
      `999 days. Expected rate(${least} ${unit}${least > 1 ? 's' : ''}) to rate(${most} ${unit}s).`,
  );
}

function checkDuration(duration: string | undefined): void {
  if (duration === undefined || /^([1-9]|1\d|2[0-4])h$/.test(duration)) return;
  throw new ScheduleRefused(`Duration is "${duration}": expected whole hours from 1h to 24h, such as 3h.`);
}
