const DAY = 86_400_000;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** What a field of a cron may hold: the numbers from 1 to `most`, each perhaps with a name. */
export interface DayField {
  readonly most: number;
  /** In order, the first one for 1. */
  readonly names: readonly string[];
}

export const DAY_OF_MONTH: DayField = { most: 31, names: [] };
export const MONTH: DayField = { most: 12, names: MONTHS };
/** 1 is Sunday. */
export const DAY_OF_WEEK: DayField = { most: 7, names: WEEKDAYS };

/**
 * Whether windows open on that day. This is the only evaluator of a cron. It is our own, and not a library's, because a
 * rotation function asks for the longest gap and must stay small. In tests a library (croner) has to agree.
 * @param days day of month, month and day of week of a cron that was checked
 * @param midnight the beginning of the day, UTC
 */
export function opensOn(days: string, midnight: Date): boolean {
  const [dayOfMonth = '*', month = '*', dayOfWeek = '*'] = days.split(' ');
  const date = midnight.getUTCDate();
  const [weekday = '', nth] = dayOfWeek.split('#');
  const isLast = (inDays: number) =>
    new Date(midnight.getTime() + inDays * DAY).getUTCMonth() !== midnight.getUTCMonth();
  return (
    lists(MONTH, month, midnight.getUTCMonth() + 1) &&
    (dayOfMonth === 'L' ? isLast(1) : lists(DAY_OF_MONTH, dayOfMonth, date)) &&
    lists(DAY_OF_WEEK, weekday.replace(/L$/, ''), midnight.getUTCDay() + 1) &&
    (nth === undefined || Math.ceil(date / 7) === Number(nth)) &&
    (!weekday.endsWith('L') || isLast(7))
  );
}

/** The number that a number or a name stands for. */
export function numberOf({ names }: DayField, text: string): number {
  return names.indexOf(text) + 1 || Number(text);
}

/** Whether a list such as `1,10-20/2` or `MON-FRI` has the value. */
function lists(field: DayField, text: string, value: number): boolean {
  return text.split(',').some((item) => {
    const [range = '*', step] = item.split('/');
    const all = `1-${field.most}`;
    const [from = '', to = step === undefined ? from : String(field.most)] = (range === '*' ? all : range).split('-');
    const first = numberOf(field, from);
    return value >= first && value <= numberOf(field, to) && (value - first) % Number(step ?? 1) === 0;
  });
}
