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

export function userAndPassword(value: unknown): UserAndPassword {
  const { username, password } = value as { readonly username: string; readonly password: string };
  return { user: username, password };
}

/** Errors of PostgreSQL (28P01, 28000), MySQL and MariaDB (1045). */
const CODES: readonly unknown[] = ['28P01', '28000', 'ER_ACCESS_DENIED_ERROR', 1045];
/** PgBouncer speaks of a protocol violation (08P01); Redis has words alone. */
const WORDS = /^(WRONGPASS|(SASL|password) authentication failed|server login (has been )?fail)/;

/**
 * Whether a server or a proxy refused the login. Sequelize and others wrap what their driver threw.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 * @see https://redis.io/docs/latest/commands/auth/
 */
export function isRefusedLogin(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, errno, parent, message } = error as Error & Readonly<Record<string, unknown>>;
  return CODES.includes(code) || CODES.includes(errno) || WORDS.test(message) || isRefusedLogin(parent ?? error.cause);
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
