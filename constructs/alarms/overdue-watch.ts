import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group/index.js';
import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { LambdaFunction } from '@cdktf/provider-aws/lib/lambda-function/index.js';
import { LambdaInvocation } from '@cdktf/provider-aws/lib/lambda-invocation/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import { dependable, type IResolvable, Lazy } from 'cdktf';
import { Construct } from 'constructs';
import { checkFunctionName } from '../checks/check-function-name.ts';
import { FunctionArchive } from '../code/function-archive.ts';
import { builtInCode } from '../code/function-code.ts';
import type { RoleOptions } from '../permissions/role-options.ts';
import { schedulerTrust } from '../permissions/scheduler-trust.ts';
import { firstCharacters } from '../terraform/references.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import type { RotatingSecret } from './stack-rotations.ts';
import { tooLong } from './watch-limits.ts';

interface OverdueWatchProps {
  readonly name: string;
  readonly secretNamePrefix?: string | undefined;
  readonly except: readonly string[];
  readonly runtime: string;
  readonly roleOptions: RoleOptions;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Twice a day, so that every day of CloudWatch has a value, whatever a schedule's moment is.
 */
const RATE = 'rate(12 hours)';

/** The function that looks which secrets are overdue: archive, role, log, schedule, and one look when it is deployed. */
export class OverdueWatch extends Construct {
  readonly function: LambdaFunction;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: IamRole;
  readonly rolePolicy: IamRolePolicy;
  readonly schedule: SchedulerSchedule;
  /** Publishes the first value, before there is an alarm that waits for one. */
  readonly firstLook: LambdaInvocation;
  readonly #secrets: RotatingSecret[] = [];
  /** Those that the policy names one by one. */
  readonly #named: RotatingSecret[] = [];
  /** How the names of the others begin. */
  readonly #prefixes = new Set<string>();

