import { createHash } from 'node:crypto';
import { describeRotationRules } from '../rules/schedule/describe-rotation-rules.ts';
import { firstHour, type RotationSchedule, readRotationRules } from '../rules/schedule/rotation-rules.ts';
import {
  checkRotationRules,
  nextRotationWindow,
  type RotationRules,
  type RotationWindow,
  worstGapSeconds,
} from '../rules/schedule/schedule.ts';
import { checkOptions, known } from './checks/check-options.ts';
import { ConstructError } from './construct-error.ts';
import { isReference } from './terraform/references.ts';

const WINDOWS = 'synth checks when its windows open';

/** How far apart two rotations are: 4 hours to 999 days, in whole hours or whole days. */
export type RateInterval =
  | { readonly hours: number; readonly days?: never }
  | { readonly days: number; readonly hours?: never };

export interface ScheduleOptions {
  /**
   * How long after it opens a window closes, in whole hours, 1 to 24. Within the UTC day for schedules in days, before
   * the next window for schedules in hours.
   *
   * @default 1 for schedules in hours, to the end of the UTC day for schedules in days
   */
  readonly windowHours?: number;
}

/**
 * When a secret rotates: at any moment within a window that opens again and again, in UTC.
 *
 * Weekdays at 08:00, within the hour:
 * ```ts
 * Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 1 })
 * ```
 * Every two weeks, Sunday at 02:00, is more than Secrets Manager can say: a cron knows no fortnight and takes one `#` at
 * most, and a rate in days always opens at midnight. The nearest are
 * ```ts
 * Schedule.rate({ days: 14 }, { windowHours: 3 }) // 00:00–03:00, on Sundays if the last rotation was on one
 * Schedule.cron('0 2 ? * SUN *', { windowHours: 1 }) // Sundays at 02:00, every week
 * Schedule.cron('0 2 ? * SUN#1 *', { windowHours: 1 }) // the first Sunday of every month at 02:00
 * ```
 * The first drifts: a rotation by hand, or a value that somebody puts, counts as the last rotation.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html
 */
export class Schedule {
  /** As AWS's API takes them. */
  readonly rules: RotationRules;

  private constructor(
    /** `rate(30 days)` or `cron(0 8 ? * MON-FRI *)`. */
    readonly scheduleExpression: string,
    /** Length of the window as AWS writes it, such as `3h`; undefined for AWS's default. */
    readonly duration: string | undefined,
  ) {
    this.rules = { ScheduleExpression: scheduleExpression, Duration: duration };
  }

  static #checked(scheduleExpression: string, options: ScheduleOptions): Schedule {
    checkOptions('Schedule', options, { windowHours: known('optional', WINDOWS) });
    const { windowHours } = options;
    if (windowHours !== undefined && !(Number.isInteger(windowHours) && windowHours >= 1 && windowHours <= 24)) {
      throw new ConstructError('SCHEDULE', `windowHours is ${windowHours}: expected a whole number from 1 to 24.`);
    }
    const duration = windowHours === undefined ? undefined : `${windowHours}h`;
    const schedule = new Schedule(scheduleExpression, duration);
    const reason = checkRotationRules(schedule.rules);
    if (reason !== undefined) throw new ConstructError('SCHEDULE', reason);
    return schedule;
  }

  /**
   * Rotates every so many hours or days after the last rotation: `Schedule.rate({ days: 30 })`.
   *
   * A rate in days opens its window at midnight UTC, a rate in hours on the hour.
   *
   * @throws ConstructError SCHEDULE
   */
  static rate(interval: RateInterval, options: ScheduleOptions = {}): Schedule {
    checkOptions('Schedule.rate', interval, { hours: known('optional', WINDOWS), days: known('optional', WINDOWS) });
    const { hours, days } = interval;
    if ((hours === undefined) === (days === undefined)) {
      throw new ConstructError(
        'SCHEDULE',
        `Schedule.rate got ${JSON.stringify(interval)}: expected either hours or days, such as { days: 30 }.`,
      );
    }
    const [value, unit] = hours === undefined ? [days, 'day'] : [hours, 'hour'];
    return Schedule.#checked(`rate(${value} ${value === 1 ? unit : `${unit}s`})`, options);
  }

  /**
   * Rotates at fixed times: `Schedule.cron('0 8 ? * MON-FRI *')`, with or without `cron(…)` around it.
   *
   * @param expression Minutes (always 0), hours, day of month, month, day of week (1 is Sunday), year (always `*`), with
   * `?` for the one of the two day fields that does not matter.
   * @throws ConstructError SCHEDULE
   */
  static cron(expression: string, options: ScheduleOptions = {}): Schedule {
    if (typeof expression !== 'string' || isReference(expression)) {
      const found = isReference(expression) ? `an expression that only Terraform knows: ${WINDOWS}` : 'no text';
      throw new ConstructError(
        'SCHEDULE',
        `Schedule.cron got ${found}. Expected a literal, such as '0 8 ? * MON-FRI *'.`,
      );
    }
    return Schedule.#checked(expression.startsWith('cron(') ? expression : `cron(${expression})`, options);
  }

  /**
   * One hour of the window for each secret of a fleet, chosen by its name: all together rotate evenly over the window, and
   * each at the same hour whatever other secrets come and go. `Schedule.cron('0 0 ? * SUN *', { windowHours: 6 })` becomes
   * `cron(0 3 ? * SUN *)` with a window of one hour for `tenants/7`.
   *
   * @throws ConstructError SCHEDULE for what is no cron that opens once a day with a window of two hours or more; NAME
   */
  spread(secretName: string): Schedule {
    if (isReference(secretName)) {
      throw new ConstructError(
        'NAME',
        'A schedule is spread by a name that only Terraform knows: no hour can be chosen by it. Expected a literal.',
      );
    }
    const schedule = readRotationRules(this.rules);
    const reason = cannotSpread(schedule);
    if (reason !== undefined) {
      throw new ConstructError(
        'SCHEDULE',
        `"${this.scheduleExpression}" cannot be spread: ${reason}. Expected a cron that opens once a day, with a window of two ` +
          "hours or more, such as Schedule.cron('0 0 ? * SUN *', { windowHours: 6 }).",
      );
    }
    const hash = createHash('sha256').update(secretName).digest().readUInt32BE();
    const hour = firstHour(schedule) + (hash % schedule.windowHours);
    return new Schedule(this.scheduleExpression.replace(/^cron\(0 \d+/, `cron(0 ${hour}`), '1h');
  }

  /** In plain English: "Every 30 days, at any time of the UTC day (00:00–24:00)". */
  describe(): string {
    return describeRotationRules(this.rules);
  }

  /** The next `n` windows that open after `after`. A rate counts as if the secret rotated at `after`, then at each opening. */
  next(n: number, after = new Date()): RotationWindow[] {
    const windows: RotationWindow[] = [];
    for (let last = after; windows.length < n; ) {
      const window = nextRotationWindow(this.rules, last, last);
      windows.push(window);
      last = window.opens;
    }
    return windows;
  }

  /** The longest time that one value stays current while every rotation succeeds: longest interval plus window. */
  get worstGapSeconds(): number {
    return worstGapSeconds(this.rules);
  }
}

function cannotSpread({ kind, unit, windowHours }: RotationSchedule): string | undefined {
  if (kind === 'rate') return 'a rate opens at midnight, or at the hour of the last rotation';
  if (unit === 'hours') return 'it opens several times a day';
  return windowHours < 2 ? 'its window has one hour' : undefined;
}
