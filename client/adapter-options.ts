import { aFunction, checkOptions, expect, isCall, numberFrom, type Rules } from './check-options.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** What every adapter takes, besides its driver and the secret. */
export interface AdapterOptions<Value, Login> {
  /** What a connection logs in with. @default the value's `username` and `password` */
  readonly login?: (value: Value) => Login;
  /** How long a connection looks for another version when its login is refused. @default 5 */
  readonly timeoutSeconds?: number;
  /** Whether another error means a refused login, too, such as that of a proxy with words of its own. */
  readonly refused?: (error: unknown) => boolean;
}

export interface UserAndPassword {
  readonly user?: string;
  readonly password?: string;
}

export interface UsernameAndPassword {
  readonly username?: string;
  readonly password: string;
}

const OPTIONS: Rules<AdapterOptions<never, never>> = {
  login: aFunction,
  timeoutSeconds: numberFrom(0),
  refused: aFunction,
};

/**
 * What a connection logs in with, by the option `login`. It must be there: a driver without it would take another one, such as
 * that of the environment.
 *
 * @param byDefault without that option
 * @throws SecretReadError CONFIGURATION the secret is none, or an option is not as expected
 */
export function loginOf<Value, Login>(
  secret: RotatingSecret<Value>,
  options: AdapterOptions<Value, Login>,
  byDefault: (value: unknown) => Login,
): (value: Value) => Login {
  expect('secret', secret, ['what cache.secret() returns', (found: typeof secret) => isCall(found?.withRetry)]);
  checkOptions(options, OPTIONS);
  const { login } = options;
  if (!login) return byDefault;
  return (value) => {
    const found = login(value);
    expect('result of the option login', found, ['an object, and no promise', isLogin]);
    return found;
  };
}

const isLogin = (found: { readonly then?: unknown } | null) =>
  typeof found === 'object' && !!found && !isCall(found.then);

export function userAndPassword(value: unknown): UserAndPassword {
  const { username, password } = texts(value, 'username', 'password');
  return { user: username as string, password: password as string };
}

/** For a server that has a user for whoever names none. */
export function usernameAndPassword(value: unknown): UsernameAndPassword {
  const { username } = Object(value) as UsernameAndPassword;
  const { password } = texts(value, 'password');
  return { ...(username !== undefined && { username }), password: password as string };
}

function texts(value: unknown, ...names: readonly string[]): Readonly<Record<string, unknown>> {
  const fields = Object(value) as Readonly<Record<string, unknown>>;
  const rule = ['a text, or the option login if the secret has other fields', isText] as const;
  for (const name of names) expect(`field ${name} of the secret`, fields[name], rule);
  return fields;
}

const isText = (found: unknown) => typeof found === 'string';

/** Errors of PostgreSQL (28P01, 28000), MySQL and MariaDB (1045). */
const CODES: readonly unknown[] = ['28P01', '28000', 'ER_ACCESS_DENIED_ERROR', 1045];
/** How many errors within errors are looked at. */
const MOST_CAUSES = 10;
/** PgBouncer speaks of a protocol violation (08P01); Redis has words alone. */
const WORDS = /^(WRONGPASS|(SASL|password) authentication failed|server login (has been )?fail)/;

/**
 * Whether a server or a proxy refused the login. Sequelize and others wrap what their driver threw.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @see https://redis.io/docs/latest/commands/auth/
 */
export function isRefusedLogin(error: unknown, depth = 0): boolean {
  // A cause may be its own.
  if (!(error instanceof Error) || depth > MOST_CAUSES) return false;
  const { code, errno, parent, message } = error as Error & Readonly<Record<string, unknown>>;
  if (CODES.includes(code) || CODES.includes(errno) || WORDS.test(message)) return true;
  return isRefusedLogin(parent ?? error.cause, depth + 1);
}

/** For `withRetry` and `loginGuard`. */
export function retryOptions({ timeoutSeconds, refused }: AdapterOptions<never, unknown>) {
  return {
    refused(error: unknown) {
      if (isRefusedLogin(error)) return true;
      try {
        return refused?.(error) === true;
      } catch (failure) {
        // Most drivers ask where nobody would catch it, which would end the process.
        const kind = failure instanceof Error ? failure.name : typeof failure;
        process.emitWarning(`The option refused failed: ${kind}.`, 'RotaformWarning');
        return false;
      }
    },
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
}
