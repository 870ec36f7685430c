import { Cron } from 'croner';
import { describe, expect, it } from 'vitest';
import {
  checkRotationRules,
  nextRotationWindow,
  type RotationRules,
  worstGapSeconds,
} from '../../../rules/schedule/schedule.ts';
import { seededRandom } from '../seeded-random.ts';
import { opensOn } from './calendar-oracle.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;

function cron(fields: string, Duration?: string): RotationRules {
  return { ScheduleExpression: `cron(${fields})`, Duration };
}

function rate(words: string, Duration?: string): RotationRules {
  return { ScheduleExpression: `rate(${words})`, Duration };
}

/** The next openings, as `2025-01-31 17h`. */
function openings(rules: RotationRules, after: string, count: number): string[] {
  const found: Date[] = [];
  for (let last = new Date(after); found.length < count; last = found.at(-1) ?? last) {
    found.push(nextRotationWindow(rules, last).opens);
  }
  return found.map((opens) => `${opens.toISOString().slice(0, 13).replace('T', ' ')}h`);
}

function window(rules: RotationRules, after: string, lastRotatedDate?: string): [opens: string, closes: string] {
  const { opens, closes } = nextRotationWindow(
    rules,
    new Date(after),
    lastRotatedDate === undefined ? undefined : new Date(lastRotatedDate),
  );
  return [opens.toISOString(), closes.toISOString()];
}

/** A library of its own mind. AWS counts SUN = 1, takes 1/3 for 1-31/3, and means Saturday by a weekday L. */
function byCroner(fields: string, after: Date): Date | null {
  const options = { mode: '5-part', utcOffset: 0, alternativeWeekdays: true, sloppyRanges: true } as const;
  return new Cron(fields.replace(/ L$/, ' SAT').replace('?', '*'), options).nextRun(after);
}

describe('a rate', () => {
  it.each(['4 hours', '12 hours', '23976 hours', '1 day', '10 days', '999 days'])('takes rate(%s)', (words) => {
    expect(checkRotationRules(rate(words))).toBeUndefined();
  });

  it.each([
    ['1 hour', 'at most every four hours'],
    ['3 hours', 'rate(4 hours) to rate(23976 hours)'],
    ['23977 hours', 'at least every 999 days'],
    ['1000 days', 'rate(1 day) to rate(999 days)'],
  ])('refuses rate(%s): %s', (words, reason) => {
    expect(checkRotationRules(rate(words))).toContain(`"rate(${words})" is out of range`);
    expect(checkRotationRules(rate(words))).toContain(reason);
  });

  it.each(['0 days', '-1 days', '1.5 days', 'NaN days', '010 days', '10  days', '10 minutes', '10', ''])(
    'refuses rate(%s) as an invalid expression',
    (words) => {
      expect(checkRotationRules(rate(words))).toMatch(/is not a schedule expression.*expected rate\(N hours\)/);
    },
  );

  it('in days opens at midnight UTC, N days after the day of the last rotation, to the end of that day', () => {
    expect(window(rate('10 days'), '2025-01-05T12:00:00Z', '2025-01-05T17:45:12Z')).toEqual([
      '2025-01-15T00:00:00.000Z',
      '2025-01-16T00:00:00.000Z',
    ]);
  });

  it('in days runs over month ends and leap days', () => {
    expect(window(rate('30 days'), '2024-01-31T00:00:00Z', '2024-01-31T23:59:59Z')[0]).toBe('2024-03-01T00:00:00.000Z');
    expect(window(rate('30 days'), '2025-01-31T00:00:00Z', '2025-01-31T23:59:59Z')[0]).toBe('2025-03-02T00:00:00.000Z');
    expect(window(rate('999 days'), '2025-01-01T00:00:00Z', '2025-01-01T00:00:00Z')[0]).toBe(
      '2027-09-27T00:00:00.000Z',
    );
  });

  it('in days opens again N days later when a window passed without a rotation', () => {
    expect(window(rate('10 days'), '2025-01-15T00:00:00Z', '2025-01-05T17:00:00Z')[0]).toBe('2025-01-25T00:00:00.000Z');
    expect(window(rate('10 days'), '2025-06-01T00:00:00Z', '2025-01-05T17:00:00Z')[0]).toBe('2025-06-04T00:00:00.000Z');
  });

  it('in hours opens on the hour, N hours after the hour of the last rotation, for one hour', () => {
    expect(window(rate('10 hours'), '2025-01-05T18:00:00Z', '2025-01-05T17:45:12Z')).toEqual([
      '2025-01-06T03:00:00.000Z',
      '2025-01-06T04:00:00.000Z',
    ]);
  });

  it('counts from the midnight before when the secret never rotated', () => {
    expect(window(rate('10 hours'), '2025-01-05T10:30:00Z')[0]).toBe('2025-01-05T20:00:00.000Z');
    expect(window(rate('10 days'), '2025-01-05T10:30:00Z')[0]).toBe('2025-01-15T00:00:00.000Z');
  });

  it('is the same across daylight saving changes', () => {
    for (const day of ['2025-03-09', '2025-03-30', '2025-10-26', '2025-11-02']) {
      expect(window(rate('1 day'), `${day}T00:00:00Z`)[0].slice(10)).toBe('T00:00:00.000Z');
      expect(openings(cron('0 2 * * ? *'), `${day}T00:00:00Z`, 1)).toEqual([`${day} 02h`]);
    }
  });
});

