import type { SecretsmanagerSecret } from '@cdktf/provider-aws/lib/secretsmanager-secret/index.js';
import type { Construct } from 'constructs';
import { checkOptions, known } from './checks/check-options.ts';
import { AccessibleSecret } from './permissions/accessible-secret.ts';
import { SecretAccess } from './permissions/secret-access.ts';
import { DeclaredSecret, type SecretProps, secretProps } from './secret/declared-secret.ts';
import { FirstVersion } from './secret/first-version.ts';
import {
  checkInitialValue,
  type InitialValue,
  initialValueRefused,
  secretPartsOf,
  secretStringOf,
} from './secret/initial-value.ts';
import { takeProvider } from './terraform/provider.ts';
import { isReference } from './terraform/references.ts';

export interface StaticSecretProps extends SecretProps {
  /**
   * The first version: an ephemeral variable, or an object of fields that are ephemeral variables. Written once; Terraform
   * never reads or changes it again, and it is in no state and no plan.
   * @default none: the value is put by hand
   */
  readonly initial?: InitialValue;
  /** The fields of `initial` that are no secret, such as `client_id`: they may be literals. @default none */
  readonly publicFields?: readonly string[];
}

/**
 * A secret that does not rotate: a service account's key, an OAuth client. Terraform knows no value of it.
 * @throws ConstructError NAME, INITIAL_VALUE, OPTIONS
 * @example
 * const clientSecret = new EphemeralVariable(stack, 'client_secret', 'Of the OAuth client, as its console shows it');
 * new StaticSecret(stack, 'client', {
 *   name: 'my-app/oauth-credentials',
 *   initial: { client_id: 'my-app', client_secret: clientSecret.stringValue },
 *   publicFields: ['client_id'],
 * });
 */
export class StaticSecret extends AccessibleSecret {
  /** For outputs, policies and the applications that read the secret. */
  readonly secretArn: string;
  readonly secret: SecretsmanagerSecret;
  /** Absent where no value was given. */
  readonly version: FirstVersion | undefined;
  /** @internal */
  protected readonly access: SecretAccess;

  constructor(scope: Construct, id: string, props: StaticSecretProps) {
    super(scope, id);
    checkOptions('StaticSecret', props, {
      ...secretProps,
      initial: 'optional',
      publicFields: known('optional', 'it decides which fields may be literals'),
    });
    takeProvider(this, props);
    const { initial, publicFields = [] } = props;
    const isSecret = (field: string) => !publicFields.includes(field);
    if (initial !== undefined) checkNoLiteral(initial, isSecret);

    const secret = new DeclaredSecret(this, props);
    this.secret = secret;
    this.secretArn = secret.arn;
    const { kmsKeyArn, replicas = [] } = props;
    const { secretArn } = this;
    this.access = new SecretAccess(
      this,
      { secretArn, secretName: secret.nameInPolicy, kmsKeyArn, replicas, rotates: false },
      props,
    );
    if (initial === undefined) return;
    this.version = new FirstVersion(this, {
      secret,
      secretString: secretStringOf(initial),
      secretParts: secretPartsOf(
        initial,
        namesOf(initial)
          .filter(isSecret)
          .map((name) => [name]),
      ),
    });
  }
}

const namesOf = (initial: InitialValue) => (typeof initial === 'string' ? [] : Object.keys(initial));

/** @throws INITIAL_VALUE for a literal. What the fields mean is not known here, so each of them may be a secret. */
function checkNoLiteral(initial: InitialValue, isSecret: (field: string) => boolean): void {
  checkInitialValue(initial);
  const literal = Object.entries(initial).find(([field, value]) => isSecret(field) && !isReference(value));
  if (typeof initial === 'string' || literal === undefined) return;
  throw initialValueRefused(
    `has a literal for "${literal[0]}", which would be in the code and in the plan. Give it the stringValue of an ` +
      'EphemeralVariable, or name the field in publicFields if it is not a secret',
  );
}
