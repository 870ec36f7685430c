import type { PasswordRotationOptions } from '../rules/password/password-rotation.ts';
import { REFRESH_VARIABLE } from '../rules/token-lifetime.ts';
import { type CustomRotationOptions, customNeeds } from './targets/custom.ts';
import { type GoogleAccessTokenOptions, googleAccessTokenNeeds } from './targets/google-access-token.ts';
import { type MysqlRotationOptions, mysqlNeeds } from './targets/mysql.ts';
import {
  type Auth0RotationOptions,
  auth0Token,
  type OauthTokenRotationOptions,
  oauthTokenNeeds,
} from './targets/oauth-token.ts';
import { passwordNeeds } from './targets/password.ts';
import { type PostgresRotationOptions, postgresNeeds } from './targets/postgres.ts';
import type { RotationNeeds } from './targets/rotation-needs.ts';

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
    return new Rotation(passwordNeeds(options));
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
    return new Rotation(customNeeds(options));
  }

  /** The same, told how often EventBridge Scheduler refreshes the secret, which DescribeSecret does not know. */
  refreshedEvery(minutes: number): Rotation {
    const environment = { ...this.needs.environment, [REFRESH_VARIABLE]: String(minutes) };
    return new Rotation({ ...this.needs, environment });
  }
}
