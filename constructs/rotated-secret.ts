import type { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import type { SecretsmanagerSecretRotation } from '@cdktf/provider-aws/lib/secretsmanager-secret-rotation/index.js';
import type { Construct } from 'constructs';
import { pathOf } from '../rules/json-pointer.ts';
import type { RotationAlarmsProps } from './alarms/check-alarm-props.ts';
import { checkOptions } from './checks/check-options.ts';
import { warnOfMissingFields } from './checks/warn-of-missing-fields.ts';
import type { RotationFollowers } from './followers/rotation-followers.ts';
import { AccessibleSecret } from './permissions/accessible-secret.ts';
import { SecretAccess } from './permissions/secret-access.ts';
import type { RefreshSchedule } from './refresh-schedule.ts';
import { RotationAlarms } from './rotation-alarms.ts';
import type { RotationFunction } from './rotation-function.ts';
import { DeclaredSecret, type SecretProps, secretProps } from './secret/declared-secret.ts';
import { type ExistingSecretProps, rotateExistingSecret } from './secret/existing-secret.ts';
import { FirstVersion } from './secret/first-version.ts';
import { type InitialValue, secretPartsOf } from './secret/initial-value.ts';
import { rotatedSecretString } from './secret/rotated-initial-value.ts';
import { SecretRotation, type SecretRotationProps, secretRotationProps } from './secret-rotation.ts';
import { takeProvider } from './terraform/provider.ts';

export interface RotatedSecretProps extends SecretProps, SecretRotationProps {
  /**
   * What the first version holds besides what rotation makes: `{ username: 'app' }`. Written once; Terraform never reads
   * or changes it again, and it is in no state and no plan.
   * @default an empty JSON object
   */
  readonly initial?: InitialValue;
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
export class RotatedSecret extends AccessibleSecret {
  /** For outputs, policies and the applications that read the secret. */
  readonly secretArn: string;
  readonly secret: SecretsmanagerSecret;
  /** Absent where there is nothing to write: a plain string that the first rotation makes. */
  readonly version: FirstVersion | undefined;
  /** The secret's own function, or the one that it shares. */
  readonly rotationFunction: RotationFunction;
  readonly rotation: SecretsmanagerSecretRotation;
  /** Absent where Secrets Manager's own schedule is enough. */
  readonly refreshSchedule: RefreshSchedule | undefined;
  /** What follows a rotation. Absent if nothing does. */
  readonly followers: RotationFollowers | undefined;
  /** @internal */
  protected readonly access: SecretAccess;

  /**
   * Rotates a secret that is there already: only function, permission and rotation, so nothing here can write a value.
   * A secret that another function rotates is taken over only where `takeOverFrom` names that function.
   * @throws ConstructError OPTIONS, NAME and what its rotation and schedule throw
   * @example
   * RotatedSecret.existing(stack, 'billing', {
   *   secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf',
   *   rotation: Rotation.password(),
   *   schedule: Schedule.rate({ days: 30 }),
   * });
   */
  static existing(scope: Construct, id: string, props: ExistingSecretProps): SecretRotation {
    return rotateExistingSecret(scope, id, props);
  }

  constructor(scope: Construct, id: string, props: RotatedSecretProps) {
    super(scope, id);
    checkOptions('RotatedSecret', props, { ...secretProps, ...secretRotationProps, initial: 'optional' });
    takeProvider(this, props);
    const { initial, rotateImmediately = true } = props;
    const { needs } = props.rotation;
    const secretString = rotatedSecretString(initial, needs, rotateImmediately);

    const secret = new DeclaredSecret(this, props);
    this.secret = secret;
    this.secretArn = secret.arn;
    if (secretString !== undefined) {
      const secretParts = secretPartsOf(initial ?? {}, needs.generatedFields.map(pathOf));
      this.version = new FirstVersion(this, { secret, secretString, secretParts });
    }
    const { secretArn: arn, version } = this;
    const rotated = new SecretRotation(
      this,
      'rotation',
      {
        arn,
        name: secret.knownName,
        isPrefix: secret.isPrefix,
        version,
        lifecycle: secret.followed,
        replicas: props.replicas,
      },
      props,
    );
    if (typeof initial !== 'string') warnOfMissingFields(this, needs, initial ?? {});
    this.rotationFunction = rotated.rotationFunction;
    this.rotation = rotated.rotation;
    this.refreshSchedule = rotated.refreshSchedule;
    this.followers = rotated.followers;
    const { kmsKeyArn, replicas = [] } = props;
    const { rotationFunction } = this;
    this.access = new SecretAccess(
      this,
      { secretArn: arn, secretName: secret.nameInPolicy, kmsKeyArn, replicas, rotates: true, rotationFunction },
      props,
    );
  }

  /**
   * Alarms on this secret alone, as `new RotationAlarms(…, { secrets: [secret] })`.
   * @throws ConstructError OPTIONS
   * @example secret.addAlarms({ email: 'team@example.com' });
   */
  addAlarms(props: Omit<RotationAlarmsProps, 'secrets' | 'secretNamePrefix' | 'except'>): RotationAlarms {
    return new RotationAlarms(this, 'alarms', { ...props, secrets: [this] });
  }
}