describe('AutomaticallyAfterDays', () => {
  it('opens like a rate in days', () => {
    expect(window({ AutomaticallyAfterDays: 30 }, '2025-01-01T00:00:00Z', '2025-01-01T08:00:00Z')).toEqual(
      window(rate('30 days'), '2025-01-01T00:00:00Z', '2025-01-01T08:00:00Z'),
    );
  });

  it('accepts 1 to 1000', () => {
    expect(checkRotationRules({ AutomaticallyAfterDays: 1 })).toBeUndefined();
    expect(checkRotationRules({ AutomaticallyAfterDays: 1000 })).toBeUndefined();
  });

  it.each([0, 1001, -1, 1.5, Number.NaN])('refuses %s', (days) => {
    expect(checkRotationRules({ AutomaticallyAfterDays: days })).toBe(
      `AutomaticallyAfterDays is ${days}: expected a whole number of days from 1 to 1000.`,
    );
  });

  it('is refused together with an expression, and one of the two is required', () => {
    expect(checkRotationRules({ AutomaticallyAfterDays: 30, ScheduleExpression: 'rate(30 days)' })).toMatch(
      /both .*expected one of them/,
    );
    expect(checkRotationRules({ Duration: '3h' })).toMatch(/no schedule: expected ScheduleExpression/);
  });
});

