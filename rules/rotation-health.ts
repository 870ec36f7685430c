import { openings } from './schedule/cron-openings.ts';
import { type RotationRules, readRotationRules } from './schedule/rotation-rules.ts';

/**
 * What is wrong with a secret's rotation, the most urgent first.
 *
 * - `NOT_FOUND` – it is declared but does not exist.
 * - `OVERDUE` – its last window has ended without a rotation, or its token has expired.
 * - `FAILING` – its latest attempt failed.
 * - `PENDING` – a rotation has not ended for more than a day.
 * - `CANCELED` – its rotation was switched off.
 * - `NO_ROTATION` – its rotation was never configured.
 */
export type Finding = 'NOT_FOUND' | 'OVERDUE' | 'FAILING' | 'PENDING' | 'CANCELED' | 'NO_ROTATION';

/** What Secrets Manager says about a secret, as far as its rotation goes. In its own words where it has them. */
export interface RotationFacts {
  readonly createdDate: Date;
  readonly lastRotatedDate?: Date | undefined;
  readonly rotationEnabled?: boolean | undefined;
  /** Whether a function was ever configured, or AWS itself rotates it. */
  readonly isConfigured: boolean;
  readonly rotationRules?: RotationRules | undefined;
  /** How long its value lives, if it is a token whose life was declared. */
  readonly lifetimeSeconds?: number | undefined;
  /** Since when `AWSPENDING` is on a version that is not current. */
  readonly pendingSince?: Date | undefined;
}

export interface RotationHealth {
  /** The most urgent first. Empty if all is well. */
  readonly findings: readonly Finding[];
  /** Days since its last window ended without a rotation, or since its token expired; 0 if it is in time. */
  readonly daysOverdue: number;
  /** The window that is open, or else the next one. Absent if it does not rotate. */
  readonly window?: { readonly opens: Date; readonly closes: Date };
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A rotation may begin when its window ends, and be tried again after that. */
const GRACE_MS = HOUR_MS;

/** How a secret's rotation fares at that moment. A secret that never rotated counts from its creation. */
export function rotationHealth(facts: RotationFacts, now: Date): RotationHealth {
  const { rotationEnabled = false, isConfigured, rotationRules, pendingSince, lifetimeSeconds = Infinity } = facts;
  const isStuck = pendingSince !== undefined && now.getTime() - pendingSince.getTime() > DAY_MS;
  const pending: Finding[] = isStuck ? ['PENDING'] : [];
  if (!rotationEnabled) {
    return { findings: [...pending, isConfigured ? 'CANCELED' : 'NO_ROTATION'], daysOverdue: 0 };
  }
  // AWS rotates some secrets itself, and does not say when.
  if (rotationRules === undefined) return { findings: pending, daysOverdue: 0 };
  const since = facts.lastRotatedDate ?? facts.createdDate;
  const lateMs = now.getTime() - dueMs(rotationRules, since);
  const expiredMs = now.getTime() - since.getTime() - lifetimeSeconds * 1_000;
  const isOverdue = lateMs > GRACE_MS || expiredMs > 0;
  return {
    findings: [...(isOverdue ? (['OVERDUE'] as const) : []), ...pending],
    daysOverdue: isOverdue ? Math.max(lateMs, expiredMs) / DAY_MS : 0,
    window: windowAt(rotationRules, since, now),
  };
}

/** When the window ends in which a value from `since` is to be replaced. */
function dueMs(rules: RotationRules, since: Date): number {
  const schedule = readRotationRules(withoutDays(rules));
  const windowMs = schedule.windowHours * HOUR_MS;
  if (schedule.kind === 'rate') return since.getTime() + schedule.every * lengthMs(schedule.unit) + windowMs;
  return (openings(schedule, since).next().value ?? NEVER).getTime() + windowMs;
}

function windowAt(rules: RotationRules, since: Date, now: Date): { opens: Date; closes: Date } {
  const schedule = readRotationRules(withoutDays(rules));
  const windowMs = schedule.windowHours * HOUR_MS;
  // A window that has opened and not ended is the one that counts, unless the secret rotated in it.
  const afterMs = Math.max(since.getTime(), now.getTime() - windowMs);
  let opens: Date = NEVER;
  if (schedule.kind === 'cron') {
    opens = openings(schedule, new Date(afterMs)).next().value ?? NEVER;
  } else {
    const unitMs = lengthMs(schedule.unit);
    const everyMs = schedule.every * unitMs;
    const startMs = since.getTime() - (since.getTime() % unitMs);
    opens = new Date(startMs + Math.max(1, Math.floor((afterMs - startMs) / everyMs) + 1) * everyMs);
  }
  return { opens, closes: new Date(opens.getTime() + windowMs) };
}

/** The end of JavaScript's time, less what is added to it. */
const NEVER = new Date(8.64e15 - 2 * DAY_MS);

const lengthMs = (unit: 'hours' | 'days') => (unit === 'hours' ? HOUR_MS : DAY_MS);

/** DescribeSecret shows days besides an expression. */
function withoutDays({ ScheduleExpression, AutomaticallyAfterDays = 0, Duration }: RotationRules): RotationRules {
  return {
    ...(ScheduleExpression === undefined ? { AutomaticallyAfterDays } : { ScheduleExpression }),
    ...(Duration !== undefined && { Duration }),
  };
}
