import { ScheduleRefused } from './schedule-refused.ts';

/** A `cron(…)` expression, read. */
export interface CronSchedule {
  readonly kind: 'cron';
  /** `hours` where the hours field has a `/` step, even if that step comes only once a day; `days` otherwise. */
  readonly unit: 'hours' | 'days';
  /** The hours of the day, UTC, at which windows open, ascending. */
  readonly hours: readonly number[];
  /** Day of month, month and day of week, with `*` for `?` and SUN = 1. */
  readonly days: string;
}

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** In order, the first one for `least`. */
  readonly names: readonly string[];
  /** What may stand here instead of a list, and then alone. */
  readonly alone: RegExp;
  readonly expected: string;
}

const DAY_OF_MONTH: Field = {
  name: 'day-of-month',
  least: 1,
  most: 31,
  names: [],
  alone: /^[?L]$/,
  expected: '1–31 with , - * / (ranges upwards), or alone: L (the last day of the month) or ?',
};

const MONTH: Field = {
  name: 'month',
  least: 1,
  most: 12,
  names: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  alone: /^\*$/,
  expected: '1–12 or JAN–DEC with , - * / (ranges upwards)',
};

/** One `#` or `L` at most: the EventBridge page, whose grammar this is, calls `3#1,6#3` invalid. */
const DAY_OF_WEEK: Field = {
  name: 'day-of-week',
  least: 1,
  most: 7,
  names: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
  alone: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
  expected:
    '1–7 (1 is Sunday) or SUN–SAT with , - * / (ranges upwards), or alone: TUE#3 (the third Tuesday of the month), ' +
    'SUNL (the last Sunday of the month), L (Saturday) or ?',
};

/**
 * Checks a `cron(…)` expression by the grammar of Secrets Manager, which is narrower than that of EventBridge.
 *
 * @throws ScheduleRefused naming the field that does not fit.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html#rotate-secrets_schedule-cron
 */
export function checkCron(expression: string): void {
  const found = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (!found) {
    throw new ScheduleRefused(
      `"${expression}" is not a cron expression of Secrets Manager: expected six fields with one space between them, ` +
        'cron(0 hours day-of-month month day-of-week *), such as cron(0 8 ? * MON-FRI *).',
    );
  }
  const [, minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = found;

  if (minutes !== '0') throw unfit(expression, 'minutes', minutes, '0, because rotation windows open on the hour');
  if (year !== '*') throw unfit(expression, 'year', year, '*');
  if (!fitsHours(hours)) {
    throw unfit(
      expression,
      'hours',
      hours,
      'one hour 0–23, or steps of at least four through the day: 8/8 (from 08:00) or /8 (from 00:00)',
    );
  }
  for (const [field, text] of [
    [DAY_OF_MONTH, dayOfMonth],
    [MONTH, month],
    [DAY_OF_WEEK, dayOfWeek],
  ] as const) {
    if (!fits(field, text)) throw unfit(expression, field.name, text, field.expected);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleRefused(
      `"${expression}" has "${dayOfMonth}" for day-of-month and "${dayOfWeek}" for day-of-week: ` +
        'expected ? in exactly one of them, the one that does not matter, as in cron(0 8 ? * MON-FRI *).',
    );
  }
}

/** A number without leading zeros between the two, else undefined. */
function numberBetween(least: number, text: string, most: number): number | undefined {
  const value = /^(0|[1-9]\d?)$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? value : undefined;
}

function fitsHours(text: string): boolean {
  const [start = '', step = '1', ...rest] = text.split('/');
  const isStart = numberBetween(0, start, 23) !== undefined || start === '';
  return isStart && numberBetween(1, step, 23) !== undefined && rest.length === 0;
}

function fits(field: Field, text: string): boolean {
  return field.alone.test(text) || text.split(',').every((item) => fitsItem(field, item));
}

/** One of `*`, `4`, `MON`, `1-15`, each with or without a step (`1/3`). */
function fitsItem(field: Field, item: string): boolean {
  const [range = '', step = '1', ...rest] = item.split('/');
  if (rest.length > 0 || numberBetween(1, step, field.most) === undefined) return false;
  if (range === '*') return true;
  const [from, to = from, ...more] = range
    .split('-')
    .map((value) => (field.names.indexOf(value) + 1 || numberBetween(field.least, value, field.most)) ?? Number.NaN);
  return more.length === 0 && from !== undefined && to !== undefined && from <= to;
}

function unfit(expression: string, field: string, text: string, expected: string): ScheduleRefused {
  return new ScheduleRefused(`"${expression}" has "${text}" for ${field}: expected ${expected}.`);
}
