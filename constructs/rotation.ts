import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { checkPasswordOptions } from '../rules/password/password-options.ts';
import {
  checkPasswordFields,
  type PasswordRotationOptions,
  passwordFields,
  passwordRotationEnvironment,
} from '../rules/password/password-rotation.ts';
import { REFRESH_VARIABLE } from '../rules/token-lifetime.ts';
import { checkEnvironmentNames } from './checks/check-environment.ts';
import { checkOptions, known, knownShape } from './checks/check-options.ts';
import { checkStatements } from './checks/check-statements.ts';
import { builtInCode, customCode } from './code/function-code.ts';
import { ConstructError } from './construct-error.ts';
import type { Network } from './network/network.ts';
import { type GoogleAccessTokenOptions, googleAccessTokenNeeds } from './targets/google-access-token.ts';
import { type MysqlRotationOptions, mysqlNeeds } from './targets/mysql.ts';
import {
  type Auth0RotationOptions,
  auth0Token,
  type OauthTokenRotationOptions,
  oauthTokenNeeds,
} from './targets/oauth-token.ts';
import { passwordOptionTable } from './targets/password-option-table.ts';
import { knownPasswordOptions, passwordReferences } from './targets/password-references.ts';
import { type PostgresRotationOptions, postgresNeeds } from './targets/postgres.ts';
import type { RotationNeeds } from './targets/rotation-needs.ts';

const GENERATED = 'it decides what the first version may hold';
const FORMAT = 'it decides what the first version looks like';

/** What `Rotation.custom` takes. */
export interface CustomRotationOptions {
  /** The file that exports `handler = rotationHandler(…)` of `rotaform/lambda`; compiled at synth. */
  readonly entry: string;
  /**
   * The function's environment variables. Not for secrets: whoever may call `lambda:GetFunctionConfiguration` reads them.
   * @default none
   */
  readonly environment?: Readonly<Record<string, string>>;
  /**
   * Permissions beyond the rotated secret itself.
   * @default none
   */
  readonly statements?: readonly DataAwsIamPolicyDocumentStatement[];
  /**
   * The fields that the strategy makes, by name or JSON Pointer: a literal for one of them is then an error at synth.
   * @default none
   */
  readonly generatedFields?: readonly string[];
  /**
   * The VPC that the function runs in, where the target has no public address.
   * @default none
   */
  readonly network?: Network;
  /**
   * Whether the target knows one password at a time: synth then warns where a rotation would start outside its window.
   * @default false
   */
  readonly singleUser?: boolean;
  /**
   * As the strategy's own `format`.
   * @default 'json'
   */
  readonly format?: 'json' | 'text';
  /**
   * Whether the archive leaves out what a strategy does not need if it calls no AWS service but Secrets Manager, no PostgreSQL by a
   * connection string, and of mysql2 no more than a connection and plain statements in UTF-8. A smaller archive starts faster; our
   * own functions are built like this.
   * @default false
   */
  readonly trim?: boolean;
}

/**
 * How a secret gets its new value, with one factory for each target. A factory makes no resources. It says what the function
 * needs: its code, its environment, and the permissions beyond its own secret.
 */
export class Rotation {
  private constructor(readonly needs: RotationNeeds) {}

  /**
   * A generated password that only the secret's readers have to learn.
   * @throws ConstructError PASSWORD_OPTIONS where no password can fit the options, OPTIONS
   * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html the same vocabulary
   */
  static password(options: PasswordRotationOptions = {}): Rotation {
    checkOptions('Rotation.password', options, {
      ...passwordOptionTable,
      field: known('optional', GENERATED),
      format: known('optional', FORMAT),
    });
    checkFormat(options.format);
    const checked = knownPasswordOptions(options);
    const reason = checkPasswordFields(options) ?? checkPasswordOptions(checked);
    if (reason !== undefined) throw new ConstructError('PASSWORD_OPTIONS', `Rotation.password: ${reason}`);
    return new Rotation({
      code: builtInCode('password'),
      environment: { ...passwordRotationEnvironment(checked), ...passwordReferences(options) },
      statements: [],
      format: options.format ?? 'json',
      generatedFields: passwordFields(options),
      readsEarlierVersions: false,
    });
  }

