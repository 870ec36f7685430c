import { type CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import * as v from 'valibot';
import type { SecretFacts } from '../../rules/rotation-facts.ts';
import { ForeignCode, ForeignText } from '../foreign-text.ts';
import type { Pace } from './pace.ts';

/** Why the latest attempt of a rotation failed, as the function's log says it. */
export interface Failure {
  readonly step: string;
  readonly code: string;
  readonly message: string;
  readonly at: Date;
}

export interface LastFailures {
  /** By the secret's name. */
  readonly bySecret: ReadonlyMap<string, Failure>;
  /** Why some are not there. */
  readonly notes: readonly string[];
}

const FailedStep = v.object({
  step: ForeignText,
  secret: ForeignText,
  errorCode: ForeignCode,
  errorMessage: v.optional(ForeignText, ''),
});

/** Logs that are asked: at half of the five calls a second that CloudWatch answers, 40 seconds. */
const MOST_LOGS = 100;
const DAY_MS = 86_400_000;
/** How far back a failure may lie: of a secret that is overdue or pending, and of any other one. */
const LOOKED_BACK_MS = { suspect: 35 * DAY_MS, other: 7 * DAY_MS };
/** Of a log that is longer, the end is not read. */
const MOST_PAGES = 20;

interface Reading {
  readonly client: CloudWatchLogsClient;
  readonly pace: Pace;
  readonly now: Date;
}

/**
 * Asks the logs of these secrets' functions, once for a function that many share.
 * @param suspects are overdue or pending, the most urgent first; their logs are read first
 * @param others may have failed all the same: a function gives up a version that its target refuses
 */
export async function lastFailures(
  suspects: readonly SecretFacts[],
  others: readonly SecretFacts[],
  reading: Reading,
): Promise<LastFailures> {
  const ofSuspects = groupsOf(suspects);
  const groups = [...new Set([...ofSuspects, ...groupsOf(others)])];
  const bySecret = new Map<string, Failure>();
  const notes = new Set<string>();
  if (groups.length > MOST_LOGS) {
    notes.add(
      `The logs of ${MOST_LOGS} functions were read, the most urgent first. The ${groups.length - MOST_LOGS} others were not.`,
    );
  }
  const read = async (logGroupName: string) => {
    const lookedBackMs = LOOKED_BACK_MS[ofSuspects.has(logGroupName) ? 'suspect' : 'other'];
    try {
      const isWhole = await readFailures(logGroupName, lookedBackMs, reading, bySecret);
      if (!isWhole) notes.add(`The log ${logGroupName} was not read to its end: it is too long.`);
    } catch (error) {
      const { name, message } = error as Error;
      // A function that was never invoked has no log.
      if (name !== 'ResourceNotFoundException') notes.add(`Reasons are missing: ${message}`);
    }
  };
  await Promise.all(groups.slice(0, MOST_LOGS).map(read));
  return { bySecret, notes: [...notes] };
}

/** The later ones write over the earlier ones: CloudWatch gives the oldest first. @returns whether that was all */
async function readFailures(
  logGroupName: string,
  lookedBackMs: number,
  { client, pace, now }: Reading,
  bySecret: Map<string, Failure>,
): Promise<boolean> {
  let nextToken: string | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const input = {
      logGroupName,
      filterPattern: '{ $.outcome = "failed" }',
      startTime: now.getTime() - lookedBackMs,
      ...(nextToken !== undefined && { nextToken }),
    };
    const page = await pace.take('FilterLogEvents', () => client.send(new FilterLogEventsCommand(input)));
    for (const { message = '', timestamp = 0 } of page.events ?? []) {
      const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), FailedStep), message);
      if (!success) continue;
      const { step, secret, errorCode: code, errorMessage } = output;
      bySecret.set(secret, { step, code, message: errorMessage, at: new Date(timestamp) });
    }
    nextToken = page.nextToken;
    if (nextToken === undefined) return true;
  }
  return false;
}

/** The log groups of their functions. */
function groupsOf(secrets: readonly SecretFacts[]): Set<string> {
  return new Set(
    secrets.flatMap(({ functionArn }) => functionArn?.split(':')[6] ?? []).map((name) => `/aws/lambda/${name}`),
  );
}
