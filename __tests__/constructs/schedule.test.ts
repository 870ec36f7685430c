import { describe, expect, it } from 'vitest';
import { ConstructError } from '../../constructs/construct-error.ts';
import { type RateInterval, Schedule } from '../../constructs/schedule.ts';

function refusal(declare: () => Schedule): ConstructError {
  try {
    declare();
  } catch (error) {
    if (error instanceof ConstructError) return error;
  }
  throw new Error('The schedule was not refused.');
}

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

  it('writes one day in the singular', () => {
    expect(Schedule.rate({ days: 1 }).scheduleExpression).toBe('rate(1 day)');
  });

  it('is at most every four hours', () => {
    const error = refusal(() => Schedule.rate({ hours: 1 }));
    expect(error.code).toBe('SCHEDULE');
    expect(error.message).toContain('every four hours at the most often');
    expect(error.message).toContain('rate(4 hours)');
  });

  it.each([Number.NaN, 1.5, 0, -1, 1000, Number.POSITIVE_INFINITY, 1e21])('refuses %s days', (days) => {
    expect(refusal(() => Schedule.rate({ days })).message).toMatch(/expected rate/i);
  });

  it.each([Number.NaN, 1.5, 0, -1, 25])('refuses a window of %s hours', (windowHours) => {
    expect(refusal(() => Schedule.rate({ days: 30 }, { windowHours })).message).toContain('from 1h to 24h');
  });

  it.each(['{}', '{"days":1,"hours":24}'])('refuses %s, which is not one interval', (json) => {
    const interval: RateInterval = JSON.parse(json);
    expect(refusal(() => Schedule.rate(interval)).message).toContain('expected either hours or days');
  });

  it('shows the coming windows, as if the secret rotated now and then at each opening', () => {
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
  it('takes an expression with or without cron(…)', () => {
    expect(Schedule.cron('0 8 ? * MON-FRI *').rules).toEqual({ ScheduleExpression: 'cron(0 8 ? * MON-FRI *)' });
    expect(Schedule.cron('cron(0 8 ? * MON-FRI *)').rules).toEqual({ ScheduleExpression: 'cron(0 8 ? * MON-FRI *)' });
  });

  it('shows the coming windows', () => {
    expect(Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 1 }).next(2, new Date('2025-01-03T08:00:00Z'))).toEqual([
      { opens: new Date('2025-01-06T08:00:00Z'), closes: new Date('2025-01-06T09:00:00Z') },
      { opens: new Date('2025-01-07T08:00:00Z'), closes: new Date('2025-01-07T09:00:00Z') },
    ]);
  });

  it('says itself in English, and how old a value can get', () => {
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
    expect(refusal(() => Schedule.cron('0 22 * * ? *', { windowHours: 3 })).message).toContain('Expected 2h at most');
  });
});

it('has the nearest to every two weeks on Sunday at 02:00 that its documentation names', () => {
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
