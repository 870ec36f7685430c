import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { StackPlace } from '../terraform/stack-place.ts';

interface FailureRulesProps {
  readonly name: string;
  readonly topicArn: string;
  readonly secretNamePrefix?: string | undefined;
  readonly runbook: string;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** EventBridge takes patterns of 2,048 characters, and a name may have 512. */
const ARNS_A_RULE = 3;

/** A secret by its ARN, or a fleet by how its ARNs begin. */
type Watched = string | { readonly prefix: string };

/**
 * Tells a person which rotation failed, by the events of a trail. Without a trail in the region no event comes, and only the alarms tell.
 */
export class FailureRules extends Construct {
  readonly rules: CloudwatchEventRule[] = [];
  #arns: Watched[] = [];
  readonly #prefixes = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FailureRulesProps,
  ) {
    super(scope, id);
    const { secretNamePrefix } = props;
    if (secretNamePrefix !== undefined) this.addFleet(secretNamePrefix);
  }

  /** All secrets whose names begin so, each prefix once. */
  addFleet(prefix: string): void {
    if (this.#prefixes.has(prefix)) return;
    this.#prefixes.add(prefix);
    this.#watch({ prefix: StackPlace.of(this).arn('secretsmanager', `secret:${prefix}`) });
  }

  add(secretArn: string): void {
    this.#watch(secretArn);
  }

  #watch(secret: Watched): void {
    if (this.rules.length === 0 || this.#arns.length === ARNS_A_RULE) {
      this.#arns = [];
      this.#makeRule(this.#arns);
    }
    this.#arns.push(secret);
  }

  #makeRule(SecretId: readonly Watched[]): void {
    const { name, topicArn, tags } = this.props;
    const number = this.rules.length + 1;
    const pattern = () => ({
      source: ['aws.secretsmanager'],
      'detail-type': ['AWS Service Event via CloudTrail'],
      detail: {
        eventSource: ['secretsmanager.amazonaws.com'],
        eventName: ['RotationFailed', 'RotationAbandoned', 'TestRotationFailed'],
        additionalEventData: { SecretId },
      },
    });
    const rule = new CloudwatchEventRule(this, `rule_${number}`, {
      name: `${name}-failed-${number}`,
      description:
        'Rotations that failed, as a CloudTrail trail of the region tells; without one, only the alarms tell (declared with Rotaform)',
      eventPattern: Lazy.stringValue({ produce: () => JSON.stringify(pattern()) }),
      tags,
    });
    this.rules.push(rule);
    new CloudwatchEventTarget(this, `target_${number}`, {
      rule: rule.name,
      arn: topicArn,
      inputTransformer: {
        inputPaths: {
          what: '$.detail.eventName',
          secret: '$.detail.additionalEventData.SecretId',
          why: '$.detail.errorMessage',
          region: '$.region',
          time: '$.time',
        },
        inputTemplate: this.#text(),
      },
    });
  }

  /** In quotes, as a template has a text; on one line, as `check-stack` has every text. */
  #text(): string {
    const lines = [
      '<what>: <secret>, at <time>. <why>.',
      'The current value was not changed, and Secrets Manager tries again by itself.',
      'The log of the function says why, with a code: https://<region>.console.aws.amazon.com/cloudwatch/home?region=<region>#logsV2:log-groups .',
      `What each code means, and what to do: ${this.props.runbook} .`,
    ];
    return `"${lines.join(' ')}"`;
  }
}
