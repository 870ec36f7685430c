import type { Database } from '../databases/database-secret.ts';
import { errorCode } from '../rotation/error-code.ts';
import { RotationError, type RotationErrorCode } from '../rotation/index.ts';

const TRY_AGAIN = 'Secrets Manager tries again.';
const LOST = `The connection was lost. ${TRY_AGAIN}`;
/** The login; of a statement, that whoever logged in may not run it. */
const REFUSED = [1045, 1698];
const REPLICA = 'This is a replica, or the server is read-only: give the host of the writer.';

/**
 * The numbers that servers give to their errors, by what they mean for a rotation, and what to do.
 * @see https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 * @see https://mariadb.com/kb/en/mariadb-error-code-reference/
 */
const NUMBERS: readonly (readonly [errnos: readonly number[], RotationErrorCode, remedy: string])[] = [
  [REFUSED, 'AUTHENTICATION', 'Declare an admin, which needs no old password, or set the password by hand.'],
  [
    [1130],
    'AUTHENTICATION',
    'No account of the server is for the address that the function comes from: give it such a host part.',
  ],
  [
    [1820, 1862, 3118, 4151],
    'CONFIGURATION',
    'The password has expired, or the account is locked: an administrator must open it.',
  ],
  [
    [3955, 4150],
    'CONFIGURATION',
    'The server blocks the user after too many wrong passwords. Unblock it (MariaDB: FLUSH PRIVILEGES; MySQL: ALTER USER … ACCOUNT UNLOCK), ' +
      'and declare an admin, which has to guess none.',
  ],
  [[1819], 'POLICY', 'The next rotation makes another one.'],
  [[1044, 1142, 1143, 1227, 1370, 3530], 'PRIVILEGE', 'Give that privilege, or declare an admin who has it.'],
  [
    [1040, 1203],
    'SERVICE',
    'No connection is left: raise max_connections or max_user_connections, or have applications use fewer.',
  ],
  [
    [1226],
    'SERVICE',
    'The account has reached that limit: raise it (ALTER USER … WITH …), or have applications use less. A limit per hour begins anew after ' +
      'an hour.',
  ],
  [[1129], 'NETWORK', 'The server blocks this host after failed connections: FLUSH HOSTS.'],
  [[1049], 'CONFIGURATION', "Correct the secret's dbname."],
  [[1470], 'CONFIGURATION', 'MySQL takes 32 characters, MariaDB 80. Declare a shorter name in users.'],
  [[1792, 1836, 3100], 'CONFIGURATION', REPLICA],
  [[3159], 'TLS', 'The server requires TLS: remove "ssl": false from the secret.'],
  [[3892], 'PRIVILEGE', 'The server wants the old password as well (password_require_current): declare an admin.'],
  [[1524], 'CONFIGURATION', 'The server has not loaded the plug-in of the account: load it.'],
  [
    [1205, 1969, 3024],
    'SERVICE',
    'The server gave up, and did not change it: another session has a lock, such as a backup (FLUSH TABLES WITH READ LOCK) or LOCK TABLES. ' +
      `SHOW PROCESSLIST shows which. ${TRY_AGAIN}`,
  ],
  [[1053, 1152, 1158, 1159, 1160, 1161, 1184, 1213, 1317, 1927], 'SERVICE', TRY_AGAIN],
];

/** 1290 and 1396 stand for every option that forbids a statement; which one, the text says. */
const OPTIONS: readonly (readonly [RegExp, string])[] = [
  [/read.only|super.read/i, REPLICA],
  [
    /strict_password_validation|Operation (ALTER|CREATE) USER failed/,
    'The account is not there (a name with a space at its end looks the same in the tables), or a password validation plug-in refuses ' +
      'hashes, which keep passwords out of the logs: set strict_password_validation = OFF. Passwords that people set in the clear are ' +
      'validated as before.',
  ],
  [/skip-grant-tables/, 'The server knows no passwords: start it without --skip-grant-tables.'],
];

