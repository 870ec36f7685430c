const MONTHS = ['', 'JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['', 'SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const DAY = 86_400_000;

/** Whether AWS's three day fields name this day: a plain reading of the page, without the library under test. */
export function opensOn(day: Date, dayOfMonth: string, month: string, dayOfWeek: string): boolean {
  const date = day.getUTCDate();
  const weekday = day.getUTCDay() + 1;
  const isLastDate = new Date(day.getTime() + DAY).getUTCDate() === 1;
  const isLastWeekday = new Date(day.getTime() + 7 * DAY).getUTCMonth() !== day.getUTCMonth();
  const nth = Math.ceil(date / 7);
  const [, dayOfLast] = /^(.+)L$/.exec(dayOfWeek) ?? [];
  const [, dayOfNth, ordinal] = /^(.+)#(.)$/.exec(dayOfWeek) ?? [];
  return (
    lists(month, day.getUTCMonth() + 1, 12, MONTHS) &&
    (dayOfMonth === '?' || (dayOfMonth === 'L' ? isLastDate : lists(dayOfMonth, date, 31, []))) &&
    (dayOfWeek === '?' ||
      (dayOfWeek === 'L' && weekday === 7) ||
      (dayOfLast !== undefined && isLastWeekday && lists(dayOfLast, weekday, 7, DAYS)) ||
      (dayOfNth !== undefined && nth === Number(ordinal) && lists(dayOfNth, weekday, 7, DAYS)) ||
      (!/[L#]/.test(dayOfWeek) && lists(dayOfWeek, weekday, 7, DAYS)))
  );
}

function lists(field: string, value: number, most: number, names: readonly string[]): boolean {
  const number = (text: string) => (names.includes(text) ? names.indexOf(text) : Number(text));
  return field.split(',').some((item) => {
    const [range = '', step] = item.split('/');
    const [from = '', to = step === undefined ? from : String(most)] =
      range === '*' ? ['1', String(most)] : range.split('-');
    return value >= number(from) && value <= number(to) && (value - number(from)) % Number(step ?? 1) === 0;
  });
}