describe('a cron', () => {
  it.each([
    [
      'every eight hours from midnight',
      '0 /8 * * ? *',
      ['2025-01-01 00h', '2025-01-01 08h', '2025-01-01 16h', '2025-01-02 00h'],
    ],
    [
      'every eight hours from 8, anew each day',
      '0 8/8 * * ? *',
      ['2025-01-01 08h', '2025-01-01 16h', '2025-01-02 08h', '2025-01-02 16h'],
    ],
    [
      'every ten hours from 2, anew each day',
      '0 2/10 * * ? *',
      ['2025-01-01 02h', '2025-01-01 12h', '2025-01-01 22h', '2025-01-02 02h'],
    ],
    [
      'every twelve hours from 4',
      '0 4/12 * * ? *',
      ['2025-01-01 04h', '2025-01-01 16h', '2025-01-02 04h', '2025-01-02 16h'],
    ],
    ['every day', '0 10 * * ? *', ['2025-01-01 10h', '2025-01-02 10h', '2025-01-03 10h', '2025-01-04 10h']],
    ['every Saturday', '0 18 ? * SAT *', ['2025-01-04 18h', '2025-01-11 18h', '2025-01-18 18h', '2025-01-25 18h']],
    [
      'the first day of every month',
      '0 8 1 * ? *',
      ['2025-01-01 08h', '2025-02-01 08h', '2025-03-01 08h', '2025-04-01 08h'],
    ],
    [
      'the first Sunday of every third month',
      '0 1 ? 1/3 SUN#1 *',
      ['2025-01-05 01h', '2025-04-06 01h', '2025-07-06 01h', '2025-10-05 01h'],
    ],
    [
      'the last day of every month',
      '0 17 L * ? *',
      ['2025-01-31 17h', '2025-02-28 17h', '2025-03-31 17h', '2025-04-30 17h'],
    ],
    ['weekdays', '0 8 ? * MON-FRI *', ['2025-01-01 08h', '2025-01-02 08h', '2025-01-03 08h', '2025-01-06 08h']],
    [
      'the first and 15th of every month',
      '0 16 1,15 * ? *',
      ['2025-01-01 16h', '2025-01-15 16h', '2025-02-01 16h', '2025-02-15 16h'],
    ],
    [
      'the first Sunday of every month',
      '0 0 ? * SUN#1 *',
      ['2025-01-05 00h', '2025-02-02 00h', '2025-03-02 00h', '2025-04-06 00h'],
    ],
  ])("opens %s, as AWS's page says of cron(%s)", (_, fields, expected) => {
    expect(checkRotationRules(cron(fields))).toBeUndefined();
    expect(openings(cron(fields), '2024-12-31T23:00:00Z', 4)).toEqual(expected);
  });

  it.each([
    ['2-6', ['2025-01-03 08h', '2025-01-06 08h'], 'Friday, Monday'],
    ['1', ['2025-01-05 08h', '2025-01-12 08h'], 'Sundays'],
    ['7', ['2025-01-04 08h', '2025-01-11 08h'], 'Saturdays'],
    ['L', ['2025-01-04 08h', '2025-01-11 08h'], 'Saturdays'],
    ['5L', ['2025-01-30 08h', '2025-02-27 08h'], 'the last Thursday'],
    ['SUNL', ['2025-01-26 08h', '2025-02-23 08h'], 'the last Sunday'],
    ['6#3', ['2025-01-17 08h', '2025-02-21 08h'], 'the third Friday'],
    ['TUE#3', ['2025-01-21 08h', '2025-02-18 08h'], 'the third Tuesday'],
    ['1/2', ['2025-01-04 08h', '2025-01-05 08h'], 'Sundays, Tuesdays, Thursdays and Saturdays'],
  ])('counts the days of the week from SUN = 1: %s opens %j (%s)', (dayOfWeek, expected) => {
    const rules = cron(`0 8 ? * ${dayOfWeek} *`);
    expect(checkRotationRules(rules)).toBeUndefined();
    expect(openings(rules, '2025-01-02T09:00:00Z', 2)).toEqual(expected);
  });

  it('knows leap days', () => {
    expect(openings(cron('0 17 L 2 ? *'), '2024-01-01T00:00:00Z', 2)).toEqual(['2024-02-29 17h', '2025-02-28 17h']);
    expect(openings(cron('0 0 L 2 ? *'), '2100-01-01T00:00:00Z', 1)).toEqual(['2100-02-28 00h']);
  });

  it('skips months without the day', () => {
    expect(openings(cron('0 2 31 * ? *'), '2025-01-01T00:00:00Z', 3)).toEqual([
      '2025-01-31 02h',
      '2025-03-31 02h',
      '2025-05-31 02h',
    ]);
  });

  it('opens later than the moment asked for, never at it', () => {
    expect(openings(cron('0 8 * * ? *'), '2025-01-01T07:59:59.999Z', 1)).toEqual(['2025-01-01 08h']);
    expect(openings(cron('0 8 * * ? *'), '2025-01-01T08:00:00.000Z', 1)).toEqual(['2025-01-02 08h']);
  });

  it('opens as written, whatever the time of the last rotation', () => {
    expect(window(cron('0 8 * * ? *'), '2025-01-01T09:00:00Z', '2025-01-01T10:00:00Z')[0]).toBe(
      '2025-01-02T08:00:00.000Z',
    );
  });

  it.each([
    ['30 8 * * ? *', '"30" for minutes: expected 0'],
    ['* 8 * * ? *', '"*" for minutes: expected 0'],
    ['0 * * * ? *', '"*" for hours: expected one hour 0–23'],
    ['0 8,16 * * ? *', '"8,16" for hours'],
    ['0 8-16 * * ? *', '"8-16" for hours'],
    ['0 24 * * ? *', '"24" for hours'],
    ['0 8/0 * * ? *', '"8/0" for hours'],
    ['0 / * * ? *', '"/" for hours'],
    ['0 8 0 * ? *', '"0" for day-of-month'],
    ['0 8 32 * ? *', '"32" for day-of-month'],
    ['0 8 15W * ? *', '"15W" for day-of-month'],
    ['0 8 L-1 * ? *', '"L-1" for day-of-month'],
    ['0 8 1,L * ? *', '"1,L" for day-of-month'],
    ['0 8 15-1 * ? *', 'ranges upwards'],
    ['0 8 1 13 ? *', '"13" for month'],
    ['0 8 1 ? ? *', '"?" for month'],
    ['0 8 1 JAN/40 ? *', '"JAN/40" for month'],
    ['0 8 ? * 0 *', '"0" for day-of-week: expected 1–7 (1 is Sunday)'],
    ['0 8 ? * 8 *', '"8" for day-of-week'],
    ['0 8 ? * MON#6 *', '"MON#6" for day-of-week'],
    ['0 8 ? * SUN#1,SUN#3 *', 'alone: TUE#3 (the third Tuesday of the month)'],
    ['0 8 ? * SAT-MON *', '"SAT-MON" for day-of-week'],
    ['0 8 ? * MON, *', '"MON," for day-of-week'],
    ['0 8 * * * *', 'expected ? in exactly one of them'],
    ['0 8 ? * ? *', 'expected ? in exactly one of them'],
    ['0 8 1 * MON *', 'expected ? in exactly one of them'],
    ['0 8 * * ? 2026', '"2026" for year: expected *'],
    ['0 8 * * ?', 'expected six fields'],
    ['0  8 * * ? *', 'expected six fields'],
    ['0 0 8 * * ? *', 'expected six fields'],
  ])('refuses cron(%s): %s', (fields, reason) => {
    const message = checkRotationRules(cron(fields));
    expect(message).toContain(`"cron(${fields})"`);
    expect(message).toContain(reason);
  });

  it('refuses an expression that is neither rate nor cron', () => {
    for (const ScheduleExpression of ['', 'daily', '0 8 * * ? *', ' rate(1 day)', 'cron(0 8 * * ? *) ']) {
      expect(checkRotationRules({ ScheduleExpression })).toMatch(/expected/);
    }
  });

  it('is refused if windows open less than four hours apart, even across midnight and month ends', () => {
    expect(checkRotationRules(cron('0 /3 * * ? *'))).toContain('opens windows 3 hours apart');
    expect(checkRotationRules(cron('0 /1 * * ? *'))).toContain('opens windows 1 hour apart');
    expect(checkRotationRules(cron('0 /7 * * ? *'))).toContain('opens windows 3 hours apart');
    expect(checkRotationRules(cron('0 /7 31,1 * ? *'))).toContain('opens windows 3 hours apart');
    expect(checkRotationRules(cron('0 /7 28,1 2,3 ? *'))).toContain('opens windows 3 hours apart');
    expect(checkRotationRules(cron('0 /7 1,3 * ? *'))).toBeUndefined();
    expect(checkRotationRules(cron('0 /5 * * ? *'))).toBeUndefined();
  });

  it('is refused if a year has no window', () => {
    for (const fields of ['0 0 29 2 ? *', '0 0 30 2 ? *', '0 0 ? 1 MON#5 *']) {
      expect(checkRotationRules(cron(fields))).toContain('no schedules more than a year apart');
    }
    expect(checkRotationRules(cron('0 0 ? 1,9,11 TUE#5 *'))).toContain('opens no window in some years, such as 2028:');
    expect(checkRotationRules(cron('0 0 30 2 ? *'))).toContain('opens no window in any year:');
    expect(checkRotationRules(cron('0 0 ? 1 SUN#1 *'))).toBeUndefined();
  });

  it('is refused if cron( stands there twice', () => {
    expect(checkRotationRules(cron('cron(0 8 * * ? *)'))).toBe(
      '"cron(cron(0 8 * * ? *))" has cron( twice: expected it once, such as cron(0 8 ? * MON-FRI *).',
    );
  });

  it('throws an error if it never opens and the caller did not check it', () => {
    expect(() => nextRotationWindow(cron('0 0 30 2 ? *'), new Date())).toThrow('never opens a window');
    expect(() => nextRotationWindow(rate('1 hour'), new Date())).toThrow('out of range');
  });

  it('opens on the same days as a plain reading of the calendar, and as croner, for any fields', () => {
    const random = seededRandom(7);
    const pick = (...choices: string[]) => choices[Math.floor(random() * choices.length)] ?? '*';
    const number = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
    const item = (least: number, most: number): string => {
      const [from, to] = [number(least, most), number(least, most)].sort((a, b) => a - b);
      return pick('*', `${from}`, `${from}-${to}`, `*/${number(1, 5)}`, `${from}/${number(1, 5)}`, `${from}-${to}/2`);
    };
    for (let round = 0; round < 300; round++) {
      const month = item(1, 12);
      const [dayOfMonth, dayOfWeek] =
        random() < 0.5
          ? [pick('L', item(1, 28), `${item(1, 28)},${item(1, 28)}`), '?']
          : [
              '?',
              pick(
                'L',
                `${number(1, 7)}L`,
                `${number(1, 7)}#${number(1, 4)}`,
                item(1, 7),
                `${item(1, 7)},${item(1, 7)}`,
              ),
            ];
      const hour = number(0, 23);
      const rules = cron(`0 ${hour} ${dayOfMonth} ${month} ${dayOfWeek} *`);
      const after = Date.UTC(number(1999, 2101), number(0, 11), number(1, 28), number(0, 23), 30);
      let expected = after - (after % (DAY * 1000)) + hour * HOUR * 1000;
      while (expected <= after || !opensOn(new Date(expected), dayOfMonth, month, dayOfWeek)) expected += DAY * 1000;

      expect(checkRotationRules(rules), rules.ScheduleExpression).toBeUndefined();
      expect(nextRotationWindow(rules, new Date(after)).opens, rules.ScheduleExpression).toEqual(new Date(expected));
      expect(byCroner(`0 ${hour} ${dayOfMonth} ${month} ${dayOfWeek}`, new Date(after))).toEqual(new Date(expected));
    }
  });
});

