import { hasCertificate, NO_CERTIFICATE } from './certificate.ts';
import { type Administrator, type DeclaredAdministrator, readAdministrators } from './databases/administrators.ts';
import { checkDeclaredName, isPattern } from './databases/names.ts';
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
   * The administrator that changes the users' passwords. A list for secrets that share a function: each secret then names
   * its own as `masterarn`. A single user can do without.
   * @default none: a single user changes its own password
   */
  readonly admin?: Administrator | readonly Administrator[];
  /**
   * The users that the administrator may change: whoever may write the secret cannot choose others. For alternating users,
   * the first and, if it is not the first user's name and `_clone`, the second. A function that several secrets share takes
   * patterns, such as `tenant_{name}`: `{name}` stands for the secret's name without the function's `secretNamePrefix`.
   * Required with `admin`.
   * @default without an administrator, the user that the secret names
   */
  readonly users?: string | readonly string[];
  /**
   * The database that the users log in to, if there is an administrator; may be a pattern such as `users`.
   * @default the `dbname` in the administrator's secret, else `postgres`
   */
  readonly dbname?: string;
  /**
   * The role that owns what the two users make, and has their privileges. Nobody can log in as it. May be a pattern such as
   * `users`.
   * @default the role that the first user's sessions begin in (`ALTER ROLE … SET role`), else the first user's name and
   * `_owner`
   */
  readonly ownerRole?: string;
  /**
   * Fields of the secret that hold the login in a URL, such as `DATABASE_URL`: each gets the new user and password, and every other
   * byte of it stays. A field with the password in it that is not named here is an error, before anything changes.
   * @default none
   */
  readonly urlFields?: readonly string[];
  /**
   * `json`: the secret is AWS's own JSON. `text`: it is one URL, `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
   * @default 'json'
   */
  readonly format?: 'json' | 'text';
  /** How the server's certificate is verified. The administrator's login takes nothing of this from the rotated secret. */
  readonly tls?: {
    /**
     * The root to trust, PEM.
     * @default the `ca` in the secret of whoever logs in, else the roots of Amazon, RDS among them, and those of Node.js
     */
    readonly ca?: string;
    /**
     * The name in the certificate, for a host with an alias.
     * @default the `servername` in the secret of whoever logs in, else the host
     */
    readonly servername?: string;
  };
  /**
   * Whether a password may answer a server that asks for it as MD5, which reveals it to whoever can listen or guess.
   * @default false
   */
  readonly allowMd5?: boolean;
  /**
   * Whether `"ssl": false` in the rotated secret is obeyed, for the logins of its own user. The administrator always uses TLS.
   * @default false
   */
  readonly allowPlaintext?: boolean;
}

/** The options as the function reads them. */
export interface PostgresEnvironment extends Required<PasswordOptions> {
  readonly strategy: PostgresOptions['strategy'];
  readonly admins: readonly DeclaredAdministrator[];
  readonly users: readonly string[];
  readonly dbname: string | undefined;
  readonly ownerRole: string | undefined;
  /** What the names of a shared function's secrets begin with. */
  readonly secretNamePrefix: string;
  readonly urlFields: readonly string[];
  readonly format: 'json' | 'text';
  readonly tls: NonNullable<PostgresOptions['tls']>;
  readonly allowMd5: boolean;
  readonly allowPlaintext: boolean;
}

/** More would not fit into the environment of a function, 4 kB in all. */
const CA_CHARACTERS = 2_500;

const BOTH = 'The first user and, if it has a name of its own, the second';

/** Why these options make no rotation, and what to change; undefined where they do. */
export function checkPostgresOptions(options: PostgresOptions): string | undefined {
  const { strategy, ownerRole, dbname, urlFields = [], format = 'json', tls = {} } = options;
  if (strategy !== 'single-user' && strategy !== 'alternating-users') {
    return `strategy is "${strategy}": expected 'single-user' or 'alternating-users'.`;
  }
  const isAlternating = strategy === 'alternating-users';
  const [admins, users] = [adminsOf(options), usersOf(options)];
  if (isAlternating && admins.length === 0) {
    return "admin is missing: expected { secretArn }, an administrator's secret, which alternating users need.";
  }
  if (admins.length > 0 && users.length === 0) {
    const example = isAlternating ? "['app', 'app_clone']" : "['app']";
    return `users is missing: expected the users that the administrator may change, such as ${example}.`;
  }
  if (isAlternating && users.length > 2) return `users has ${users.length} names: expected one or two. ${BOTH}.`;
  if (new Set(users).size < users.length) return 'users has the same name twice: expected each name once.';
  if (ownerRole !== undefined && !isAlternating) {
    return "ownerRole is given with strategy 'single-user'. Leave it out.";
  }
  if (dbname !== undefined && admins.length === 0) return 'dbname is given without admin. Leave it out.';
  const named = [
    ...users.map((user) => ['users', user] as const),
    ...(ownerRole === undefined ? [] : [['ownerRole', ownerRole] as const]),
    ...(dbname === undefined ? [] : [['dbname', dbname] as const]),
  ];
  for (const [option, name] of named) {
    const problem = checkDeclaredName(option, name, NAME_BYTES);
    if (problem !== undefined) return problem;
  }
  const notAField = urlFields.find((field) => !/^[^,\s]+$/.test(field));
  if (notAField !== undefined) {
    return `urlFields has ${JSON.stringify(notAField)}: expected names of fields, without commas or spaces.`;
  }
  if (format !== 'json' && format !== 'text') return `format is "${format}": expected 'json' or 'text'.`;
  if (format === 'text' && urlFields.length > 0) {
    return "urlFields is given with format 'text', but then the secret is the URL. Leave it out.";
  }
  const { ca } = tls;
  if (ca !== undefined && !hasCertificate(ca)) return NO_CERTIFICATE;
  if (ca !== undefined && ca.length > CA_CHARACTERS) {
    return (
      `tls.ca has ${ca.length} characters, more than the function's environment holds: expected the one root, up to ` +
      `${CA_CHARACTERS} characters. Or put it into the secret, as its field "ca".`
    );
  }
  return undefined;
}

