import { describe, expect, it } from 'vitest';
import { deadHours } from '../../bench/dead-hours.ts';

const HOUR = 3_600;

describe('dead hours of a token', { timeout: 120_000 }, () => {
  it('of 25 hours: up to 23 a day if it is renewed daily, none if it is renewed every 20 hours', async () => {
    const lifetimeSeconds = 25 * HOUR;
    const daily = await deadHours({ lifetimeSeconds, rules: { ScheduleExpression: 'rate(1 day)' } }, 6, 'early, late');
    expect(daily).toBeGreaterThan(40);
    const every20 = await deadHours(
      { lifetimeSeconds, rules: { ScheduleExpression: 'rate(20 hours)' } },
      6,
      'early, late',
    );
    expect(every20).toBe(0);
  });

  it('of one hour: none if it is renewed every half hour, some if it is renewed every hour', async () => {
    const lifetimeSeconds = HOUR;
    expect(await deadHours({ lifetimeSeconds, rules: { refreshEveryMinutes: 30 } }, 0.25, 'random')).toBe(0);
    expect(await deadHours({ lifetimeSeconds, rules: { refreshEveryMinutes: 60 } }, 0.25, 'random')).toBeGreaterThan(0);
  });
});
