import {
  adminsOf,
  checkSecretAndTls,
  checkSharedNames,
  EXCLUDED_OF_LOGINS,
  type LoginEnvironment,
  type LoginOptions,
  loginVariables,
  readFlag,
  readLoginVariables,
  usersOf,
} from './databases/login-options.ts';
import { checkDeclaredName, type NameLimit } from './databases/names.ts';
import { passwordEnvironment, readPasswordEnvironment } from './password/password-environment.ts';
import type { PasswordOptions } from './password/password-options.ts';

/** Of a name in PostgreSQL: it cuts off the rest, and says no more than a notice. */
export const NAME_LIMIT: NameLimit = { most: 63, unit: 'bytes' };

/** How a PostgreSQL user's password is rotated. */
export interface PostgresOptions extends PasswordOptions, LoginOptions {
  /**
   * `single-user`: one user, whose password changes; from then until they read the secret again, applications that log
   * in are refused. `alternating-users`: two users with the same privileges take turns, so that nothing is ever refused.
   */
  readonly strategy: 'single-user' | 'alternating-users';
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
   * `json`: the secret is AWS's own JSON. `text`: it is one URL, `postgres://USER:PASSWORD@HOST:PORT/DATABASE`.
   * @default 'json'
   */
  readonly format?: 'json' | 'text';
  /**
   * Whether a password may answer a server that asks for it as MD5, which reveals it to whoever can listen or guess.
   * @default false
   */
  readonly allowMd5?: boolean;
}

/** The options as the function reads them. */
export interface PostgresEnvironment extends Required<PasswordOptions>, LoginEnvironment {
  readonly strategy: PostgresOptions['strategy'];
  readonly dbname: string | undefined;
  readonly ownerRole: string | undefined;
  readonly allowMd5: boolean;
}

const BOTH = 'The first user and, if it has a name of its own, the second';

/** Why these options make no rotation, and what to change; undefined where they do. */
export function checkPostgresOptions(options: PostgresOptions): string | undefined {
  const { strategy, ownerRole, dbname } = options;
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
    const problem = checkDeclaredName(option, name, NAME_LIMIT);
    if (problem !== undefined) return problem;
  }
  return checkSecretAndTls(options);
}

/**
 * Why one function cannot rotate several secrets with these options, and what to change; undefined if it can. A name that is
 * the same for all of them would let who writes one secret get another one's user.
 */
export function checkSharedPostgresOptions(options: PostgresOptions): string | undefined {
  if (adminsOf(options).length === 0) return undefined;
  const { ownerRole } = options;
  return checkSharedNames([...usersOf(options), ...(ownerRole === undefined ? [] : [ownerRole])]);
}

/**
 * The options as environment variables of the rotation function.
 * @param toJson writes JSON that holds for every value of what only Terraform knows
 */
export function postgresEnvironment(
  options: PostgresOptions,
  toJson: (value: unknown) => string = JSON.stringify,
): Record<string, string> {
  const { strategy, dbname, ownerRole, allowMd5, excludeCharacters = EXCLUDED_OF_LOGINS } = options;
  return {
    ROTATION_STRATEGY: strategy,
    ...loginVariables(
      options,
      { DBNAME: dbname, OWNER_ROLE: ownerRole, ALLOW_MD5: allowMd5 ? 'true' : undefined },
      toJson,
    ),
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
  const { ROTATION_STRATEGY, DBNAME, OWNER_ROLE, SECRET_NAME_PREFIX } = environment;
  const login = readLoginVariables(environment);
  const options: PostgresOptions = {
    ...login,
    strategy: ROTATION_STRATEGY as PostgresOptions['strategy'],
    admin: login.admins,
    ...(DBNAME !== undefined && { dbname: DBNAME }),
    ...(OWNER_ROLE !== undefined && { ownerRole: OWNER_ROLE }),
  };
  const reason =
    checkPostgresOptions(options) ??
    (SECRET_NAME_PREFIX === undefined ? undefined : checkSharedPostgresOptions(options));
  if (reason !== undefined) throw new RangeError(`The function's environment does not fit: ${reason}`);
  return {
    ...readPasswordEnvironment({ EXCLUDE_CHARACTERS: EXCLUDED_OF_LOGINS, ...environment }),
    ...login,
    strategy: options.strategy,
    dbname: DBNAME,
    ownerRole: OWNER_ROLE,
    allowMd5: readFlag(environment, 'ALLOW_MD5'),
  };
}