/**
 * Why one function cannot rotate several secrets with these options, and what to change; undefined if it can. A name that is
 * the same for all of them would let who writes one secret get another one's user.
 */
export function checkSharedPostgresOptions(options: PostgresOptions): string | undefined {
  if (adminsOf(options).length === 0) return undefined;
  const { ownerRole } = options;
  const names = [...usersOf(options), ...(ownerRole === undefined ? [] : [ownerRole])];
  const fixed = names.find((name) => !isPattern(name));
  if (fixed === undefined) return undefined;
  return (
    `"${fixed}" would be the same for every secret that shares the function, so anyone who can write one of them could get another ` +
    "one's user. Expected patterns in the secret's name, such as users: 'tenant_{name}'; or give each secret its own function."
  );
}

/** The administrators that are declared. */
export function adminsOf({ admin = [] }: Pick<PostgresOptions, 'admin'>): readonly Administrator[] {
  return [admin].flat();
}

const usersOf = ({ users = [] }: Pick<PostgresOptions, 'users'>): readonly string[] => [users].flat();

/**
 * The options as environment variables of the rotation function.
 * @param toJson writes JSON that holds for every value of what Terraform alone knows
 */
export function postgresEnvironment(
  options: PostgresOptions,
  toJson: (value: unknown) => string = JSON.stringify,
): Record<string, string> {
  const { strategy, dbname, ownerRole, urlFields = [], tls = {}, allowMd5, allowPlaintext } = options;
  const { excludeCharacters = EXCLUDED } = options;
  const [admins, users] = [adminsOf(options), usersOf(options)];
  const optional = {
    ADMINS:
      admins.length > 0 ? toJson(admins.map(({ secretArn, host, port }) => ({ secretArn, host, port }))) : undefined,
    USERS: users.length > 0 ? toJson(users) : undefined,
    DBNAME: dbname,
    OWNER_ROLE: ownerRole,
    URL_FIELDS: urlFields.join(',') || undefined,
    SECRET_FORMAT: options.format === 'text' ? 'text' : undefined,
    TLS_CA: tls.ca,
    TLS_SERVERNAME: tls.servername,
    ALLOW_MD5: allowMd5 ? 'true' : undefined,
    ALLOW_PLAINTEXT: allowPlaintext ? 'true' : undefined,
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
  const { ROTATION_STRATEGY, ADMINS, USERS, DBNAME, OWNER_ROLE, SECRET_NAME_PREFIX, TLS_CA, TLS_SERVERNAME } =
    environment;
  const admins = readAdministrators(ADMINS);
  const users = readUsers(USERS);
  const urlFields = environment.URL_FIELDS?.split(',') ?? [];
  const format = (environment.SECRET_FORMAT ?? 'json') as 'json' | 'text';
  const tls = {
    ...(TLS_CA !== undefined && { ca: TLS_CA }),
    ...(TLS_SERVERNAME !== undefined && { servername: TLS_SERVERNAME }),
  };
  const options: PostgresOptions = {
    strategy: ROTATION_STRATEGY as PostgresOptions['strategy'],
    admin: admins,
    users,
    urlFields,
    format,
    tls,
    ...(DBNAME !== undefined && { dbname: DBNAME }),
    ...(OWNER_ROLE !== undefined && { ownerRole: OWNER_ROLE }),
  };
  const reason =
    checkPostgresOptions(options) ??
    (SECRET_NAME_PREFIX === undefined ? undefined : checkSharedPostgresOptions(options));
  if (reason !== undefined) throw new RangeError(`The function's environment does not fit: ${reason}`);
  return {
    ...readPasswordEnvironment({ EXCLUDE_CHARACTERS: EXCLUDED, ...environment }),
    strategy: options.strategy,
    admins,
    users,
    dbname: DBNAME,
    ownerRole: OWNER_ROLE,
    secretNamePrefix: SECRET_NAME_PREFIX ?? '',
    urlFields,
    format,
    tls,
    allowMd5: readFlag(environment, 'ALLOW_MD5'),
    allowPlaintext: readFlag(environment, 'ALLOW_PLAINTEXT'),
  };
}

function readUsers(variable: string | undefined): readonly string[] {
  if (variable === undefined) return [];
  let found: unknown;
  try {
    found = JSON.parse(variable);
  } catch {} // Told below.
  if (Array.isArray(found) && found.every((name) => typeof name === 'string')) return found;
  throw new RangeError('USERS is not as expected: expected JSON such as ["app"]. Correct the function\'s environment.');
}

function readFlag(environment: Readonly<Record<string, string | undefined>>, name: string): boolean {
  const value = environment[name] ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw new RangeError(`${name} is "${value}": expected true or false. Correct the function's environment.`);
}
