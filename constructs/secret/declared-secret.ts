import { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import type { Construct } from 'constructs';
import { checkKeyArn } from '../checks/check-key-arn.ts';
import type { OptionTable } from '../checks/check-options.ts';
import { requireVersions } from '../checks/require-versions.ts';
import { ConstructError } from '../construct-error.ts';
import { checkSecretName, type SecretName } from './secret-name.ts';

/** What a secret is, whether or not it rotates. */
export interface SecretProps extends SecretName {
  /** @default none */
  readonly description?: string;
  /** The customer key that encrypts the secret. @default AWS's own key, `aws/secretsmanager` */
  readonly kmsKeyArn?: string;
  /** Days in which a deleted secret can be restored: 7 to 30, or 0 to delete at once. @default 30 */
  readonly recoveryWindowDays?: number;
  /** Tags of the secret and of all that is made for it alone. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

export const secretProps: OptionTable<SecretProps> = {
  name: 'optional',
  namePrefix: 'optional',
  description: 'optional',
  kmsKeyArn: 'optional',
  recoveryWindowDays: 'optional',
  tags: 'optional',
};

/** The secret itself, without a version. */
export class DeclaredSecret extends SecretsmanagerSecret {
  /** Its name, or how its name begins. */
  readonly knownName: string;

  /** @throws ConstructError NAME, OPTIONS */
  constructor(scope: Construct, props: SecretProps) {
    const knownName = checkSecretName(scope, props);
    checkKeyArn(props.kmsKeyArn);
    checkRecoveryWindow(props.recoveryWindowDays);
    super(scope, 'secret', {
      name: props.name,
      namePrefix: props.namePrefix,
      description: props.description,
      kmsKeyId: props.kmsKeyArn,
      recoveryWindowInDays: props.recoveryWindowDays,
      tags: props.tags,
    });
    this.knownName = knownName;
    requireVersions(scope);
  }
}

function checkRecoveryWindow(days = 30): void {
  if (days === 0 || (Number.isInteger(days) && days >= 7 && days <= 30)) return;
  throw new ConstructError('OPTIONS', `recoveryWindowDays is ${days}. Expected 7 to 30, or 0 to delete at once.`);
}
