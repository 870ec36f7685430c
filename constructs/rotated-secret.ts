import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity/index.js';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission/index.js';
import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation/index.js';
import { SecretsmanagerSecretVersion } from '@cdktf/provider-aws/lib/secretsmanager-secret-version/index.js';
import { Token } from 'cdktf';
import { Construct } from 'constructs';
import { checkOptions } from './check-options.ts';
import { ConstructError } from './construct-error.ts';
import { type InitialValue, initialSecretString, variablesThatAreNotEphemeral } from './initial-value.ts';
import { requireVersions } from './require-versions.ts';
import { Rotation } from './rotation.ts';
import { RotationFunction, type RotationFunctionOptions, rotationFunctionOptions } from './rotation-function.ts';
import { Schedule } from './schedule.ts';
import { checkSecretName, rotationFunctionName, type SecretName } from './secret-name.ts';

export interface RotatedSecretProps extends SecretName {
  /** How the secret gets a new value, such as `Rotation.password()`. */
  readonly rotation: Rotation;
  /** When it does, such as `Schedule.rate({ days: 30 })`. */
  readonly schedule: Schedule;
  /** @default none */
  readonly description?: string;
  /**
   * What the first version holds besides what rotation makes: `{ username: 'app' }`. Written once; Terraform never reads
   * or changes it again, and it is in no state and no plan.
   * @default an empty JSON object
   */
  readonly initial?: InitialValue;
  /**
   * Whether the secret rotates as soon as it is created, and again whenever its schedule or function changes.
   * @default true
   */
  readonly rotateImmediately?: boolean;
  /** The customer key that encrypts the secret. @default AWS's own key, `aws/secretsmanager` */
  readonly kmsKeyArn?: string;
  /** Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. @default 30 */
  readonly recoveryWindowDays?: number;
  /** Tags of the secret, the function, its role and its log group. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /** The rotation's Lambda function. @default 30 seconds, 256 MB, nodejs24.x on arm64, log kept for 365 days */
  readonly functionOptions?: RotationFunctionOptions;
}

/**
 * A secret that rotates: the secret, its first version, its rotation with schedule, and the least-privilege function that
 * rotates it.
 * @throws ConstructError NAME, INITIAL_VALUE, OPTIONS and what its rotation and schedule throw
 * @example
 * new RotatedSecret(stack, 'password', {
 *   name: 'my-app/custom-password',
 *   initial: { username: 'user1' },
 *   rotation: Rotation.password(),
 *   schedule: Schedule.rate({ days: 30 }),
 * });
 */
export class RotatedSecret extends Construct {
  /** For outputs, policies and the applications that read the secret. */
  readonly secretArn: string;
  readonly secret: SecretsmanagerSecret;
  /** Absent where there is nothing to write: a plain string that the first rotation makes. */
  readonly version: SecretsmanagerSecretVersion | undefined;
  readonly rotationFunction: RotationFunction;
  readonly permission: LambdaPermission;
  readonly rotation: SecretsmanagerSecretRotation;

  constructor(scope: Construct, id: string, props: RotatedSecretProps) {
    super(scope, id);
    checkOptions('RotatedSecret', props, {
      name: 'optional',
      namePrefix: 'optional',
      rotation: Rotation,
      schedule: Schedule,
      description: 'optional',
      initial: 'optional',
      rotateImmediately: 'optional',
      kmsKeyArn: 'optional',
      recoveryWindowDays: 'optional',
      tags: 'optional',
      functionOptions: 'optional',
    });
    checkOptions('functionOptions', props.functionOptions ?? {}, rotationFunctionOptions);
    const { rotation, schedule, rotateImmediately = true, initial, kmsKeyArn, tags, functionOptions } = props;
    requireVersions(this);
    checkRecoveryWindow(props.recoveryWindowDays);
    checkKey(kmsKeyArn);
    const name = checkSecretName(this, props);
    const secretString = initialSecretString(initial, rotation, rotateImmediately);
    this.node.addValidation({ validate: () => variablesThatAreNotEphemeral(this, secretParts(initial, rotation)) });

    this.secret = new SecretsmanagerSecret(this, 'secret', {
      name: props.name,
      namePrefix: props.namePrefix,
      description: props.description,
      kmsKeyId: kmsKeyArn,
      recoveryWindowInDays: props.recoveryWindowDays,
      tags,
    });
    this.secretArn = this.secret.arn;
    this.version = secretString === undefined ? undefined : this.#firstVersion(secretString);
    this.rotationFunction = new RotationFunction(this, 'rotation', {
      ...functionOptions,
      functionName: functionOptions?.functionName ?? rotationFunctionName(name),
      rotation,
      secretArn: this.secretArn,
      kmsKeyArn,
      tags,
    });
    const { function: lambda, rolePolicy, logGroup } = this.rotationFunction;
    this.permission = new LambdaPermission(this, 'permission', {
      statementId: 'AllowSecretsManagerToRotate',
      action: 'lambda:InvokeFunction',
      principal: 'secretsmanager.amazonaws.com',
      functionName: lambda.functionName,
      sourceArn: this.secretArn,
      sourceAccount: new DataAwsCallerIdentity(this, 'account').accountId,
    });
    this.rotation = new SecretsmanagerSecretRotation(this, 'schedule', {
      secretId: this.secret.id,
      rotationLambdaArn: lambda.arn,
      rotationRules: { scheduleExpression: schedule.scheduleExpression, duration: schedule.duration },
      rotateImmediately,
      // It may rotate at once: whatever the function then needs has to be there.
      dependsOn: [this.permission, rolePolicy, logGroup, ...(this.version ? [this.version] : [])],
    });
  }

  /**
   * Never names `AWSCURRENT`, and is never written again: whatever becomes of Terraform's state, no plan can make this
   * value current once another one is.
   */
  #firstVersion(secretString: string): SecretsmanagerSecretVersion {
    return new SecretsmanagerSecretVersion(this, 'first_version', {
      secretId: this.secret.id,
      secretStringWo: secretString,
      secretStringWoVersion: 1,
      versionStages: ['TERRAFORM_INITIAL'],
      lifecycle: { ignoreChanges: ['secret_string_wo_version', 'version_stages'] },
    });
  }
}

/** The parts of an initial value that Terraform must not keep. */
function secretParts(initial: InitialValue | undefined, { generatedFields }: Rotation): unknown[] {
  return typeof initial === 'string' ? [initial] : generatedFields.map((field) => initial?.[field]);
}

function checkRecoveryWindow(days = 30): void {
  if (days === 0 || (Number.isInteger(days) && days >= 7 && days <= 30)) return;
  throw new ConstructError('OPTIONS', `recoveryWindowDays is ${days}. Expected 7 to 30, or 0 to delete at once.`);
}

function checkKey(arn: string | undefined): void {
  if (arn === undefined || Token.isUnresolved(arn) || /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(arn)) return;
  throw new ConstructError(
    'OPTIONS',
    `kmsKeyArn is "${arn}". Expected a key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID: no policy can name a key by its alias.`,
  );
}
