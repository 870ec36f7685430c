import { expect, it } from 'vitest';
import { describeRotationRules } from '../../../rules/schedule/describe-rotation-rules.ts';

it.each([
  ['rate(30 days)', undefined, 'Every 30 days, at any time of the UTC day (00:00–24:00)'],
  ['rate(1 day)', '3h', 'Every day, 00:00–03:00 UTC'],
  ['rate(8 hours)', undefined, 'Every 8 hours, on the hour; window 1 hour'],
  ['rate(8 hours)', '2h', 'Every 8 hours, on the hour; window 2 hours'],
  ['cron(0 8 ? * MON-FRI *)', '1h', 'At 08:00 UTC, Monday through Friday; window 1 hour (08:00–09:00)'],
  ['cron(0 8 ? * 2-6 *)', undefined, 'At 08:00 UTC, Monday through Friday; window 16 hours (08:00–24:00)'],
  ['cron(0 18 ? * L *)', '1h', 'At 18:00 UTC, only on Saturday; window 1 hour (18:00–19:00)'],
  ['cron(0 8 ? * 6#3 *)', '1h', 'At 08:00 UTC, on the third Friday of the month; window 1 hour (08:00–09:00)'],
  ['cron(0 8 ? * 5L *)', '1h', 'At 08:00 UTC, on the last Thursday of the month; window 1 hour (08:00–09:00)'],
  ['cron(0 17 L * ? *)', undefined, 'At 17:00 UTC, on the last day of the month; window 7 hours (17:00–24:00)'],
  ['cron(0 2/10 * * ? *)', undefined, 'At 02:00, 12:00 and 22:00 UTC, every day; window 1 hour'],
])('says %s with Duration %s as "%s"', (ScheduleExpression, Duration, english) => {
  expect(describeRotationRules({ ScheduleExpression, Duration })).toBe(english);
});

it('says AutomaticallyAfterDays like a rate', () => {
  expect(describeRotationRules({ AutomaticallyAfterDays: 90 })).toBe(
    'Every 90 days, at any time of the UTC day (00:00–24:00)',
  );
});

it('does not describe rules that cannot be read', () => {
  expect(() => describeRotationRules({ ScheduleExpression: 'cron(0 8 * * *)' })).toThrow('expected six fields');
});