  constructor(
    scope: Construct,
    id: string,
    private readonly props: OverdueWatchProps,
  ) {
    super(scope, id);
    const { name, secretNamePrefix, runtime, roleOptions, tags } = props;
    const functionName = `${name}-overdue`;
    checkFunctionName(this, functionName, 'name');
    const archive = FunctionArchive.of(this, builtInCode('overdue')).file;
    this.logGroup = new CloudwatchLogGroup(this, 'log_group', {
      name: `/aws/lambda/${functionName}`,
      retentionInDays: 365,
      tags,
    });
    this.role = new IamRole(this, 'role', {
      namePrefix: `${firstCharacters(functionName, 37)}-`,
      ...roleOptions,
      description: 'Looks which secrets are overdue (declared with Rotaform)',
      assumeRolePolicy: this.#document('trust', [
        { actions: ['sts:AssumeRole'], principals: [{ type: 'Service', identifiers: ['lambda.amazonaws.com'] }] },
      ]),
      tags,
    });
    this.rolePolicy = new IamRolePolicy(this, 'role_policy', {
      name: 'overdue',
      role: this.role.name,
      policy: this.#document('permissions', Lazy.anyValue({ produce: () => this.#permissions() })),
    });
    this.function = new LambdaFunction(this, 'function', {
      functionName,
      description: 'Looks which secrets are overdue (declared with Rotaform)',
      filename: archive.outputPath,
      sourceCodeHash: archive.outputBase64Sha256,
      handler: 'index.handler',
      runtime,
      architectures: ['arm64'],
      role: this.role.arn,
      timeout: 300,
      memorySize: 256,
      tracingConfig: { mode: 'PassThrough' },
      loggingConfig: { logFormat: 'JSON', logGroup: this.logGroup.name },
      tags,
    });
    const input = (more: object) => Lazy.stringValue({ produce: () => JSON.stringify({ ...this.#watch(), ...more }) });
    this.firstLook = new LambdaInvocation(this, 'first_look', {
      functionName: this.function.functionName,
      // Nothing says which secrets begin with the prefix, and when they are there: the schedule looks.
      input: input({}),
      triggers: { code: archive.outputBase64Sha256 },
      dependsOn: [this.rolePolicy, this.logGroup],
    });
    const schedulerRole = new IamRole(this, 'scheduler_role', {
      namePrefix: `${firstCharacters(name, 29)}-overdue-`,
      ...roleOptions,
      description: 'Starts the look for overdue secrets (declared with Rotaform)',
      assumeRolePolicy: this.#document('scheduler_trust', [schedulerTrust(StackPlace.of(this))]),
      tags,
    });
    const schedulerPolicy = new IamRolePolicy(this, 'scheduler_policy', {
      name: 'invoke',
      role: schedulerRole.name,
      policy: this.#document('scheduler_permissions', [
        { sid: 'InvokeTheFunction', actions: ['lambda:InvokeFunction'], resources: [this.function.arn] },
      ]),
    });
    this.schedule = new SchedulerSchedule(this, 'schedule', {
      name: functionName,
      description: 'Looks which secrets are overdue (declared with Rotaform)',
      scheduleExpression: RATE,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: this.function.arn,
        roleArn: schedulerRole.arn,
        input: input({ secretNamePrefix, now: '<aws.scheduler.scheduled-time>' }),
      },
      // A rate begins at once.
      dependsOn: [schedulerPolicy, this.firstLook],
    });
    if (secretNamePrefix !== undefined) this.#prefixes.add(secretNamePrefix);
    this.node.addValidation({ validate: () => tooLong(this.#secrets, this.#named, this.#prefixes) });
  }

  /** @param fleet how the names of the secrets begin that its function rotates, if all of them are watched */
  add(secret: RotatingSecret, fleet: string | undefined): void {
    this.#secrets.push(secret);
    if (fleet === undefined) this.#named.push(secret);
    else this.#prefixes.add(fleet);
    // What was not configured yet would be found.
    this.firstLook.dependsOn = [...(this.firstLook.dependsOn ?? []), dependable(secret.rotation)];
  }

  /** What was not configured yet would be found below the prefix, too. */
  lookAfter({ rotation }: RotatingSecret): void {
    this.schedule.dependsOn = [...(this.schedule.dependsOn ?? []), dependable(rotation)];
  }

  #watch() {
    const { name, except } = this.props;
    const lifetimes = this.#secrets.flatMap(({ secretArn, rotationFunction: { needs } }) =>
      needs.tokenLifetimeSeconds === undefined ? [] : [[secretArn, needs.tokenLifetimeSeconds]],
    );
    const lifetimeSeconds = Object.fromEntries(lifetimes);
    return { name, secretIds: this.#secrets.map(({ secretArn }) => secretArn), lifetimeSeconds, except };
  }

  /** What describes secrets, and no action that reads a value. */
  #permissions(): DataAwsIamPolicyDocumentStatement[] {
    const place = StackPlace.of(this);
    const fleets = [...this.#prefixes].map((prefix) => place.arn('secretsmanager', `secret:${prefix}*`));
    const resources = [...this.#named.map(({ secretArn }) => secretArn), ...fleets];
    const describe = ['secretsmanager:DescribeSecret', 'secretsmanager:ListSecretVersionIds'];
    const log = [`${this.logGroup.arn}:*`];
    return [
      // A fleet may have no secret today.
      ...(resources.length === 0 ? [] : [{ sid: 'DescribeTheSecrets', actions: describe, resources }]),
      // IAM knows no resource for a list.
      ...(this.props.secretNamePrefix === undefined
        ? []
        : [{ sid: 'ListSecrets', actions: ['secretsmanager:ListSecrets'], resources: ['*'] }]),
      { sid: 'WriteTheLog', actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: log },
    ];
  }

  #document(id: string, statement: DataAwsIamPolicyDocumentStatement[] | IResolvable): string {
    return new DataAwsIamPolicyDocument(this, id, { statement }).json;
  }
}
