import { openings } from '../../../rules/schedule/cron-openings.ts';
import { type RotationRules, readRotationRules } from '../../../rules/schedule/rotation-rules.ts';
import type { RotationRecord } from '../../rotation-record.ts';
import { kindOf, type Resource } from './resource-lines.ts';

/**
 * Of us-east-1, without free tiers: from AWS's pages, Secrets Manager's of 2026-09-20. Lambda's prices were read on pages of
 * others, of 2026-06-18.
 */
const PRICE_LIST = 'prices of us-east-1, June 2026';

/**
 * US dollars a month for each.
 * @see https://aws.amazon.com/secrets-manager/pricing/ (a replica costs as much as a secret)
 * @see https://aws.amazon.com/kms/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 */
const A_MONTH: Readonly<Record<string, number>> = {
  aws_secretsmanager_secret: 0.4,
  aws_kms_key: 1,
  aws_cloudwatch_metric_alarm: 0.1,
};
/** For a call to Secrets Manager. */
const A_CALL = 0.05 / 10_000;
/** For an invocation of a function, and for a second of it with 1 GB, on x86: arm64 costs less. @see https://aws.amazon.com/lambda/pricing/ */
const AN_INVOCATION = 0.2 / 1_000_000;
const A_GIGABYTE_SECOND = 0.0000166667;
/** Of a step, on the high side, and of a function by default. */
const SECONDS = 1;
const GIGABYTES = 0.25;

/** What costs nothing, or is in the price of a rotation. */
const WITHOUT_PRICE =
  /^(?!aws_)|^aws_(iam_|lambda_(function|permission)$|cloudwatch_log_group$|secretsmanager_secret_(version|rotation|policy)$|security_group|vpc_security_group_|scheduler_schedule)/;

const HOURS_A_MONTH = 730;

export interface Rotating {
  readonly record: RotationRecord;
  readonly rules: RotationRules;
}

/** About what the resources and their rotations cost: the total, then what it consists of. */
export function monthlyCost(resources: readonly Resource[], rotating: readonly Rotating[]): string[] {
  const priced = Object.entries(A_MONTH).flatMap(([type, price]) => {
    const count = resources.filter((resource) => resource.type === type).reduce((sum, each) => sum + copies(each), 0);
    return count === 0
      ? []
      : [{ text: `${count} ${plural(kindOf(type), count)} at ${dollars(price)}`, cost: count * price }];
  });
  const rotations = rotating.reduce((sum, each) => sum + rotationsCost(each), 0);
  const total = priced.reduce((sum, { cost }) => sum + cost, rotations);
  const uncounted = [...new Set(resources.map(({ type }) => type))].filter(
    (type) => A_MONTH[type] === undefined && !WITHOUT_PRICE.test(type),
  );
  return [
    `About ${dollars(total)} a month (${PRICE_LIST}, without free tiers)`,
    `${[...priced.map(({ text }) => text), `rotations ${rotations < 0.01 ? 'less than $0.01' : dollars(rotations)}`].join(', ')}`,
    'what your applications read: $0.05 for 10,000 calls',
    ...(uncounted.length === 0 ? [] : [`not counted: ${uncounted.map(kindOf).join(', ')}`]),
  ];
}

/** A secret and its replicas. */
function copies({ body: { replica = [] } }: Resource): number {
  return 1 + (Array.isArray(replica) ? replica.length : 1);
}

function rotationsCost({ record, rules }: Rotating): number {
  const calls = record.steps.reduce((sum, step) => sum + (step.calls ?? 0), 0);
  const step = AN_INVOCATION + SECONDS * GIGABYTES * A_GIGABYTE_SECOND;
  return rotationsAMonth(rules) * (calls * A_CALL + record.steps.length * step);
}

/** On average. */
export function rotationsAMonth(rules: RotationRules): number {
  const schedule = readRotationRules(rules);
  if (schedule.kind === 'rate') return HOURS_A_MONTH / (schedule.every * (schedule.unit === 'days' ? 24 : 1));
  const end = new Date(Date.UTC(2029, 0, 1));
  let count = 0;
  for (const opens of openings(schedule, new Date(Date.UTC(2001, 0, 1) - 1))) {
    if (opens >= end) break;
    count += 1;
  }
  return count / (28 * 12);
}

const dollars = (amount: number) => `$${amount.toFixed(2)}`;
const plural = (word: string, count: number) => (count === 1 ? word : `${word}s`);