describe('a window', () => {
  it.each([
    ['a cron of one hour of the day', cron('0 8 * * ? *'), 16],
    ['a cron on the last hour', cron('0 23 * * ? *'), 1],
    ['a rate in days', rate('10 days'), 24],
    ['a cron in steps of hours', cron('0 8/8 * * ? *'), 1],
    ['a cron in steps that come once a day', cron('0 20/8 * * ? *'), 1],
    ['a rate in hours', rate('12 hours'), 1],
    ['a Duration', cron('0 8 * * ? *', '3h'), 3],
  ])('of %s stays open as long as at AWS', (_, rules, hours) => {
    const { opens, closes } = nextRotationWindow(rules, new Date('2025-01-01T00:00:00Z'));
    expect(closes.getTime() - opens.getTime()).toBe(hours * HOUR * 1000);
  });

  it.each(['0h', '25h', '1.5h', '-1h', '3', 'h', '3 h', '03h', '3H', ''])('refuses the Duration "%s"', (duration) => {
    expect(checkRotationRules(rate('10 days', duration))).toBe(
      `Duration is "${duration}": expected whole hours from 1h to 24h, such as 3h.`,
    );
  });

  it('of a schedule in days ends within the UTC day', () => {
    expect(checkRotationRules(cron('0 22 * * ? *', '2h'))).toBeUndefined();
    expect(checkRotationRules(cron('0 22 * * ? *', '3h'))).toMatch(
      /next UTC day.*opens at 22:00. Expected at most 2 hours/,
    );
    expect(checkRotationRules(rate('1 day', '24h'))).toBeUndefined();
    expect(checkRotationRules({ AutomaticallyAfterDays: 1, Duration: '24h' })).toBeUndefined();
  });

  it('of a schedule in hours ends before the next one opens', () => {
    expect(checkRotationRules(rate('5 hours', '5h'))).toBeUndefined();
    expect(checkRotationRules(rate('5 hours', '6h'))).toMatch(/next one: .*5 hours apart. Expected at most 5 hours/);
    expect(checkRotationRules(cron('0 2/10 * * ? *', '4h'))).toBeUndefined();
    expect(checkRotationRules(cron('0 2/10 * * ? *', '5h'))).toMatch(
      /next one: .*4 hours apart. Expected at most 4 hours/,
    );
  });
});