  /**
   * A Google access token of a service account, or of a Workspace user in whose name it may act.
   * @throws ConstructError OPTIONS; SCHEDULE once a secret uses it whose schedule does not renew the token in time
   * @see docs/google.md
   */
  static googleAccessToken(options: GoogleAccessTokenOptions): Rotation {
    return new Rotation(googleAccessTokenNeeds(options));
  }

  /**
   * An access token that a service has for itself, by OAuth 2.0 client credentials: of Okta, Entra, Cognito, Keycloak …
   * @throws ConstructError OPTIONS; SCHEDULE once a secret uses it whose schedule does not renew the token in time
   * @see docs/oauth.md
   */
  static oauthToken(options: OauthTokenRotationOptions): Rotation {
    return new Rotation(oauthTokenNeeds(options));
  }

  /**
   * A machine-to-machine token of Auth0.
   * @throws as `Rotation.oauthToken`
   */
  static auth0(options: Auth0RotationOptions): Rotation {
    return Rotation.oauthToken(auth0Token(options));
  }

  /**
   * A PostgreSQL user's password, Aurora's included: of one user, or of two that alternate.
   * @throws ConstructError PASSWORD_OPTIONS where no password can fit the options, OPTIONS
   * @see docs/postgres.md
   */
  static postgres(options: PostgresRotationOptions): Rotation {
    return new Rotation(postgresNeeds(options));
  }

  /**
   * The password of a user of MySQL, MariaDB or Aurora MySQL: of one user, who has one password or two.
   * @throws ConstructError PASSWORD_OPTIONS where no password can fit the options, OPTIONS
   * @see docs/mysql.md
   */
  static mysql(options: MysqlRotationOptions): Rotation {
    return new Rotation(mysqlNeeds(options));
  }

  /**
   * A strategy of your own.
   * @throws ConstructError ENVIRONMENT, OPTIONS; and ENTRY once a secret uses it, where the file does not compile
   * @example Rotation.custom({ entry: 'rotation/api-key.ts', environment: { API_URL: 'https://api.example.com' } })
   */
  static custom(options: CustomRotationOptions): Rotation {
    checkOptions('Rotation.custom', options, {
      entry: known('required', 'it is compiled at synth'),
      environment: knownShape('optional', 'the names of its variables are checked'),
      statements: knownShape('optional', 'others are added to them'),
      generatedFields: known('optional', GENERATED),
      network: 'optional',
      singleUser: known('optional', 'it decides what synth warns of'),
      format: known('optional', FORMAT),
      trim: known('optional', 'the code is compiled at synth'),
    });
    const {
      entry,
      environment = {},
      statements = [],
      generatedFields = [],
      network,
      singleUser,
      format = 'json',
      trim,
    } = options;
    checkFormat(format);
    checkEnvironmentNames(environment);
    checkStatements('Rotation.custom', statements);
    return new Rotation({
      code: customCode(entry, { trim }),
      environment,
      statements,
      format,
      generatedFields,
      readsEarlierVersions: true,
      network,
      singleUser,
    });
  }

  /** The same, told how often EventBridge Scheduler refreshes the secret, which DescribeSecret does not know. */
  refreshedEvery(minutes: number): Rotation {
    const environment = { ...this.needs.environment, [REFRESH_VARIABLE]: String(minutes) };
    return new Rotation({ ...this.needs, environment });
  }
}

function checkFormat(format = 'json'): void {
  if (format === 'json' || format === 'text') return;
  throw new ConstructError('OPTIONS', `format is "${format}". Expected 'json' or 'text'.`);
}
