import { createHash } from 'node:crypto';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import type { MysqlSession } from './mysql-session.ts';

/** How long the rotation waits for another one. */
const LOCK_SECONDS = 5;

const POOLER =
  'is a proxy, such as RDS Proxy, ProxySQL or MaxScale: it has a list of passwords of its own, and statements go to whichever ' +
  "session is free. Give the server's own address.";

/** Since when a user can have two passwords. */
const DUAL_SINCE = { MariaDB: [10, 4, 0], MySQL: [8, 0, 14] } as const;

/**
 * What MariaDB alone runs, and MySQL takes for a comment: 1 for any MariaDB, 2 for those that know two passwords. Its administrator
 * can give it the version of a MySQL, and a MySQL would get passwords in the clear.
 * @see https://mariadb.com/kb/en/comment-syntax/
 */
const MARIADB = '0 /*M! + 1 */ /*M!100400 + 1 */';

/** What a server says of itself. */
export interface Server {
  readonly isMariadb: boolean;
  /** Since when its users can have two passwords, if it is older than that. */
  readonly tooOldFor: readonly number[] | undefined;
  /** Such as [10, 11, 19]. */
  readonly version: readonly number[];
  /** The account that the session's login found: `user@host`. */
  readonly account: string;
  /** Its `sql_mode`. */
  readonly mode: string;
  /** A text, quoted as the session's `sql_mode` has it. */
  literal(text: string): string;
}

interface Row {
  readonly mode: string;
  readonly version: string;
  readonly mariadb: string;
  readonly account: string;
  readonly id: string;
  readonly readOnly: string;
  readonly locked: string | null;
}

/**
 * Waits until no other rotation changes this user, and reads what the server is. The lock is the session's.
 * @throws SERVICE if the lock is not free in time; VERSION_NOT_PENDING if this attempt comes too late; CONFIGURATION behind a proxy or
 *   at a server that is read-only
 */
export async function lockedServer(
  session: MysqlSession,
  user: string,
  context: Pick<RotationContext, 'isPending'>,
): Promise<Server> {
  const lock = `'rotaform ${lockable(user)}'`;
  const [row] = await session.run<Row>(
    `SELECT VERSION() AS version, CURRENT_USER() AS account, CONNECTION_ID() + 0 AS id, @@sql_mode AS mode, ${MARIADB} AS mariadb,
      @@GLOBAL.read_only + @@GLOBAL.innodb_read_only AS readOnly, GET_LOCK(${lock}, ${LOCK_SECONDS}) AS locked`,
    'waiting for other rotations',
  );
  if (row === undefined || Number(row.id) !== session.connectionId) throw session.refused(POOLER);
  if (Number(row.readOnly) > 0) {
    throw session.refused('is read-only: a replica, or the reader of a cluster. Give the host of the writer.');
  }
  if (Number(row.locked) !== 1) throw await heldError(session, lock, user);
  // Always, however short the wait was: another rotation takes half a second.
  if (!(await context.isPending())) {
    throw new RotationError(
      'VERSION_NOT_PENDING',
      'This attempt comes too late: the rotation was finished or given up while it waited. Nothing was changed.',
    );
  }
  // Some versions of MariaDB put one of MySQL before their own, for old replicas.
  const text = row.version.replace(/^5\.5\.5-/, '');
  const version = text.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
  const isMariadb = Number(row.mariadb) > 0 || /mariadb/i.test(text);
  const isNewEnough = isMariadb ? Number(row.mariadb) > 1 : isSince(version, DUAL_SINCE.MySQL);
  return {
    isMariadb,
    tooOldFor: isNewEnough ? undefined : DUAL_SINCE[isMariadb ? 'MariaDB' : 'MySQL'],
    version,
    account: row.account,
    mode: row.mode,
    literal: (text) => {
      const escaped = row.mode.includes('NO_BACKSLASH_ESCAPES') ? text : text.replaceAll('\\', '\\\\');
      return `'${escaped.replaceAll("'", "''")}'`;
    },
  };
}

/** A lock's name has 64 characters at most, and no quotes that need care. */
function lockable(user: string): string {
  return /^[\w.-]{1,50}$/.test(user) ? user : createHash('sha256').update(user).digest('hex').slice(0, 40);
}

/** Whoever may log in can take the lock, so the error says who did. */
async function heldError(session: MysqlSession, lock: string, user: string): Promise<RotationError> {
  const [row] = await session
    .run<{ id: string | null }>(`SELECT IS_USED_LOCK(${lock}) AS id`, 'asking who has the lock')
    .catch(() => []);
  const remedy =
    row?.id == null ? '' : ` The session ${row.id} has the lock. If no rotation is running, end it: KILL ${row.id}.`;
  return new RotationError('SERVICE', `Another rotation of ${user} has not ended within ${LOCK_SECONDS} s.${remedy}`);
}

/** Whether a version is a certain one, or newer. */
export function isSince(version: readonly number[], since: readonly number[]): boolean {
  const at = since.findIndex((number, index) => number !== (version[index] ?? 0));
  return at < 0 || (version[at] ?? 0) > (since[at] ?? 0);
}