describe('worstGapSeconds', () => {
  it('is the interval and the window', () => {
    expect(worstGapSeconds(rate('4 hours'))).toBe(5 * HOUR);
    expect(worstGapSeconds(rate('30 days'))).toBe(31 * DAY);
    expect(worstGapSeconds(rate('30 days', '3h'))).toBe(30 * DAY + 3 * HOUR);
    expect(worstGapSeconds({ AutomaticallyAfterDays: 1000 })).toBe(1001 * DAY);
  });

  it('considers the long gap at night, the weekend and long months', () => {
    expect(worstGapSeconds(cron('0 8/8 * * ? *'))).toBe(17 * HOUR);
    expect(worstGapSeconds(cron('0 8 ? * MON-FRI *', '1h'))).toBe(3 * DAY + HOUR);
    expect(worstGapSeconds(cron('0 /7 1 * ? *'))).toBe(31 * DAY - 21 * HOUR + HOUR);
    expect(worstGapSeconds(cron('0 0 1 * ? *', '1h'))).toBe(31 * DAY + HOUR);
  });

  it.each([
    ['28', '2', '?'],
    ['29', '*', '?'],
    ['31', '*', '?'],
    ['L', '2', '?'],
    ['1/7', '1/5', '?'],
    ['?', '*', '2#5'],
    ['?', '*', 'SUN'],
    ['?', '1', '1#1'],
    ['?', '2/5', '6L'],
    ['?', '2,11', '7#4'],
    ['?', '12', '*'],
    ['?', 'FEB', '3/3'],
  ])(
    'is the longest gap in the 400 years after which the calendar repeats: %s %s %s',
    (dayOfMonth, month, dayOfWeek) => {
      let [previous, longest] = [Number.NaN, 0];
      for (let day = Date.UTC(2000, 0, 1); day < Date.UTC(2402, 0, 1); day += DAY * 1000) {
        if (!opensOn(new Date(day), dayOfMonth, month, dayOfWeek)) continue;
        longest = Math.max(longest, day - previous || 0);
        previous = day;
      }
      expect(worstGapSeconds(cron(`0 5 ${dayOfMonth} ${month} ${dayOfWeek} *`, '1h'))).toBe(longest / 1000 + HOUR);
    },
  );
});