/** The server's texts of these repeat a part of the statement, cut anywhere, so that half a password would stand in the log. */
const QUOTING = [1064, 1149, 1292, 1300, 1366, 1411];

/** What a failed login or statement means, with the remedy. */
export function mysqlError(
  caught: unknown,
  database: Database,
  what: string,
  { isStatement = false, ifRefused }: { readonly isStatement?: boolean; readonly ifRefused?: string | undefined } = {},
): RotationError {
  if (caught instanceof RotationError) return caught;
  const { host, port, ssl } = database;
  const where = `${host}:${port}`;
  const { message, code, errno } = read(caught);
  if (errno !== undefined && QUOTING.includes(errno)) {
    return new RotationError(
      'CONFIGURATION',
      `${where} failed at ${what}: the server does not take the statement (error ${errno}). It is perhaps another product, or another ` +
        'version, than it says: expected MySQL 8 or newer, or MariaDB 10.4 or newer.',
      { cause: Object.assign(new Error(`Error ${errno}`), { errno }) },
    );
  }
  const error = (type: RotationErrorCode, remedy: string) =>
    new RotationError(type, `${where} failed at ${what}: ${message || 'no reason given'}. ${remedy}`, {
      cause: caught,
    });

  const isRefusal = errno !== undefined && REFUSED.includes(errno);
  if (isRefusal && isStatement) {
    return error('PRIVILEGE', 'Give that privilege WITH GRANT OPTION, or that role WITH ADMIN OPTION.');
  }
  if (errno === 1045 && !ssl && /secure|ssl|tls/i.test(message))
    return error('TLS', 'Remove "ssl": false from the secret.');
  if (errno === 1290 || errno === 1396) {
    const [, remedy] = OPTIONS.find(([pattern]) => pattern.test(message)) ?? [];
    return error(
      'CONFIGURATION',
      remedy ?? 'See whether the account is there, and whether an option of the server forbids this.',
    );
  }
  const [, type, remedy] = NUMBERS.find(([errnos]) => errno !== undefined && errnos.includes(errno)) ?? [];
  if (type !== undefined && remedy !== undefined) return error(type, (isRefusal && ifRefused) || remedy);
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    return error(
      'TLS',
      'Turn TLS on at the server. If a user must connect without it, declare allowPlaintext and store "ssl": false in its secret.',
    );
  }
  const network = errorCode(caught);
  if (/socket disconnected before|ECONNRESET|EPIPE/.test(message)) return error('NETWORK', LOST);
  if (network === 'TLS' || code === 'HANDSHAKE_SSL_ERROR') {
    return error(
      'TLS',
      'The certificate must come from a root that the function trusts and name the host: give tls.ca, or tls.servername.',
    );
  }
  if (code === 'PROTOCOL_CONNECTION_LOST') return error('NETWORK', LOST);
  if (network === 'NETWORK') {
    return error('NETWORK', `See whether the function's network reaches ${where}, and the database's security group.`);
  }
  return error(errno === undefined ? network : 'INTERNAL', `Error ${errno ?? (code || 'without a number')}.`);
}

/** The server's number of an error of ours. */
export function errnoOf(caught: unknown): number | undefined {
  const { errno } = Object(Object(caught).cause) as { errno?: unknown };
  return caught instanceof RotationError && errno !== undefined ? Number(errno) : undefined;
}

/** Whether a password has expired, which a new one mends. */
export const isExpired = (caught: unknown): boolean => [1820, 1862].includes(errnoOf(caught) ?? 0);

/** Whether a user has used up what it may use at a time, or in an hour. */
export const isAtLimit = (caught: unknown): boolean => [1203, 1226].includes(errnoOf(caught) ?? 0);

/** `errno` is the server's own: the driver's errors of the network have negative ones, or texts. */
function read(caught: unknown): { message: string; code: string; errno: number | undefined } {
  const { message = '', code = '', errno } = Object(caught) as { message?: string; code?: unknown; errno?: unknown };
  return {
    message: message.replace(/\.$/, ''),
    code: String(code),
    errno: typeof errno === 'number' && errno >= 1_000 ? errno : undefined,
  };
}
