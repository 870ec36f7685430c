import { AwsError } from './aws-error.ts';
import type { Place } from './place.ts';

interface Quota {
  /** Calls that count together, as IAM names them. */
  readonly actions: readonly string[];
  readonly perSecond: number;
}

/**
 * What AWS lets an account make a second in one region.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
 */
const QUOTAS: readonly Quota[] = [
  { actions: ['secretsmanager:RotateSecret', 'secretsmanager:CancelRotateSecret'], perSecond: 50 },
  {
    actions: ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage'].map((name) => `secretsmanager:${name}`),
    perSecond: 50,
  },
  { actions: ['secretsmanager:CreateSecret'], perSecond: 50 },
  { actions: ['secretsmanager:DeleteSecret'], perSecond: 50 },
  { actions: ['secretsmanager:ListSecrets'], perSecond: 100 },
  { actions: ['secretsmanager:ListSecretVersionIds'], perSecond: 50 },
  { actions: ['secretsmanager:GetSecretValue'], perSecond: 10_000 },
  { actions: ['secretsmanager:DescribeSecret'], perSecond: 40_000 },
  { actions: ['logs:FilterLogEvents'], perSecond: 5 },
];

const SECOND_MS = 1_000;

/** Refuses calls beyond AWS's quotas. They count in this machine's time, however far the account's clock is moved. */
export class Quotas {
  /** When the calls of the last second were made, by account, region and quota. */
  readonly #made = new Map<string, number[]>();

  /** @throws ThrottlingException */
  take(service: string, action: string, { id, region }: Place): void {
    const index = QUOTAS.findIndex(({ actions }) => actions.includes(`${service}:${action}`));
    const quota = QUOTAS[index];
    if (quota === undefined) return;
    const nowMs = performance.now();
    const key = `${id}/${region}/${index}`;
    const recent = (this.#made.get(key) ?? []).filter((atMs) => nowMs - atMs < SECOND_MS);
    if (recent.length >= quota.perSecond) {
      this.#made.set(key, recent);
      throw new AwsError('ThrottlingException', 'Rate exceeded');
    }
    this.#made.set(key, [...recent, nowMs]);
  }
}
