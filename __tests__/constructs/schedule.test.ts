import { Token } from 'cdktf';
import { describe, expect, it } from 'vitest';
import { type RateInterval, Schedule } from '../../constructs/schedule.ts';
import { refusal } from './refusal.ts';

describe('Schedule.rate', () => {
  it("writes AWS's rotation rules", () => {
    const schedule = Schedule.rate({ days: 30 }, { windowHours: 3 });
    expect(schedule.rules).toEqual({ ScheduleExpression: 'rate(30 days)', Duration: '3h' });
    expect(schedule.scheduleExpression).toBe('rate(30 days)');
    expect(schedule.duration).toBe('3h');
  });

  it('leaves the window to AWS when none is given', () => {
    expect(Schedule.rate({ hours: 4 }).rules).toEqual({ ScheduleExpression: 'rate(4 hours)' });
    expect(Schedule.rate({ hours: 4 }).duration).toBeUndefined();
  });

  it('writes "day" for one day', () => {
    expect(Schedule.rate({ days: 1 }).scheduleExpression).toBe('rate(1 day)');
  });

  it('is at most every four hours', () => {
    const error = refusal(() => Schedule.rate({ hours: 1 }));
    expect(error.code).toBe('SCHEDULE');
    expect(error.message).toContain('at most every four hours');
    expect(error.message).toContain('rate(4 hours)');
  });

  it.each([Number.NaN, 1.5, 0, -1, 1000, Number.POSITIVE_INFINITY, 1e21])('refuses %s days', (days) => {
    expect(refusal(() => Schedule.rate({ days })).message).toMatch(/expected rate/i);
  });

  it.each([Number.NaN, 1.5, 0, -1, 25])('refuses a window of %s hours', (windowHours) => {
    expect(refusal(() => Schedule.rate({ days: 30 }, { windowHours }))).toMatchObject({
      code: 'SCHEDULE',
      message: `windowHours is ${windowHours}: expected a whole number from 1 to 24.`,
    });
  });

  it.each(['{}', '{"days":1,"hours":24}'])('refuses %s, which is not one interval', (json) => {
    const interval: RateInterval = JSON.parse(json);
    expect(refusal(() => Schedule.rate(interval)).message).toContain('expected either hours or days');
  });

  it('shows the coming windows, as if the secret rotated now and then each time a window opens', () => {
    expect(Schedule.rate({ hours: 10 }).next(3, new Date('2025-01-01T10:30:00Z'))).toEqual([
      { opens: new Date('2025-01-01T20:00:00Z'), closes: new Date('2025-01-01T21:00:00Z') },
      { opens: new Date('2025-01-02T06:00:00Z'), closes: new Date('2025-01-02T07:00:00Z') },
      { opens: new Date('2025-01-02T16:00:00Z'), closes: new Date('2025-01-02T17:00:00Z') },
    ]);
    expect(Schedule.rate({ days: 30 }).next(2, new Date('2024-01-31T10:30:00Z'))).toEqual([
      { opens: new Date('2024-03-01T00:00:00Z'), closes: new Date('2024-03-02T00:00:00Z') },
      { opens: new Date('2024-03-31T00:00:00Z'), closes: new Date('2024-04-01T00:00:00Z') },
    ]);
  });
});

describe('Schedule.cron', () => {
  it('accepts an expression with or without cron(…)', () => {
    expect(Schedule.cron('0 8 ? * MON-FRI *').rules).toEqual({ ScheduleExpression: 'cron(0 8 ? * MON-FRI *)' });
    expect(Schedule.cron('cron(0 8 ? * MON-FRI *)').rules).toEqual({ ScheduleExpression: 'cron(0 8 ? * MON-FRI *)' });
  });

  it('shows the coming windows', () => {
    expect(Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 1 }).next(2, new Date('2025-01-03T08:00:00Z'))).toEqual([
      { opens: new Date('2025-01-06T08:00:00Z'), closes: new Date('2025-01-06T09:00:00Z') },
      { opens: new Date('2025-01-07T08:00:00Z'), closes: new Date('2025-01-07T09:00:00Z') },
    ]);
  });

  it('describes itself in English, and says how old a value can get', () => {
    const schedule = Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 1 });
    expect(schedule.describe()).toBe('At 08:00 UTC, Monday through Friday; window 1 hour (08:00–09:00)');
    expect(schedule.worstGapSeconds).toBe((3 * 24 + 1) * 3600);
  });

  it.each(['0 8 * * *', '* * * * ? *', '0 8 1 * MON *', 'rate(4 hours)', ''])('refuses "%s"', (expression) => {
    const error = refusal(() => Schedule.cron(expression));
    expect(error.code).toBe('SCHEDULE');
    expect(error.message).toMatch(/expected/);
  });

  it('refuses a window that runs into the next day', () => {
    expect(refusal(() => Schedule.cron('0 22 * * ? *', { windowHours: 3 })).message).toBe(
      'A window of 3 hours runs into the next UTC day: that of "cron(0 22 * * ? *)" opens at 22:00. Expected at most ' +
        '2 hours, or an earlier hour.',
    );
  });
});

