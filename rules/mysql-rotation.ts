import type { Administrator } from './databases/administrators.ts';
import {
  adminsOf,
  checkSecretAndTls,
  checkSharedNames,
  type LoginEnvironment,
  loginVariables,
  readLoginVariables,
  usersOf,
} from './databases/login-options.ts';
import { checkDeclaredName, type NameLimit } from './databases/names.ts';
import { passwordEnvironment, readPasswordEnvironment } from './password/password-environment.ts';
import type { PasswordOptions } from './password/password-options.ts';

/** Of a user's name in MariaDB; MySQL has 32 characters. */
export const NAME_LIMIT: NameLimit = { most: 80, unit: 'characters' };

/** As AWS's template for PostgreSQL: characters that end a password in a connection URL, or a string in SQL. */
const EXCLUDED = ':/@"\'\\';

/** How the password of a user of MySQL or MariaDB is rotated. */
export interface MysqlOptions extends PasswordOptions {
  /**
   * `dual-password`: the user has two passwords, the new one and the previous one, and both log in until the next rotation: nobody is
   * refused. It needs an administrator, and MySQL 8.0.17 or MariaDB 10.4. `alternating-users`: two users with the same privileges take
   * turns, which refuses nobody either. It needs an administrator, and MariaDB 10.4. `single-user`: the user has one password; from its
   * change until they read the secret again, applications that log in are refused.
   */
  readonly strategy: 'dual-password' | 'alternating-users' | 'single-user';
  /**
   * The administrator that changes the users' passwords. A list for secrets that share a function: each secret then names
   * its own as `masterarn`. A single user can do without.
   * @default none: a single user changes its own password
   */
  readonly admin?: Administrator | readonly Administrator[];
  /**
   * The users that the administrator may change: whoever may write the secret cannot choose others. Alternating users are both named,
   * the first and the second; one that is not there yet is made. A function that several secrets share takes patterns, such as `tenant_{name}`: `{name}` stands for the secret's name without the function's `secretNamePrefix`.
   * Required with `admin`.
   * @default without an administrator, the user that the secret names
   */
  readonly users?: string | readonly string[];
  /**
   * The host part of the accounts that the administrator changes: `app@10.%` is another account than `app@%`.
   * @default '%'
   */
  readonly userHost?: string;
  /**
   * Fields of the secret that hold the login in a URL, such as `DATABASE_URL`: each gets the new password, and every other
   * byte of it stays. A field with the password in it that is not named here is an error, before anything changes.
   * @default none
   */
  readonly urlFields?: readonly string[];
  /**
   * `json`: the secret is AWS's own JSON. `text`: it is one URL, `mysql://USER:PASSWORD@HOST:PORT/DATABASE`.
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
   * Whether `"ssl": false` in the rotated secret is obeyed, for the logins of its own user. The administrator always uses TLS.
   * @default false
   */
  readonly allowPlaintext?: boolean;
}

/** The options as the function reads them. */
export interface MysqlEnvironment extends Required<PasswordOptions>, LoginEnvironment {
  readonly strategy: MysqlOptions['strategy'];
  readonly userHost: string;
}

/** Why these options make no rotation, and what to change; undefined where they do. */
export function checkMysqlOptions(options: MysqlOptions): string | undefined {
  const { strategy, userHost } = options;
  if (strategy !== 'dual-password' && strategy !== 'alternating-users' && strategy !== 'single-user') {
    return `strategy is "${strategy}": expected 'dual-password', 'alternating-users' or 'single-user'.`;
  }
  const isAlternating = strategy === 'alternating-users';
  const [admins, users] = [adminsOf(options), usersOf(options)];
  if (strategy !== 'single-user' && admins.length === 0) {
    const what = isAlternating ? 'alternating users' : 'two passwords';
    return `admin is missing: expected { secretArn }, an administrator's secret, which ${what} need.`;
  }
  if (isAlternating && users.length !== 2) {
    return `users has ${users.length} names: expected both users, such as ['app', 'app_clone'].`;
  }
  if (admins.length > 0 && users.length === 0) {
    return "users is missing: expected the users that the administrator may change, such as ['app'].";
  }
  if (new Set(users).size < users.length) return 'users has the same name twice: expected each name once.';
  for (const user of users) {
    const problem = checkDeclaredName('users', user, NAME_LIMIT);
    if (problem !== undefined) return problem;
  }
  if (userHost !== undefined && admins.length === 0) return 'userHost is given without admin. Leave it out.';
  if (userHost !== undefined && !/^[\w.%:/-]{1,255}$/.test(userHost)) {
    return `userHost is "${userHost}": expected the host part of an account, such as % or 10.0.%.`;
  }
  return checkSecretAndTls(options);
}

/**
 * Why one function cannot rotate several secrets with these options, and what to change; undefined if it can. A name that is
 * the same for all of them would let who writes one secret get another one's user.
 */
export function checkSharedMysqlOptions(options: MysqlOptions): string | undefined {
  return adminsOf(options).length === 0 ? undefined : checkSharedNames(usersOf(options));
}

/**
 * The options as environment variables of the rotation function.
 * @param toJson writes JSON that holds for every value of what only Terraform knows
 */
export function mysqlEnvironment(
  options: MysqlOptions,
  toJson: (value: unknown) => string = JSON.stringify,
): Record<string, string> {
  const { strategy, userHost, excludeCharacters = EXCLUDED } = options;
  return {
    ROTATION_STRATEGY: strategy,
    ...loginVariables(options, { USER_HOST: userHost }, toJson),
    ...passwordEnvironment({ ...options, excludeCharacters }),
  };
}

/**
 * The options from environment variables.
 * @throws RangeError naming the variable, or the combination, that is wrong and what was expected
 */
export function readMysqlEnvironment(environment: Readonly<Record<string, string | undefined>>): MysqlEnvironment {
  const { ROTATION_STRATEGY, USER_HOST, SECRET_NAME_PREFIX } = environment;
  const login = readLoginVariables(environment);
  const strategy = ROTATION_STRATEGY as MysqlOptions['strategy'];
  const options: MysqlOptions = {
    ...login,
    strategy,
    admin: login.admins,
    ...(USER_HOST !== undefined && { userHost: USER_HOST }),
  };
  const reason =
    checkMysqlOptions(options) ?? (SECRET_NAME_PREFIX === undefined ? undefined : checkSharedMysqlOptions(options));
  if (reason !== undefined) throw new RangeError(`The function's environment does not fit: ${reason}`);
  return {
    ...readPasswordEnvironment({ EXCLUDE_CHARACTERS: EXCLUDED, ...environment }),
    ...login,
    strategy,
    // Servers keep it so, however it was written.
    userHost: (USER_HOST ?? '%').toLowerCase(),
  };
}
