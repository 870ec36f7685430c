import { createHash } from 'node:crypto';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import type { MysqlSession } from './mysql-session.ts';

/** How long the rotation waits for another one. */
const LOCK_SECONDS = 5;

/**
 * How a session is set that no proxy lends to others, whatever the server's defaults and its `init_connect` are: names and texts are read in one way, and the
 * server gives a statement up before the function's time is over. One that waits for a backup could be carried out after that.
 */
const SETTINGS = `SET NAMES utf8mb4, SESSION sql_mode = '', SESSION lock_wait_timeout = 3
  /*!80000 , SESSION innodb_lock_wait_timeout = 3 */ /*M!100400 , SESSION max_statement_time = 4 */`;

const POOLER =
  'is a proxy, such as RDS Proxy, ProxySQL or MaxScale: it has a list of passwords of its own, and statements go to whichever ' +
  "session is free. Give the server's own address.";

/** Since when a user can have two passwords, and two users can be made equal. */
const DUAL_SINCE = { MariaDB: [10, 4, 0], MySQL: [8, 0, 19] } as const;

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
  /** The account that the session's login found. */
  readonly account: { readonly user: string; readonly host: string };
  /** The roles that everybody has, as MySQL's `mandatory_roles` names them. */
  readonly mandatoryRoles: string;
  /** A text, quoted. */
  literal(text: string): string;
}

interface Row {
  readonly version: string | null;
  readonly mariadb: string;
  readonly account: string;
  readonly id: string;
  readonly mandatoryRoles: string | null;
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
  context: Pick<RotationContext, 'isPending' | 'secretId'>,
): Promise<Server> {
  const lock = `'${lockName(context.secretId, user)}'`;
  const row = await rowOf(session, `GET_LOCK(${lock}, ${LOCK_SECONDS})`, 'waiting for other rotations');
  if (Number(row.locked) !== 1) throw await heldError(session, lock, user);
  // Always, however short the wait was: another rotation takes half a second.
  if (!(await context.isPending())) {
    throw new RotationError(
      'VERSION_NOT_PENDING',
      'This attempt comes too late: the rotation was finished or given up while it waited. Nothing was changed.',
    );
  }
  return serverOf(row);
}

/** The same without the lock, for who changes nothing. @throws CONFIGURATION */
export async function readServer(session: MysqlSession): Promise<Server> {
  return serverOf(await rowOf(session, 'NULL', 'reading what the server is'));
}

async function rowOf(session: MysqlSession, lock: string, what: string): Promise<Row> {
  const [row] = await session.run<Row>(
    `SELECT VERSION() AS version, CURRENT_USER() AS account, CONNECTION_ID() + 0 AS id, ${MARIADB} AS mariadb,
      CONCAT('' /*!80011 , @@GLOBAL.mandatory_roles */) AS mandatoryRoles,
      CONCAT_WS(',', @@GLOBAL.read_only, @@GLOBAL.innodb_read_only) AS readOnly, ${lock} AS locked`,
    what,
  );
  if (row === undefined || Number(row.id) !== session.connectionId) throw session.refused(POOLER);
  // Newer servers have words for it.
  if (!/^(?:0|OFF|,)*$/.test(row.readOnly)) {
    throw session.refused('is read-only: a replica, or the reader of a cluster. Give the host of the writer.');
  }
  await session.run(SETTINGS, 'setting the session');
  return row;
}

function serverOf(row: Row): Server {
  // Some versions of MariaDB put one of MySQL before their own, for old replicas.
  const text = (row.version ?? '').replace(/^5\.5\.5-/, '');
  const version = text.split(/[.-]/, 3).map((part) => Number.parseInt(part, 10) || 0);
  const at = row.account.lastIndexOf('@');
  const isMariadb = Number(row.mariadb) > 0 || /mariadb/i.test(text);
  const isNewEnough = isMariadb ? Number(row.mariadb) > 1 : isSince(version, DUAL_SINCE.MySQL);
  return {
    isMariadb,
    tooOldFor: isNewEnough ? undefined : DUAL_SINCE[isMariadb ? 'MariaDB' : 'MySQL'],
    version,
    account: { user: row.account.slice(0, at), host: row.account.slice(at + 1) },
    mandatoryRoles: row.mandatoryRoles ?? '',
    literal: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`,
  };
}

/** Whoever may log in can take any lock whose name they know, so nobody can guess it who does not know the secret's ARN. */
function lockName(secretId: string, user: string): string {
  return `rotaform ${createHash('sha256').update(`${secretId} ${user}`).digest('hex').slice(0, 40)}`;
}

/** An attempt that was cut off may still have a session there, so the error says which. */
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
