import type { CronSchedule } from './cron-expression.ts';

const DAY = 86_400_000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/**
 * Whether windows open on that day. Reads the days of a cron by itself: a rotation function that asks for the longest gap
 * need not carry a library for it.
 * @param midnight the day's beginning, UTC
 */
export function opensOn(days: CronSchedule['days'], midnight: Date): boolean {
  const [dayOfMonth = '*', month = '*', dayOfWeek = '*'] = days.split(' ');
  const date = midnight.getUTCDate();
  const [weekday = '', nth] = dayOfWeek.split('#');
  const isLast = (inDays: number) =>
    new Date(midnight.getTime() + inDays * DAY).getUTCMonth() !== midnight.getUTCMonth();
  return (
    lists(month, midnight.getUTCMonth() + 1, 12, MONTHS) &&
    (dayOfMonth === 'L' ? isLast(1) : lists(dayOfMonth, date, 31)) &&
    lists(weekday.replace(/L$/, ''), midnight.getUTCDay() + 1, 7, WEEKDAYS) &&
    (nth === undefined || Math.ceil(date / 7) === Number(nth)) &&
    (!weekday.endsWith('L') || isLast(7))
  );
}

/** Whether a list such as `1,10-20/2` or `MON-FRI` has the value; names begin with the one for 1. */
function lists(field: string, value: number, most: number, names: readonly string[] = []): boolean {
  const number = (text: string) => names.indexOf(text) + 1 || Number(text);
  return field.split(',').some((item) => {
    const [range = '*', step] = item.split('/');
    const [from = '', to = step === undefined ? from : most] = range === '*' ? ['1', most] : range.split('-');
    const first = number(from);
    return value >= first && value <= number(String(to)) && (value - first) % Number(step ?? 1) === 0;
  });
}
