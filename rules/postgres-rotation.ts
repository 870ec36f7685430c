import { passwordEnvironment, readPasswordEnvironment } from './password/password-environment.ts';
import type { PasswordOptions } from './password/password-options.ts';

/** The most bytes of a name in PostgreSQL: it cuts off the rest, and says no more than a notice. */
export const NAME_BYTES = 63;

/** As AWS's template for PostgreSQL: characters that end a password in a connection URL, or a string in SQL. */
const EXCLUDED = ':/@"\'\\';

/** How a PostgreSQL user's password is rotated. */
export interface PostgresOptions extends PasswordOptions {
  /**
   * `single-user`: one user, whose password changes; from then until they read the secret again, applications that log
   * in are refused. `alternating-users`: two users with the same privileges take turns, so that nothing is ever refused.
   */
  readonly strategy: 'single-user' | 'alternating-users';
  /**
   * The secret of a user that may change the others, by its whole ARN; for several rotated secrets that share a function,
   * all of them, and each secret then names its own as `masterarn`. A single user can do without.
   * @default none: a single user changes its own password
   */
  readonly adminSecretArn?: string | readonly string[];
  /**
   * The second user's name; the secret's `alternateusername` has then whoever's turn it is next.
   * @default the first user's name and `_clone`
   */
  readonly alternateUsername?: string;
  /**
   * The role that owns what the two users make, and has their privileges. Nobody can log in as it.
   * @default what the first user's sessions begin in (`ALTER ROLE … SET role`), else the first user's name and `_owner`
   */
  readonly ownerRole?: string;
  /** How the server's certificate is verified, where the secret does not say it as `ca` and `servername`. */
  readonly tls?: {
    /**
     * The root to trust, PEM.
     * @default the roots of Amazon, RDS among them, and those of Node.js
     */
    readonly ca?: string;
    /**
     * The name in the certificate, for a host with an alias.
     * @default the host
     */
    readonly servername?: string;
  };
}

/** The options as the function reads them. */
export interface PostgresEnvironment extends Required<PasswordOptions> {
  readonly strategy: PostgresOptions['strategy'];
  readonly adminSecretArns: readonly string[];
  readonly alternateUsername: string | undefined;
  readonly ownerRole: string | undefined;
  readonly tls: NonNullable<PostgresOptions['tls']>;
}

/** More would not fit into the environment of a function, 4 kB in all. */
const CA_CHARACTERS = 2_500;

/** Why these options make no rotation, and what to change; undefined where they do. */
export function checkPostgresOptions(options: PostgresOptions): string | undefined {
  const { strategy, alternateUsername, ownerRole, tls = {} } = options;
  if (strategy !== 'single-user' && strategy !== 'alternating-users') {
    return `strategy is "${strategy}": expected 'single-user' or 'alternating-users'.`;
  }
  const isAlternating = strategy === 'alternating-users';
  if (isAlternating && adminSecretArns(options).length === 0) {
    return "adminSecretArn is missing: expected the ARN of an administrator's secret, which alternating users need.";
  }
  for (const [option, name] of Object.entries({ alternateUsername, ownerRole })) {
    if (name === undefined) continue;
    if (!isAlternating) return `${option} is given with strategy 'single-user'. Leave it out.`;
    const bytes = Buffer.byteLength(name);
    if (bytes === 0 || bytes > NAME_BYTES)
      return `${option} has ${bytes} bytes: expected a name of 1 to ${NAME_BYTES} bytes.`;
  }
  const { ca } = tls;
  if (ca !== undefined && !ca.includes('-----BEGIN CERTIFICATE-----')) {
    return 'tls.ca is no certificate in PEM: expected -----BEGIN CERTIFICATE-----.';
  }
  if (ca !== undefined && ca.length > CA_CHARACTERS) {
    return (
      `tls.ca has ${ca.length} characters, more than the function's environment holds: expected the one root, up to ` +
      `${CA_CHARACTERS} characters. Or put it into the secret, as its field "ca".`
    );
  }
  return undefined;
}

/** The administrators' secrets that the function may read. */
export function adminSecretArns({ adminSecretArn = [] }: Pick<PostgresOptions, 'adminSecretArn'>): readonly string[] {
  return typeof adminSecretArn === 'string' ? [adminSecretArn] : adminSecretArn;
}

/** The options as environment variables of the rotation function. */
export function postgresEnvironment(options: PostgresOptions): Record<string, string> {
  const { strategy, alternateUsername, ownerRole, tls = {}, excludeCharacters = EXCLUDED } = options;
  const optional = {
    ADMIN_SECRET_ARNS: adminSecretArns(options).join(',') || undefined,
    ALTERNATE_USERNAME: alternateUsername,
    OWNER_ROLE: ownerRole,
    TLS_CA: tls.ca,
    TLS_SERVERNAME: tls.servername,
  };
  const given = Object.entries(optional).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return {
    ROTATION_STRATEGY: strategy,
    ...Object.fromEntries(given),
    ...passwordEnvironment({ ...options, excludeCharacters }),
  };
}

/**
 * The options from environment variables.
 * @throws RangeError naming the variable, or the combination, that is wrong and what was expected
 */
export function readPostgresEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): PostgresEnvironment {
  const { ROTATION_STRATEGY, ADMIN_SECRET_ARNS, ALTERNATE_USERNAME, OWNER_ROLE, TLS_CA, TLS_SERVERNAME } = environment;
  const options: PostgresOptions = {
    strategy: ROTATION_STRATEGY as PostgresOptions['strategy'],
    adminSecretArn: ADMIN_SECRET_ARNS?.split(',') ?? [],
    ...(ALTERNATE_USERNAME !== undefined && { alternateUsername: ALTERNATE_USERNAME }),
    ...(OWNER_ROLE !== undefined && { ownerRole: OWNER_ROLE }),
  };
  const reason = checkPostgresOptions(options);
  if (reason !== undefined) throw new RangeError(`The function's environment does not fit: ${reason}`);
  return {
    ...readPasswordEnvironment({ EXCLUDE_CHARACTERS: EXCLUDED, ...environment }),
    strategy: options.strategy,
    adminSecretArns: adminSecretArns(options),
    alternateUsername: ALTERNATE_USERNAME,
    ownerRole: OWNER_ROLE,
    tls: {
      ...(TLS_CA !== undefined && { ca: TLS_CA }),
      ...(TLS_SERVERNAME !== undefined && { servername: TLS_SERVERNAME }),
    },
  };
}