/** What chance alone passes once in 1,000 times, by hours: chi-square with one degree of freedom less. */
const CRITICAL: Readonly<Record<number, number>> = { 2: 10.83, 6: 20.52, 24: 49.73 };

describe('Schedule#spread', () => {
  const night = Schedule.cron('0 2 ? * SUN *', { windowHours: 6 });

  it('gives a secret its own hour inside the window', () => {
    const spread = night.spread('tenants/7');
    expect(spread.rules).toEqual({ ScheduleExpression: 'cron(0 5 ? * SUN *)', Duration: '1h' });
    expect(night.rules).toEqual({ ScheduleExpression: 'cron(0 2 ? * SUN *)', Duration: '6h' });
  });

  it("spreads over the rest of the UTC day if the window is AWS's default", () => {
    const hours = names(2000).map((name) => hourOf(Schedule.cron('0 20 1 * ? *').spread(name)));
    expect([...new Set(hours)].sort()).toEqual([20, 21, 22, 23]);
  });

  it.each([2, 6, 24])('spreads 10,000 secrets evenly over %i hours', (windowHours) => {
    const schedule = Schedule.cron('0 0 * * ? *', { windowHours });
    const hours = names(10_000).map((name) => hourOf(schedule.spread(name)));
    const counts = Array.from({ length: windowHours }, (_, hour) => hours.filter((each) => each === hour).length);
    const expected = hours.length / windowHours;
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeLessThan(CRITICAL[windowHours] ?? 0);
  });

  it('gives a secret the same hour whichever other secrets exist: a changed schedule would rotate at once', () => {
    const hours = (all: readonly string[]) => new Map(all.map((name) => [name, hourOf(night.spread(name))]));
    const [few, many] = [hours(names(10)), hours(names(1000).reverse())];
    for (const [name, hour] of few) expect(many.get(name)).toBe(hour);
  });

  it.each([
    ['a rate in days', Schedule.rate({ days: 30 }, { windowHours: 6 }), 'a rate opens at midnight'],
    ['a rate in hours', Schedule.rate({ hours: 8 }, { windowHours: 6 }), 'a rate opens at midnight'],
    ['several windows a day', Schedule.cron('0 /8 * * ? *', { windowHours: 6 }), 'it opens several times a day'],
    ['a window of one hour', Schedule.cron('0 8 * * ? *', { windowHours: 1 }), 'its window has one hour'],
  ])('cannot spread %s', (_what, schedule, reason) => {
    const error = refusal(() => schedule.spread('tenants/7'));
    expect(error.code).toBe('SCHEDULE');
    expect(error.message).toContain(`"${schedule.scheduleExpression}" cannot be spread: ${reason}`);
    expect(error.message).toContain("such as Schedule.cron('0 0 ? * SUN *', { windowHours: 6 })");
  });

  it('cannot spread by a name that only Terraform knows', () => {
    expect(refusal(() => night.spread(Token.asString({ known: 'to Terraform' }))).code).toBe('NAME');
  });
});

function names(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `tenants/${index}`);
}

function hourOf({ scheduleExpression }: Schedule): number {
  return Number(scheduleExpression.split(' ')[1]);
}

it('has the nearest equivalent of every two weeks on Sunday at 02:00, as documented', () => {
  const sunday = new Date('2025-01-05T01:00:00Z');
  const fortnights = Schedule.rate({ days: 14 }, { windowHours: 3 }).next(26, sunday);
  expect(fortnights.map(({ opens }) => opens.getUTCDay())).toEqual(Array(26).fill(0));
  expect(fortnights[0]?.opens).toEqual(new Date('2025-01-19T00:00:00Z'));
  expect(fortnights[0]?.closes).toEqual(new Date('2025-01-19T03:00:00Z'));
  expect(Schedule.cron('0 2 ? * SUN *', { windowHours: 1 }).next(1, sunday)[0]?.opens).toEqual(
    new Date('2025-01-05T02:00:00Z'),
  );
  expect(Schedule.cron('0 2 ? * SUN#1 *', { windowHours: 1 }).next(2, sunday)[1]?.opens).toEqual(
    new Date('2025-02-02T02:00:00Z'),
  );
  expect(refusal(() => Schedule.cron('0 2 ? * SUN#1,SUN#3 *')).message).toContain('alone: TUE#3');
});
