import { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation/index.js';
import type { ITerraformDependable, TerraformResourceLifecycle } from 'cdktf';
import type { Construct } from 'constructs';
import type { RotationAlarmsProps } from './alarms/check-alarm-props.ts';
import { stackRotations } from './alarms/stack-rotations.ts';
import { checkFollowers } from './checks/check-followers.ts';
import { distinctFunctionName } from './checks/check-function-name.ts';
import { checkKeyArn } from './checks/check-key-arn.ts';
import { checkOptions, known, knownProvider, knownShape, type OptionTable } from './checks/check-options.ts';
import { checkOtherSecrets } from './checks/check-other-secrets.ts';
import { checkPlace, checkRegion } from './checks/check-region.ts';
import { checkSharedFunction } from './checks/check-shared-function.ts';
import { checkTokenSchedule } from './checks/check-token-schedule.ts';
import { warn } from './checks/warn.ts';
import { ConstructError } from './construct-error.ts';
import { RotationFollowers } from './followers/rotation-followers.ts';
import type { OnRotated } from './on-rotated.ts';
import { AccessibleSecret } from './permissions/accessible-secret.ts';
import { type ResourcePolicyProps, SecretAccess } from './permissions/secret-access.ts';
import { RefreshSchedule } from './refresh-schedule.ts';
import { Rotation } from './rotation.ts';
import { RotationAlarms } from './rotation-alarms.ts';
import { RotationFunction } from './rotation-function.ts';
import { type RotationFunctionOptions, rotationFunctionOptions } from './rotation-function-props.ts';
import { Schedule } from './schedule.ts';
import type { Replica } from './secret/replicas.ts';
import { rotationFunctionName } from './secret/secret-name.ts';
import { type ProviderOption, takeProvider } from './terraform/provider.ts';
import { isReference } from './terraform/references.ts';

/** How a secret rotates, whether it is declared here or was there before. */
export interface SecretRotationProps extends ProviderOption {
  /** How the secret gets a new value: such as `Rotation.password()`, or a `RotationFunction` that it shares with others. */
  readonly rotation: Rotation | RotationFunction;
  /** When it does, such as `Schedule.rate({ days: 30 })`. */
  readonly schedule: Schedule;
  /**
   * Lets EventBridge Scheduler rotate the secret every so many minutes, 15 to 240: for tokens that live an hour, say. The
   * schedule is then the net that catches what the scheduler misses: `Schedule.rate({ hours: 4 })`, counted from the last
   * rotation. Not with a function that several secrets share.
   * @default the schedule alone
   */
  readonly refreshEveryMinutes?: number;
  /** The customer key that encrypts the schedule of `refreshEveryMinutes`. @default EventBridge Scheduler's own */
  readonly refreshKmsKeyArn?: string;
  /**
   * Whether the secret rotates as soon as this is deployed, and again whenever its schedule or function changes.
   * @default true
   */
  readonly rotateImmediately?: boolean;
  /**
   * What happens each time the secret has rotated: at most five followers, such as
   * `OnRotated.ecsService({ clusterName: 'apps', serviceName: 'web' })`.
   * @default nothing
   */
  readonly onRotated?: readonly OnRotated[];
  /** The customer key that the secret is encrypted with. @default AWS's own key, `aws/secretsmanager` */
  readonly kmsKeyArn?: string;
  /** Tags of the secret, where it is declared here, and of its own function, role and log group. @default none */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * The rotation's own Lambda function; a shared one has its options itself.
   * @default 30 seconds, 256 MB, nodejs24.x on arm64, log kept for 365 days
   */
  readonly functionOptions?: RotationFunctionOptions;
}

export const secretRotationProps: OptionTable<SecretRotationProps> = {
  rotation: [Rotation, RotationFunction],
  schedule: Schedule,
  refreshEveryMinutes: known('optional', 'it is compared with the life of the token'),
  refreshKmsKeyArn: 'optional',
  rotateImmediately: known('optional', 'it decides what the first version must hold'),
  onRotated: knownShape('optional', 'each has resources of its own'),
  kmsKeyArn: 'optional',
  tags: 'optional',
  functionOptions: 'optional',
  provider: knownProvider,
};

interface SecretToRotate {
  readonly arn: string;
  /** Its name, or how its name begins. */
  readonly name: string;
  /** Whether AWS adds characters to the name. @default false */
  readonly isPrefix?: boolean;
  /** Its first version, if it has one. */
  readonly version?: ITerraformDependable | undefined;
  /** How its rotation is replaced. @default as its ARN is */
  readonly lifecycle?: TerraformResourceLifecycle;
  readonly replicas?: readonly Replica[] | undefined;
  /** Whether its own policy is declared here. */
  readonly policy?: ResourcePolicyProps;
}

/** The rotation of a secret: its schedule, and its function unless that is shared. It writes no value. */
export class SecretRotation extends AccessibleSecret {
  readonly secretArn: string;
  /** The secret's own, or the one that it shares. */
  readonly rotationFunction: RotationFunction;
  readonly rotation: SecretsmanagerSecretRotation;
  /** Absent where Secrets Manager's own schedule is enough. */
  readonly refreshSchedule: RefreshSchedule | undefined;
  /** What follows a rotation. Absent if nothing does. */
  readonly followers: RotationFollowers | undefined;
  /** @internal */
  protected readonly access: SecretAccess;

  /** @throws ConstructError NAME, OPTIONS, ENTRY, SCHEDULE */
  constructor(scope: Construct, id: string, secret: SecretToRotate, props: SecretRotationProps) {
    super(scope, id);
    takeProvider(this, props);
    checkPlace(this, 'The secretArn', secret.arn);
    const { schedule, refreshEveryMinutes, rotateImmediately = true, tags } = props;
    checkTokenSchedule(props);
    this.secretArn = secret.arn;
    this.rotationFunction = this.#functionFor(secret, props);
    checkOtherSecrets(this, secret, this.rotationFunction.needs.otherSecretArns ?? []);
    if (this.rotationFunction.needs.singleUser && rotateImmediately) this.#warnOfRotationAtOnce(secret.name);
    this.followers = this.#followersOf(secret, props);
    const { function: lambda, prerequisites } = this.rotationFunction;
    this.rotation = new SecretsmanagerSecretRotation(this, 'schedule', {
      secretId: secret.arn,
      rotationLambdaArn: lambda.arn,
      rotationRules: { scheduleExpression: schedule.scheduleExpression, duration: schedule.duration },
      rotateImmediately,
      lifecycle: secret.lifecycle,
      // It may rotate at once: whatever the function then needs has to be there, and whatever follows.
      dependsOn: [...prerequisites, ...(secret.version ? [secret.version] : []), ...(this.followers?.targets ?? [])],
    });
    const { kmsKeyArn } = props;
    const { replicas = [], policy = {} } = secret;
    this.access = new SecretAccess(
      this,
      { secretArn: secret.arn, kmsKeyArn, replicas, rotates: true, rotationFunction: this.rotationFunction },
      policy,
      () => checkOwnsPolicy(this, policy),
    );
    stackRotations(this).add(this, secret.name);
    if (refreshEveryMinutes === undefined) return;
    const { secretArn, rotation, rotationFunction } = this;
    const { refreshKmsKeyArn } = props;
    checkKeyArn(refreshKmsKeyArn, 'refreshKmsKeyArn');
    checkRegion(this, 'The refreshKmsKeyArn', refreshKmsKeyArn);
    const refresh = { secretArn, rotation, rotationFunction, refreshEveryMinutes, kmsKeyArn: refreshKmsKeyArn, tags };
    this.refreshSchedule = new RefreshSchedule(this, 'refresh', refresh);
  }

  /**
   * Alarms on this secret alone, as `new RotationAlarms(…, { secrets: [secret] })`.
   * @throws ConstructError OPTIONS
   * @example secret.addAlarms({ email: 'team@example.com' });
   */
  addAlarms(props: Omit<RotationAlarmsProps, 'secrets' | 'secretNamePrefix' | 'except'>): RotationAlarms {
    return new RotationAlarms(this, 'alarms', { ...props, secrets: [this] });
  }

  #warnOfRotationAtOnce(secretName: string): void {
    warn(
      this,
      `The secret ${isReference(secretName) ? this.node.path : `"${secretName}"`} rotates as soon as an edit of its schedule or function is deployed, not in its next window, ` +
        'and its one user is refused from then until applications read the new password. To keep rotations to the window, ' +
        'set rotateImmediately to false.',
    );
  }

  #followersOf({ arn, name, version }: SecretToRotate, props: SecretRotationProps): RotationFollowers | undefined {
    const { onRotated = [], tags } = props;
    if (checkFollowers(onRotated).length === 0) return undefined;
    return new RotationFollowers(this, 'followers', {
      name: rotationFunctionName(name),
      secretArn: arn,
      firstVersion: version,
      onRotated,
      roleOptions: this.rotationFunction.roleOptions,
      tags,
    });
  }

  #functionNameFor({ name, isPrefix = false }: SecretToRotate): string {
    return distinctFunctionName(this, rotationFunctionName(name), name, isPrefix);
  }

  #functionFor(secret: SecretToRotate, props: SecretRotationProps): RotationFunction {
    const { rotation, refreshEveryMinutes, kmsKeyArn, tags, functionOptions } = props;
    if (rotation instanceof RotationFunction) {
      checkSharedFunction(this, rotation, secret.name, { ...props, replicas: secret.replicas });
      return rotation;
    }
    checkOptions('functionOptions', functionOptions ?? {}, rotationFunctionOptions);
    return new RotationFunction(this, 'function', {
      ...functionOptions,
      functionName: functionOptions?.functionName ?? this.#functionNameFor(secret),
      rotation: refreshEveryMinutes === undefined ? rotation : rotation.refreshedEvery(refreshEveryMinutes),
      secretArn: secret.arn,
      replicas: secret.replicas,
      kmsKeyArns: kmsKeyArn === undefined ? [] : [kmsKeyArn],
      tags,
    });
  }
}

/** Terraform would write over the policy that a secret has already. */
function checkOwnsPolicy(scope: Construct, { resourcePolicy }: ResourcePolicyProps): void {
  if (resourcePolicy !== undefined) return;
  throw new ConstructError(
    'OPTIONS',
    `The secret ${scope.node.path} was there before, and may have a policy of its own, which would be written over. Give ` +
      'RotatedSecret.existing that policy as resourcePolicy, or [] if there is none.',
  );
}
