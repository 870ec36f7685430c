import { DataAwsIamPolicyDocument } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine/index.js';
import type { SqsQueue } from '@cdktf/provider-aws/lib/sqs-queue/index.js';
import { Construct } from 'constructs';
import type { EcsServiceOptions } from '../on-rotated.ts';
import type { RoleOptions } from '../permissions/role-options.ts';
import { firstCharacters } from '../terraform/references.ts';
import { StackPlace } from '../terraform/stack-place.ts';

interface ServiceRestartProps extends EcsServiceOptions {
  /** How its names begin. */
  readonly name: string;
  readonly secretArn: string;
  /** Keeps the event if the service could not be restarted. */
  readonly deadLetters: SqsQueue;
  readonly roleOptions: RoleOptions;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Restarts one ECS service. A rule of EventBridge cannot call ECS's UpdateService, and a state machine can, without any code.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
export class ServiceRestart extends Construct {
  readonly role: IamRole;
  readonly rolePolicy: IamRolePolicy;
  readonly machine: SfnStateMachine;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServiceRestartProps,
  ) {
    super(scope, id);
    const { name, secretArn, clusterName, serviceName, deadLetters, roleOptions, tags } = props;
    const place = StackPlace.of(this);
    this.role = new IamRole(this, 'role', {
      namePrefix: `${firstCharacters(name, 29)}-restart-`,
      ...roleOptions,
      description: 'Restarts a service when its secret has rotated (declared with Rotaform)',
      assumeRolePolicy: new DataAwsIamPolicyDocument(this, 'trust', {
        statement: [
          {
            actions: ['sts:AssumeRole'],
            principals: [{ type: 'Service', identifiers: ['states.amazonaws.com'] }],
            condition: [{ test: 'StringEquals', variable: 'aws:SourceAccount', values: [place.accountId] }],
          },
        ],
      }).json,
      tags,
    });
    this.rolePolicy = new IamRolePolicy(this, 'role_policy', {
      name: 'restart',
      role: this.role.name,
      policy: new DataAwsIamPolicyDocument(this, 'permissions', {
        statement: [
          { sid: 'DescribeTheSecret', actions: ['secretsmanager:DescribeSecret'], resources: [secretArn] },
          {
            sid: 'RestartTheService',
            actions: ['ecs:UpdateService'],
            resources: [place.arn('ecs', `service/${clusterName}/${serviceName}`)],
          },
          { sid: 'KeepTheEvent', actions: ['sqs:SendMessage'], resources: [deadLetters.arn] },
        ],
      }).json,
    });
    this.machine = new SfnStateMachine(this, 'machine', {
      namePrefix: `${firstCharacters(name, 45)}-restart-`,
      roleArn: this.role.arn,
      definition: JSON.stringify(this.#definition()),
      tags,
      dependsOn: [this.rolePolicy],
    });
  }

  /** The event says nothing of the versions before: a secret's first version has no predecessor. */
  #definition() {
    const { secretArn, clusterName, serviceName, deadLetters } = this.props;
    const { partition } = StackPlace.of(this);
    const task = (resource: string, Arguments: object) => ({
      Type: 'Task',
      Resource: `arn:${partition}:states:::${resource}`,
      Arguments,
    });
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 4, BackoffRate: 2 }];
    const Catch = [{ ErrorEquals: ['States.ALL'], Next: 'KeepTheEvent' }];
    return {
      Comment: 'Restarts a service when its secret has rotated (declared with Rotaform)',
      QueryLanguage: 'JSONata',
      StartAt: 'DescribeTheSecret',
      States: {
        DescribeTheSecret: {
          ...task('aws-sdk:secretsmanager:describeSecret', { SecretId: secretArn }),
          Retry,
          Catch,
          Next: 'HasItRotated',
        },
        HasItRotated: {
          Type: 'Choice',
          Choices: [
            {
              Condition: "{% 'AWSPREVIOUS' in $states.input.VersionIdsToStages.* %}",
              Next: 'RestartTheService',
            },
          ],
          Default: 'ItIsTheFirstVersion',
        },
        ItIsTheFirstVersion: { Type: 'Succeed' },
        RestartTheService: {
          ...task('aws-sdk:ecs:updateService', {
            Cluster: clusterName,
            Service: serviceName,
            ForceNewDeployment: true,
          }),
          Retry,
          Catch,
          End: true,
        },
        KeepTheEvent: {
          ...task('sqs:sendMessage', {
            QueueUrl: deadLetters.url,
            MessageBody: '{% $string($states.context.Execution.Input) %}',
          }),
          Next: 'ItWasNotRestarted',
        },
        ItWasNotRestarted: {
          Type: 'Fail',
          Error: 'NotRestarted',
          Cause: 'The service was not restarted. The dead-letter queue has the event.',
        },
      },
    };
  }
}
