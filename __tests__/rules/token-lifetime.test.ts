import { describe, expect, it } from 'vitest';
import { checkTokenLifetime, type RenewalRules } from '../../rules/token-lifetime.ts';

const HOUR = 3_600;
const CACHE_AND_SLACK = 300 + 900;

const rate = (every: string, Duration?: string): RenewalRules => ({ ScheduleExpression: `rate(${every})`, Duration });

describe('the lifetime that a token needs', () => {
  it.each<[string, RenewalRules, number]>([
    ['every 8 hours', rate('8 hours'), 9 * HOUR],
    ['every day, at any time of the day', rate('1 day'), 48 * HOUR],
    ['every day, in a window of an hour', rate('1 day', '1h'), 25 * HOUR],
    ['at 08:00 each day, or later that day', { ScheduleExpression: 'cron(0 8 * * ? *)' }, 40 * HOUR],
    ['on weekdays, over the weekend', { ScheduleExpression: 'cron(0 8 ? * MON-FRI *)', Duration: '1h' }, 73 * HOUR],
    ['every 7 days, as the old rules say it', { AutomaticallyAfterDays: 7 }, 8 * 24 * HOUR],
    ['as DescribeSecret shows a rate: with days added', { ...rate('8 hours'), AutomaticallyAfterDays: 1 }, 9 * HOUR],
    ['every 30 minutes by EventBridge, whatever the schedule', { ...rate('1 day'), refreshEveryMinutes: 30 }, HOUR / 2],
  ])('%s', (_when, rules, worstGapSeconds) => {
    const needed = worstGapSeconds + CACHE_AND_SLACK;
    expect(checkTokenLifetime(needed, rules)).toBeUndefined();
    expect(checkTokenLifetime(needed - 1, rules)).toContain(`a life of ${needed} seconds or more.`);
  });
});

it.each<[string, RenewalRules]>([
  ['nothing', {}],
  ['an unknown schedule', { ScheduleExpression: undefined }],
  ['a window alone', { Duration: '24h' }],
])('needs no particular life if it is renewed by hand, with %s in the rules', (_what, rules) => {
  expect(checkTokenLifetime(60, rules)).toBeUndefined();
});

describe('a token with too short a life', () => {
  it('of 25 hours on a daily schedule gets the calculation and a schedule that works', () => {
    expect(checkTokenLifetime(25 * HOUR, rate('1 day'))).toBe(
      'The token lives 25 h, less than the 48 h 20 min from one rotation to the next: interval 24 h + window 24 h + ' +
        'reader cache 5 min + slack 15 min. Use rate(23 hours), or more often; or ask the issuer for a life of 174000 ' +
        'seconds or more.',
    );
    expect(checkTokenLifetime(25 * HOUR, rate('23 hours'))).toBeUndefined();
    expect(checkTokenLifetime(25 * HOUR, rate('24 hours'))).toBeDefined();
    expect(checkTokenLifetime(174_000, rate('1 day'))).toBeUndefined();
  });

  it('of one hour has no schedule that works, only a refresh by EventBridge', () => {
    const reason = checkTokenLifetime(HOUR, rate('4 hours'));
    expect(reason).toContain('Use refreshEveryMinutes: 40, or less (no schedule is that short)');
    expect(checkTokenLifetime(HOUR, { ...rate('4 hours'), refreshEveryMinutes: 40 })).toBeUndefined();
    expect(checkTokenLifetime(HOUR, { ...rate('4 hours'), refreshEveryMinutes: 41 })).toContain('interval 41 min');
  });

  it('of 34 minutes has neither', () => {
    expect(checkTokenLifetime(34 * 60, rate('4 hours'))).toContain(
      'No schedule renews it in time. Ask the issuer for a life of 19200 seconds or more.',
    );
  });
});
