import { CloudwatchEventApiDestination } from '@cdktf/provider-aws/lib/cloudwatch-event-api-destination/index.js';
import { CloudwatchEventRule } from '@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktf/provider-aws/lib/cloudwatch-event-target/index.js';
import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { SqsQueuePolicy } from '@cdktf/provider-aws/lib/sqs-queue-policy/index.js';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { checkRegion } from '../checks/check-region.ts';
import type { Follower, OnRotated } from '../on-rotated.ts';
import type { RoleOptions } from '../permissions/role-options.ts';
import { firstCharacters } from '../terraform/references.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import { ServiceRestart } from './service-restart.ts';

interface RotationFollowersProps {
  /** How its names begin. */
  readonly name: string;
  readonly secretArn: string;
  /** Absent if the secret has none, or had it before. */
  readonly firstVersion?: ITerraformDependable | undefined;
  readonly onRotated: readonly OnRotated[];
  readonly roleOptions: RoleOptions;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

const FOURTEEN_DAYS_SECONDS = 1_209_600;

/** What the rule's role must be allowed to do. A topic and a queue have a policy of their own instead. */
interface Delivery {
  readonly arn: string;
  readonly action?: string;
}

/**
 * What follows each rotation of a secret: a rule on the event that Secrets Manager sends by itself, without a trail, and a queue for
 * what could not be delivered.
 */
export class RotationFollowers extends Construct {
  readonly rule: CloudwatchEventRule;
  /** Keeps for 14 days what could not be delivered. */
  readonly deadLetterQueue: SqsQueue;
  readonly restarts: ServiceRestart[] = [];
  readonly targets: CloudwatchEventTarget[] = [];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: RotationFollowersProps,
  ) {
    super(scope, id);
    const { name, secretArn, firstVersion, onRotated, tags } = props;
    this.deadLetterQueue = new SqsQueue(this, 'dead_letters', {
      namePrefix: `${firstCharacters(name, 41)}-undelivered-`,
      messageRetentionSeconds: FOURTEEN_DAYS_SECONDS,
      sqsManagedSseEnabled: true,
      tags,
    });
    this.rule = new CloudwatchEventRule(this, 'rule', {
      namePrefix: `${firstCharacters(name, 27)}-rotated-`,
      description: 'A secret has rotated (declared with Rotaform)',
      eventPattern: JSON.stringify({
        source: ['aws.secretsmanager'],
        'detail-type': ['Secret Label Updated'],
        resources: [secretArn],
        detail: { labelUpdated: ['AWSCURRENT'] },
      }),
      tags,
      // The event of the first version is over before there is a rule.
      dependsOn: firstVersion === undefined ? [] : [firstVersion],
    });
    const mayKeep = this.#letTheRuleSend();
    const deliveries = onRotated.map(({ follower }, index) => this.#deliveryTo(follower, index + 1));
    const called = deliveries.filter(({ action }) => action !== undefined);
    const role = called.length === 0 ? undefined : this.#role(called);
    for (const [index, { arn, action }] of deliveries.entries()) {
      this.targets.push(
        new CloudwatchEventTarget(this, `target_${index + 1}`, {
          rule: this.rule.name,
          arn,
          roleArn: action === undefined ? undefined : role?.role.arn,
          deadLetterConfig: { arn: this.deadLetterQueue.arn },
          dependsOn: [mayKeep, ...(action === undefined || role === undefined ? [] : [role.policy])],
        }),
      );
    }
  }

  #deliveryTo(follower: Follower, number: number): Delivery {
    const { name, secretArn, roleOptions, tags } = this.props;
    switch (follower.kind) {
      case 'ecsService': {
        const restart = new ServiceRestart(this, `restart_${number}`, {
          ...follower,
          name,
          secretArn,
          deadLetters: this.deadLetterQueue,
          roleOptions,
          tags,
        });
        this.restarts.push(restart);
        return { arn: restart.machine.arn, action: 'states:StartExecution' };
      }
      case 'webhook': {
        checkRegion(this, 'The connectionArn', follower.connectionArn);
        const { arn } = new CloudwatchEventApiDestination(this, `webhook_${number}`, {
          // The rule's name has at most 62 characters, and this one may have 64.
          name: `${this.rule.name}-${number}`,
          description: 'A secret has rotated (declared with Rotaform)',
          connectionArn: follower.connectionArn,
          invocationEndpoint: follower.url,
          httpMethod: 'POST',
        });
        return { arn, action: 'events:InvokeApiDestination' };
      }
      case 'eventBus':
        return { arn: follower.arn, action: 'events:PutEvents' };
      default:
        checkRegion(this, follower.kind === 'sns' ? 'The topicArn' : 'The queueArn', follower.arn);
        return { arn: follower.arn };
    }
  }

  #letTheRuleSend(): SqsQueuePolicy {
    return new SqsQueuePolicy(this, 'dead_letters_policy', {
      queueUrl: this.deadLetterQueue.url,
      policy: new DataAwsIamPolicyDocument(this, 'senders', {
        statement: [
          {
            sid: 'LetTheRuleSend',
            actions: ['sqs:SendMessage'],
            principals: [{ type: 'Service', identifiers: ['events.amazonaws.com'] }],
            resources: [this.deadLetterQueue.arn],
            condition: [{ test: 'ArnEquals', variable: 'aws:SourceArn', values: [this.rule.arn] }],
          },
        ],
      }).json,
    });
  }

  #role(deliveries: readonly Delivery[]): { role: IamRole; policy: IamRolePolicy } {
    const { name, roleOptions, tags } = this.props;
    const actions = new Set(deliveries.flatMap(({ action }) => action ?? []));
    const role = new IamRole(this, 'role', {
      namePrefix: `${firstCharacters(name, 29)}-rotated-`,
      ...roleOptions,
      description: 'Tells what follows the rotation of a secret (declared with Rotaform)',
      assumeRolePolicy: new DataAwsIamPolicyDocument(this, 'trust', {
        statement: [
          {
            actions: ['sts:AssumeRole'],
            principals: [{ type: 'Service', identifiers: ['events.amazonaws.com'] }],
            condition: [
              { test: 'StringEquals', variable: 'aws:SourceAccount', values: [StackPlace.of(this).accountId] },
            ],
          },
        ],
      }).json,
      tags,
    });
    const policy = new IamRolePolicy(this, 'role_policy', {
      name: 'follow',
      role: role.name,
      policy: new DataAwsIamPolicyDocument(this, 'permissions', {
        statement: [...actions].map((action) => ({
          actions: [action],
          resources: deliveries.filter((each) => each.action === action).map(({ arn }) => arn),
        })),
      }).json,
    });
    return { role, policy };
  }
}
