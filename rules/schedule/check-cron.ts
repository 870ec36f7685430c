import { DAY_OF_MONTH, DAY_OF_WEEK, type DayField, MONTH, numberOf } from './cron-days.ts';
import { ScheduleRefused } from './schedule-refused.ts';

/** What a field takes, as a grammar and in words. */
interface Grammar {
  readonly name: string;
  readonly field: DayField;
  /** What may stand here instead of a list, and then alone. */
  readonly alone: string;
  readonly expected: string;
}

/** One `#` or `L` at most: the page of EventBridge, whose grammar this is, calls `3#1,6#3` invalid. */
const DAYS: readonly Grammar[] = [
  {
    name: 'day-of-month',
    field: DAY_OF_MONTH,
    alone: '[?L]',
    expected: '1–31 with , - * / (ranges upwards), or alone: L (the last day of the month) or ?',
  },
  {
    name: 'month',
    field: MONTH,
    alone: '\\*',
    expected: '1–12 or JAN–DEC with , - * / (ranges upwards)',
  },
  {
    name: 'day-of-week',
    field: DAY_OF_WEEK,
    alone: `\\?|L|(${valuesOf(DAY_OF_WEEK)})(L|#[1-5])`,
    expected:
      '1–7 (1 is Sunday) or SUN–SAT with , - * / (ranges upwards), or alone: TUE#3 (the third Tuesday of the month), ' +
      'SUNL (the last Sunday of the month), L (Saturday) or ?',
  },
];

const HOUR = '1?\\d|2[0-3]';
const HOURS = new RegExp(`^((${HOUR})|(${HOUR})?/(?!0)(${HOUR}))$`);

/**
 * Checks a `cron(…)` expression against the grammar of Secrets Manager, which is narrower than that of EventBridge.
 * `rotation-rules.ts` then reads it.
 * @throws ScheduleRefused naming the field that does not fit
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html#rotate-secrets_schedule-cron
 */
export function checkCron(expression: string): void {
  if (/^cron\(\s*cron\(/.test(expression)) {
    throw new ScheduleRefused(`"${expression}" has cron( twice: expected it once, such as cron(0 8 ? * MON-FRI *).`);
  }
  const found = /^cron\((\S+) (\S+) (\S+ \S+ \S+) (\S+)\)$/.exec(expression);
  if (!found) {
    throw new ScheduleRefused(
      `"${expression}" is not a cron expression of Secrets Manager: expected six fields with one space between them, ` +
        'cron(0 hours day-of-month month day-of-week *), such as cron(0 8 ? * MON-FRI *).',
    );
  }
  const [, minutes = '', hours = '', days = '', year = ''] = found;
  const [dayOfMonth, , dayOfWeek] = days.split(' ');

  if (minutes !== '0') throw unfit(expression, 'minutes', minutes, '0, because rotation windows open on the hour');
  if (year !== '*') throw unfit(expression, 'year', year, '*');
  if (!HOURS.test(hours)) {
    throw unfit(
      expression,
      'hours',
      hours,
      'one hour 0–23, or steps of at least four through the day: 8/8 (from 08:00) or /8 (from 00:00)',
    );
  }
  for (const [index, text] of days.split(' ').entries()) {
    const grammar = DAYS[index];
    if (grammar && !fits(grammar, text)) throw unfit(expression, grammar.name, text, grammar.expected);
  }
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new ScheduleRefused(
      `"${expression}" has "${dayOfMonth}" for day-of-month and "${dayOfWeek}" for day-of-week: ` +
        'expected ? in exactly one of them, the one that does not matter, as in cron(0 8 ? * MON-FRI *).',
    );
  }
}

/** A list of `*`, `4`, `MON` or `1-15`, each with or without a step (`1/3`), whose ranges go upwards. */
function fits({ field, alone }: Grammar, text: string): boolean {
  const value = valuesOf(field);
  const steps = Array.from({ length: field.most }, (_, index) => index + 1).join('|');
  const item = `(\\*|(${value})(-(${value}))?)(/(${steps}))?`;
  if (!new RegExp(`^(${alone}|${item}(,${item})*)$`).test(text)) return false;
  const ranges = [...text.matchAll(/(\w+)-(\w+)/g)];
  return ranges.every(([, from = '', to = '']) => numberOf(field, from) <= numberOf(field, to));
}

/** Every number, without leading zeros, and every name. */
function valuesOf({ most, names }: DayField): string {
  return [...Array.from({ length: most }, (_, index) => index + 1), ...names].join('|');
}

function unfit(expression: string, field: string, text: string, expected: string): ScheduleRefused {
  return new ScheduleRefused(`"${expression}" has "${text}" for ${field}: expected ${expected}.`);
}
