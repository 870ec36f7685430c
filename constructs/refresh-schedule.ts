import {
  DataAwsIamPolicyDocument,
  type DataAwsIamPolicyDocumentStatement,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { IamRolePolicy } from '@cdktf/provider-aws/lib/iam-role-policy/index.js';
import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule/index.js';
import type { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation/index.js';
import { Construct } from 'constructs';
import { LEAST_REFRESH_MINUTES, MOST_REFRESH_MINUTES } from '../rules/token-lifetime.ts';
import { ConstructError } from './construct-error.ts';
import { schedulerTrust } from './permissions/scheduler-trust.ts';
import type { RotationFunction } from './rotation-function.ts';
import { firstCharacters } from './terraform/references.ts';
import { StackPlace } from './terraform/stack-place.ts';

interface RefreshScheduleProps {
  readonly secretArn: string;
  readonly rotation: SecretsmanagerSecretRotation;
  /** The secret's own. */
  readonly rotationFunction: RotationFunction;
  /** 15 to 240. */
  readonly refreshEveryMinutes: number;
  /** The customer key that encrypts the schedule. */
  readonly kmsKeyArn?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/**
 * Lets EventBridge Scheduler rotate a secret more often than Secrets Manager does by itself: the schedule, and the role that
 * may rotate this one secret.
 */
export class RefreshSchedule extends Construct {
  readonly role: IamRole;
  readonly rolePolicy: IamRolePolicy;
  readonly schedule: SchedulerSchedule;

  /** @throws ConstructError SCHEDULE */
  constructor(scope: Construct, id: string, props: RefreshScheduleProps) {
    super(scope, id);
    const { secretArn, rotation, rotationFunction, refreshEveryMinutes, kmsKeyArn, tags } = props;
    checkMinutes(refreshEveryMinutes);
    const { function: lambda } = rotationFunction;
    const functionName = lambda.functionNameInput ?? '';
    const place = StackPlace.of(this);

    this.role = new IamRole(this, 'role', {
      namePrefix: `${firstCharacters(functionName, 29)}-refresh-`,
      ...rotationFunction.roleOptions,
      description: 'Rotates a secret every few minutes (declared with Rotaform)',
      assumeRolePolicy: this.#document('trust', schedulerTrust(place)),
      tags,
    });
    this.rolePolicy = new IamRolePolicy(this, 'role_policy', {
      name: 'refresh',
      role: this.role.name,
      policy: this.#document(
        'permissions',
        { sid: 'RotateTheSecret', actions: ['secretsmanager:RotateSecret'], resources: [secretArn] },
        // Who starts a rotation must be allowed to invoke its function.
        { sid: 'InvokeItsFunction', actions: ['lambda:InvokeFunction'], resources: [lambda.arn] },
        ...(kmsKeyArn === undefined ? [] : [this.#readTheSchedule(kmsKeyArn, functionName)]),
      ),
    });
    this.schedule = new SchedulerSchedule(this, 'schedule', {
      name: functionName,
      description: `Rotates a secret every ${refreshEveryMinutes} minutes (declared with Rotaform)`,
      scheduleExpression: `rate(${refreshEveryMinutes} minutes)`,
      kmsKeyArn,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: `arn:${place.partition}:scheduler:::aws-sdk:secretsmanager:rotateSecret`,
        roleArn: this.role.arn,
        // The version's id, of 32 characters or more: the same in all attempts of one execution, whose id has 16.
        input: JSON.stringify({
          SecretId: secretArn,
          ClientRequestToken: 'rotaform-refresh-<aws.scheduler.execution-id>',
        }),
        // What is refused while a rotation is under way is no longer wanted once the next one is due.
        retryPolicy: { maximumEventAgeInSeconds: refreshEveryMinutes * 60, maximumRetryAttempts: 10 },
      },
      dependsOn: [rotation, this.rolePolicy],
    });
  }

  /**
   * The scheduler decrypts the input of its target as the role itself, by a call of its own to KMS: such a call has no
   * `kms:ViaService`.
   * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html#key-management-cloud-trail
   */
  #readTheSchedule(kmsKeyArn: string, name: string): DataAwsIamPolicyDocumentStatement {
    const values = [StackPlace.of(this).arn('scheduler', `schedule/default/${name}`)];
    return {
      sid: 'ReadTheSchedule',
      actions: ['kms:Decrypt'],
      resources: [kmsKeyArn],
      condition: [{ test: 'ArnEquals', variable: 'kms:EncryptionContext:aws:scheduler:schedule:arn', values }],
    };
  }

  #document(id: string, ...statement: DataAwsIamPolicyDocumentStatement[]): string {
    return new DataAwsIamPolicyDocument(this, id, { statement }).json;
  }
}

function checkMinutes(minutes: number): void {
  if (Number.isInteger(minutes) && minutes >= LEAST_REFRESH_MINUTES && minutes <= MOST_REFRESH_MINUTES) return;
  throw new ConstructError(
    'SCHEDULE',
    `refreshEveryMinutes is ${minutes}. Expected 15 to 240: Secrets Manager keeps about a hundred versions of a day, and rotates ` +
      'every four hours by itself.',
  );
}
