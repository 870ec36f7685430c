import { describe, expect, it } from 'vitest';
import { type RotationFacts, rotationHealth } from '../../rules/rotation-health.ts';

const day = (text: string) => new Date(`${text}Z`);
const MONTHLY: RotationFacts = {
  createdDate: day('2026-01-01T10:00'),
  lastRotatedDate: day('2026-03-01T10:00'),
  rotationEnabled: true,
  isConfigured: true,
  // DescribeSecret shows both.
  rotationRules: { ScheduleExpression: 'rate(30 days)', AutomaticallyAfterDays: 30, Duration: '3h' },
};

describe('the health of a rotation', () => {
  it.each<[string, Partial<RotationFacts>, string, readonly string[], number]>([
    ['is good within the interval', {}, '2026-03-20T00:00', [], 0],
    ['is good until the window has ended', {}, '2026-03-31T12:59', [], 0],
    ['is good for an hour after that, since a rotation may begin late', {}, '2026-03-31T13:59', [], 0],
    ['is overdue after that', {}, '2026-04-01T13:00', ['OVERDUE'], 1],
    [
      'counts from the creation if it never rotated',
      { lastRotatedDate: undefined },
      '2026-02-10T13:00',
      ['OVERDUE'],
      10,
    ],
    [
      'follows a cron',
      { rotationRules: { ScheduleExpression: 'cron(0 8 ? * SUN *)', Duration: '2h' } },
      '2026-03-09T10:00',
      // Rotated on a Sunday at 10:00: the next window is a week later.
      ['OVERDUE'],
      1,
    ],
    [
      'follows a cron in time',
      { rotationRules: { ScheduleExpression: 'cron(0 8 ? * SUN *)', Duration: '2h' } },
      '2026-03-08T10:59',
      [],
      0,
    ],
    ['follows days alone', { rotationRules: { AutomaticallyAfterDays: 1 } }, '2026-03-03T09:00', [], 0],
    [
      'follows days alone, too late',
      { rotationRules: { AutomaticallyAfterDays: 1 } },
      '2026-03-04T10:00',
      ['OVERDUE'],
      1,
    ],
    [
      'is good while its token lives',
      { lastRotatedDate: day('2026-03-20T00:00'), lifetimeSeconds: 86_400 },
      '2026-03-21T00:00',
      [],
      0,
    ],
    [
      'is overdue once its token has expired, whatever the schedule says',
      { lastRotatedDate: day('2026-03-20T00:00'), lifetimeSeconds: 86_400 },
      '2026-03-22T00:00',
      ['OVERDUE'],
      1,
    ],
    ['is stuck after a day', { pendingSince: day('2026-03-10T00:00') }, '2026-03-11T00:01', ['PENDING'], 0],
    ['is not stuck before', { pendingSince: day('2026-03-10T00:00') }, '2026-03-11T00:00', [], 0],
    ['is canceled', { rotationEnabled: false }, '2027-01-01T00:00', ['CANCELED'], 0],
    ['never was', { rotationEnabled: undefined, isConfigured: false }, '2027-01-01T00:00', ['NO_ROTATION'], 0],
    ["is AWS's own to know", { rotationRules: undefined }, '2027-01-01T00:00', [], 0],
  ])('%s', (_, facts, now, findings, daysOverdue) => {
    const health = rotationHealth({ ...MONTHLY, ...facts }, day(now));
    expect({ findings: health.findings, daysOverdue: health.daysOverdue }).toEqual({ findings, daysOverdue });
  });

  it.each<[string, RotationFacts['rotationRules'], string, string, string]>([
    [
      'the next one',
      { ScheduleExpression: 'rate(30 days)', Duration: '3h' },
      '2026-03-20T00:00',
      '2026-03-31T00:00',
      '2026-03-31T03:00',
    ],
    [
      'the one that is open',
      { ScheduleExpression: 'rate(30 days)', Duration: '3h' },
      '2026-03-31T01:00',
      '2026-03-31T00:00',
      '2026-03-31T03:00',
    ],
    [
      'the one after a missed one',
      { ScheduleExpression: 'rate(30 days)', Duration: '3h' },
      '2026-03-31T04:00',
      '2026-04-30T00:00',
      '2026-04-30T03:00',
    ],
    [
      'that of a cron',
      { ScheduleExpression: 'cron(0 8 ? * SUN *)', Duration: '2h' },
      '2026-03-01T10:01',
      '2026-03-08T08:00',
      '2026-03-08T10:00',
    ],
    ['in hours', { ScheduleExpression: 'rate(4 hours)' }, '2026-03-01T11:00', '2026-03-01T14:00', '2026-03-01T15:00'],
  ])('has a window: %s', (_, rotationRules, now, opens, closes) => {
    const { window } = rotationHealth({ ...MONTHLY, rotationRules }, day(now));
    expect(window).toEqual({ opens: day(opens), closes: day(closes) });
  });
});
