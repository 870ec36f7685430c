import type { Database } from '../databases/database-secret.ts';
import { errorCode } from '../rotation/error-code.ts';
import { RotationError, type RotationErrorCode } from '../rotation/index.ts';

const FULL = '53300';

export const REPLICA = 'This is a replica: give the host of the writer.';

export const POOLER =
  'is a pooler, such as PgBouncer or RDS Proxy: statements go to whichever session is free, and settings and locks stay there. ' +
  "Give the server's own address.";

/** SQLSTATEs, or how they begin, by what they mean for a rotation, and what to do. */
const STATES: readonly (readonly [RegExp, RotationErrorCode, string])[] = [
  [/^28P01/, 'AUTHENTICATION', 'Declare an admin, which needs no old password, or set the password by hand.'],
  [/^28/, 'AUTHENTICATION', 'See whether the user may log in, and what pg_hba.conf asks of it.'],
  [/^3D000/, 'CONFIGURATION', "Correct the secret's dbname."],
  [/^25006/, 'CONFIGURATION', REPLICA],
  [/^42501/, 'PRIVILEGE', 'Give that privilege, or declare an admin who has it.'],
  [
    /^57P05/,
    'CONFIGURATION',
    'The server closes idle sessions too soon: set idle_session_timeout of the role or the database to at least 1 s.',
  ],
  [/^57014/, 'SERVICE', 'Somebody canceled it, or a timeout did. Secrets Manager tries again.'],
  [
    /^58P01/,
    'CONFIGURATION',
    'A file is missing on the server, such as that of an extension: install it, or drop what needs it.',
  ],
  // XX000 is, among others, what one of two sessions gets that change the same grants at once.
  [/^(53|55P03|57P0|40|55006|XX000)/, 'SERVICE', 'Secrets Manager tries again.'],
  [/^08/, 'NETWORK', 'Secrets Manager tries again.'],
];

/** States that pass, even in a function of the server. */
const PASSING = /^(08|40|53|55P03|57)/;

/** What a failed login or statement means, with the remedy. */
export function postgresError(caught: unknown, database: Database, what: string): RotationError {
  if (caught instanceof RotationError) return caught;
  const { host, port, ssl } = database;
  const where = `${host}:${port}`;
  const { message, state, within } = read(caught);
  const error = (code: RotationErrorCode, remedy: string) =>
    new RotationError(code, `${where} failed at ${what}: ${message || 'no reason given'}. ${remedy}`, {
      cause: caught,
    });

  if (!ssl && /no encryption|SSL off/.test(message)) {
    return error('TLS', 'The server requires TLS: remove "ssl": false from the secret.');
  }
  if (state === FULL) {
    const [, whose] = /too many connections for (role|database)/.exec(message) ?? [];
    const limit = whose === undefined ? 'max_connections' : `the CONNECTION LIMIT of the ${whose}`;
    return error('SERVICE', `No connection is left: raise ${limit}, or have applications use fewer.`);
  }
  // A replica's answer to BEGIN READ WRITE has no state of its own.
  if (state === '0A000' && /during recovery/.test(message)) return error('CONFIGURATION', REPLICA);
  if (/unsupported startup parameter/.test(message)) {
    return new RotationError('CONFIGURATION', `${where} ${POOLER}`, { cause: caught });
  }
  if (within !== undefined && !PASSING.test(state)) {
    return error(
      'CONFIGURATION',
      `It comes from ${within}, such as that of an event trigger. Have it let the rotation pass; it finds no names without a schema there.`,
    );
  }
  const [, code, remedy] = STATES.find(([pattern]) => pattern.test(state)) ?? [];
  if (code !== undefined && remedy !== undefined) return error(code, remedy);
  if (/SSL connection|does not support SSL/.test(message)) {
    return error(
      'TLS',
      'Turn TLS on at the server. If a user must connect without it, declare allowPlaintext and store "ssl": false in its secret.',
    );
  }
  switch (errorCode(caught)) {
    case 'TLS':
      return error(
        'TLS',
        'The certificate must come from a root that the function trusts and name the host: give tls.ca, or tls.servername.',
      );
    case 'NETWORK':
      return error(
        'NETWORK',
        `See whether the function's network reaches ${where}, and the database's security group.`,
      );
    default:
      return /^Connection terminated/.test(message)
        ? error('NETWORK', 'The connection was lost; Secrets Manager tries again.')
        : error(state === '' ? errorCode(caught) : 'INTERNAL', `SQLSTATE ${state || 'none'}.`);
  }
}

/** Whether the server has no connection left for that login. */
export function isFull(caught: unknown): boolean {
  return caught instanceof RotationError && Object(caught.cause).code === FULL;
}

interface Failure {
  readonly message: string;
  /** The SQLSTATE; empty if it was not the server that failed. */
  readonly state: string;
  /** The function that the server was running, and where in it. */
  readonly within: string | undefined;
}

function read(caught: unknown): Failure {
  const { message = '', code, severity, where } = Object(caught) as { message?: string } & Record<string, unknown>;
  const [within] = (typeof where === 'string' && /(PL\/\w+|SQL) function .*/.exec(where)) || [];
  return {
    message: message.replace(/\.$/, ''),
    state: severity !== undefined && typeof code === 'string' ? code : '',
    within,
  };
}
