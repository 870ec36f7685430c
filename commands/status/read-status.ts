import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretFacts } from '../../rules/rotation-facts.ts';
import { type Finding, rotationHealth } from '../../rules/rotation-health.ts';
import { type Failure, lastFailures } from './last-failures.ts';
import { Pace, type PacedAction } from './pace.ts';
import { secretsNamed, secretsUnder } from './secret-facts.ts';

/** How the rotation of one secret fares. Holds no value. */
export interface SecretStatus {
  readonly name: string;
  /** The name of the function that rotates it. */
  readonly functionName?: string | undefined;
  /** Days since its value was rotated, or since it was created. */
  readonly ageDays?: number;
  readonly lastRotated?: Date | undefined;
  readonly nextWindow?: { readonly opens: Date; readonly closes: Date } | undefined;
  /** Why the latest attempt failed, if it did and no later one succeeded. */
  readonly failure?: Failure | undefined;
  readonly daysOverdue: number;
  readonly pendingSince?: Date | undefined;
  /** The most urgent first. */
  readonly findings: readonly Finding[];
}

export interface Status {
  /** What needs attention comes first, and of that the most urgent. */
  readonly secrets: readonly SecretStatus[];
  /** What could not be found out, and why. */
  readonly notes: readonly string[];
  readonly calls: Readonly<Record<PacedAction, number>>;
}

export interface StatusOptions {
  readonly secretsManager: SecretsManagerClient;
  readonly logs: CloudWatchLogsClient;
  /** How the names begin, or the names and ARNs. Every secret that has a rotation, if there is neither. */
  readonly prefix?: string | undefined;
  readonly secretIds?: readonly string[] | undefined;
  /** Names of secrets that are not to rotate. */
  readonly except?: readonly string[];
  /** @default this machine's time */
  readonly now?: Date;
}

const DAY_MS = 86_400_000;
const URGENCY: readonly Finding[] = ['NOT_FOUND', 'OVERDUE', 'FAILING', 'PENDING', 'CANCELED', 'NO_ROTATION'];

/** Asks Secrets Manager how all of these secrets fare, and the logs why some of them do not. */
export async function readStatus({
  secretsManager,
  logs,
  prefix,
  secretIds,
  except = [],
  now = new Date(),
}: StatusOptions): Promise<Status> {
  const pace = new Pace();
  const asking = { client: secretsManager, pace };
  const found =
    secretIds === undefined ? await secretsUnder(prefix ?? '', asking) : await secretsNamed(secretIds, asking);
  const missing = found.filter((each) => 'isMissing' in each);
  const there = found
    .filter((each): each is SecretFacts => !('isMissing' in each))
    .filter(({ name }) => !except.includes(name))
    // Nobody asked about those that do not rotate.
    .filter(({ isConfigured }) => isConfigured || prefix !== undefined || secretIds !== undefined);
  const looked = there.map((facts) => ({ facts, health: rotationHealth(facts, now) }));
  const byLateness = looked.toSorted((one, other) => other.health.daysOverdue - one.health.daysOverdue);
  const isSuspect = ({ facts, health }: (typeof looked)[number]) =>
    health.daysOverdue > 0 || facts.pendingVersionId !== undefined;
  const failures = await lastFailures(
    byLateness.filter(isSuspect).map(({ facts }) => facts),
    byLateness.filter((each) => !isSuspect(each)).map(({ facts }) => facts),
    { client: logs, pace, now },
  );
  const secrets: SecretStatus[] = looked.map(({ facts, health }) => {
    const told = failures.bySecret.get(facts.name);
    const failure = told && told.at > (facts.lastRotatedDate ?? facts.createdDate) ? told : undefined;
    return statusOf(facts, health, failure, now);
  });
  const notFound = missing.map(({ name }) => ({ name, daysOverdue: 0, findings: ['NOT_FOUND'] as const }));
  return { secrets: [...notFound, ...secrets].toSorted(byUrgency), notes: failures.notes, calls: pace.calls };
}

function statusOf(
  facts: SecretFacts,
  { findings, daysOverdue, window }: ReturnType<typeof rotationHealth>,
  failure: Failure | undefined,
  now: Date,
): SecretStatus {
  const { name, functionArn, createdDate, lastRotatedDate, pendingSince } = facts;
  const all: Finding[] = failure === undefined ? [...findings] : [...findings, 'FAILING'];
  return {
    name,
    functionName: functionArn?.split(':')[6],
    ageDays: (now.getTime() - (lastRotatedDate ?? createdDate).getTime()) / DAY_MS,
    lastRotated: lastRotatedDate,
    nextWindow: window,
    failure,
    daysOverdue,
    pendingSince,
    findings: all.toSorted((one, other) => URGENCY.indexOf(one) - URGENCY.indexOf(other)),
  };
}

function byUrgency(one: SecretStatus, other: SecretStatus): number {
  const urgency = ({ findings: [first] }: SecretStatus) =>
    first === undefined ? URGENCY.length : URGENCY.indexOf(first);
  return (
    urgency(one) - urgency(other) ||
    other.daysOverdue - one.daysOverdue ||
    (one.name < other.name ? -1 : Number(one.name > other.name))
  );
}
