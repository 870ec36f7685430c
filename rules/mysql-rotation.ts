import {
  adminsOf,
  checkSecretAndTls,
  checkSharedNames,
  EXCLUDED_OF_LOGINS,
  type LoginEnvironment,
  type LoginOptions,
  loginVariables,
  readLoginVariables,
  usersOf,
} from './databases/login-options.ts';
import { checkDeclaredName, type NameLimit } from './databases/names.ts';
import { passwordEnvironment, readPasswordEnvironment } from './password/password-environment.ts';
import type { PasswordOptions } from './password/password-options.ts';

/** Of a user's name in MariaDB; MySQL has 32 characters. */
export const NAME_LIMIT: NameLimit = { most: 80, unit: 'characters' };

/** How the password of a user of MySQL or MariaDB is rotated. */
export interface MysqlOptions extends PasswordOptions, LoginOptions {
  /**
   * `dual-password`: the user has two passwords, the new one and the previous one, and both log in until the next rotation: nobody is
   * refused. It needs an administrator, and MySQL 8.0.19 or MariaDB 10.4. `alternating-users`: two users with the same privileges take
   * turns, which refuses nobody either. It needs an administrator, and MySQL 8.0.19 or MariaDB 10.4. `single-user`: the user has one password; from its
   * change until they read the secret again, applications that log in are refused.
   */
  readonly strategy: 'dual-password' | 'alternating-users' | 'single-user';
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
   * `json`: the secret is AWS's own JSON. `text`: it is one URL, `mysql://USER:PASSWORD@HOST:PORT/DATABASE`.
   * @default 'json'
   */
  readonly format?: 'json' | 'text';
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
  const { strategy, userHost, excludeCharacters = EXCLUDED_OF_LOGINS } = options;
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
    ...readPasswordEnvironment({ EXCLUDE_CHARACTERS: EXCLUDED_OF_LOGINS, ...environment }),
    ...login,
    strategy,
    // Servers keep it so, however it was written.
    userHost: (USER_HOST ?? '%').toLowerCase(),
  };
}
