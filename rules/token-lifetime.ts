import { readRotationRules } from './schedule/rotation-rules.ts';
import { longestIntervalHours, type RotationRules } from './schedule/schedule.ts';

/** How long applications keep a value that they have read, in seconds: what `rotaform-client` and AWS's own caches do. */
export const READER_CACHE_SECONDS = 300;

/** What a token must outlive besides, in seconds: a rotation that is tried again, and clocks that differ. */
const SLACK_SECONDS = 900;

/** What a token still needs when it is proved: readers keep it as long, and rotations are late. */
export const LEAST_REMAINING_SECONDS = READER_CACHE_SECONDS + SLACK_SECONDS;

/** How often EventBridge Scheduler may rotate a secret: Secrets Manager keeps about a hundred versions of a day. */
export const LEAST_REFRESH_MINUTES = 15;
export const MOST_REFRESH_MINUTES = 240;

/**
 * The environment variable that tells a rotation function how often EventBridge Scheduler asks for a rotation, in minutes:
 * DescribeSecret does not know.
 */
export const REFRESH_VARIABLE = 'REFRESH_EVERY_MINUTES';

/**
 * That variable, as a number; undefined if it is not set.
 * @throws RangeError for what is no such number
 */
export function readRefreshMinutes(environment: Readonly<Record<string, string | undefined>>): number | undefined {
  const found = environment[REFRESH_VARIABLE];
  if (found === undefined) return undefined;
  const minutes = /^\d{2,3}$/.test(found) ? Number(found) : 0;
  if (minutes >= LEAST_REFRESH_MINUTES && minutes <= MOST_REFRESH_MINUTES) return minutes;
  throw new RangeError(
    `${REFRESH_VARIABLE} is "${found}": expected ${LEAST_REFRESH_MINUTES} to ${MOST_REFRESH_MINUTES}. Correct the function's environment.`,
  );
}

/** When a token is renewed: by the secret's own schedule, unless something calls RotateSecret more often. */
export interface RenewalRules extends RotationRules {
  /** 15 to 240: EventBridge Scheduler calls RotateSecret every so many minutes. @default the schedule alone */
  readonly refreshEveryMinutes?: number | undefined;
}

interface Gap {
  readonly intervalSeconds: number;
  readonly windowSeconds: number;
}

/**
 * Why a token of that life would be dead before its successor is read – interval, window, reader cache, slack, and the
 * schedule that would work – or undefined where it outlives them all, or is renewed by hand alone.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html the window
 */
export function checkTokenLifetime(lifetimeSeconds: number, rules: RenewalRules): string | undefined {
  const { ScheduleExpression, AutomaticallyAfterDays, refreshEveryMinutes } = rules;
  if ((ScheduleExpression ?? AutomaticallyAfterDays ?? refreshEveryMinutes) === undefined) return undefined;
  const gap = gapOf(rules);
  const needed = neededSeconds(gap);
  if (lifetimeSeconds >= needed) return undefined;
  return (
    `The token lives ${duration(lifetimeSeconds)}, less than the ${duration(needed)} from one rotation to the next: ` +
    `interval ${duration(gap.intervalSeconds)} + window ${duration(gap.windowSeconds)} + reader cache ` +
    `${duration(READER_CACHE_SECONDS)} + slack ${duration(SLACK_SECONDS)}. ${remedy(lifetimeSeconds)} a life of ` +
    `${needed} seconds or more.`
  );
}

/** Interval and window of the rules, which together are the longest time that one value stays current. */
function gapOf({ refreshEveryMinutes, ...rules }: RenewalRules): Gap {
  if (refreshEveryMinutes !== undefined) return { intervalSeconds: refreshEveryMinutes * 60, windowSeconds: 0 };
  const schedule = readRotationRules(rules);
  return { intervalSeconds: longestIntervalHours(schedule) * 3_600, windowSeconds: schedule.windowHours * 3_600 };
}

function neededSeconds({ intervalSeconds, windowSeconds }: Gap): number {
  return intervalSeconds + windowSeconds + LEAST_REMAINING_SECONDS;
}

/** The rarest rotation that keeps such a token alive, and how the sentence goes on. */
function remedy(lifetimeSeconds: number): string {
  const gapSeconds = lifetimeSeconds - LEAST_REMAINING_SECONDS;
  // A rate in hours has a window of one.
  const hours = Math.floor(gapSeconds / 3_600) - 1;
  if (hours >= 4) return `Use rate(${hours} hours), or more often; or ask the issuer for`;
  const minutes = Math.min(Math.floor(gapSeconds / 60), 240);
  if (minutes >= 15)
    return `Use refreshEveryMinutes: ${minutes}, or less (no schedule is that short); or ask the issuer for`;
  return 'No schedule renews it in time. Ask the issuer for';
}

/** Such as `25 h`, `1 h 20 min` or `59 s`. */
function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'min'],
    [Math.floor(seconds % 60), 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(' ') || '0 s';
}
