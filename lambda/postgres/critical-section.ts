import { createHash } from 'node:crypto';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { POOLER } from './postgres-error.ts';
import type { PostgresSession } from './postgres-session.ts';
import { scramVerifier } from './scram-verifier.ts';
import { refuseExpired, type ServerFacts, STORES_MD5, serverFacts } from './server-facts.ts';

/** How long the rotation waits for another one. */
const LOCK_TIMEOUT = '5s';

/** How long a transaction waits for any other lock, while applications that want it too wait behind it. */
const SHORT_LOCK_TIMEOUT = '200ms';

/** Where a transaction begins again, with the lock that keeps other rotations out. */
export const SAVEPOINT = 'undisturbed';

/** The SQLSTATE. */
const DIVISION_BY_ZERO = '22012';
const LOCK_NOT_AVAILABLE = '55P03';

/** What is done to these users here, no other rotation does at the same time. */
export interface CriticalSection {
  /** A password as the server would store it, to be set without its log holding it. @throws CONFIGURATION */
  stored(username: string, password: string, salt: Buffer | undefined): Promise<string>;
}

export interface CriticalSectionOptions {
  readonly users: readonly string[];
  /** Whose password must not have expired: the new one would be refused. */
  readonly expiring: string;
  /** `transaction`: until the transaction ends, which this begins, with a savepoint. `session`: until the session ends. */
  readonly until: 'transaction' | 'session';
  readonly allowMd5: boolean;
  /** Whether the server asks for the user's password by SCRAM; asked only if its own setting is another one. */
  readonly asksForScram: () => Promise<boolean>;
}

/**
 * Waits until no other rotation changes these users: an advisory lock, which is the database's, so all rotations of the users
 * have to log in to the same one.
 * @throws SERVICE if the lock is not free in time; VERSION_NOT_PENDING if this attempt comes too late; CONFIGURATION behind a pooler, or
 *   if the password has expired
 */
export async function criticalSection(
  session: PostgresSession,
  { users, expiring, until, allowMd5, asksForScram }: CriticalSectionOptions,
  context: Pick<RotationContext, 'isPending'>,
): Promise<CriticalSection> {
  const isTransaction = until === 'transaction';
  const keys = ['rotaform', users.toSorted().join(' ')].map((key) => `pg_catalog.hashtext(${session.literal(key)})`);
  const statements = [
    // Each statement sees what others have done by then: another rotation, while this one waited for it.
    ...(isTransaction ? ['BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE'] : []),
    // Fails behind a pooler, before anything is done: settings and locks would stay with whoever gets the session next.
    `SELECT 1 / (pg_backend_pid() = ${Number(session.processId)})::int`,
    `SET ${isTransaction ? 'LOCAL ' : ''}lock_timeout = '${LOCK_TIMEOUT}'`,
    `SELECT pg_catalog.${isTransaction ? 'pg_advisory_xact_lock' : 'pg_advisory_lock'}(${keys.join(', ')}),
      ${serverFacts(session.literal(expiring))}`,
    ...(isTransaction ? [`SET LOCAL lock_timeout = '${SHORT_LOCK_TIMEOUT}'`, `SAVEPOINT ${SAVEPOINT}`] : []),
  ];
  const [server] = await session
    .run<ServerFacts>(statements.join('; '), undefined, 'waiting for other rotations')
    .catch(async (error) => {
      if (Object(error.cause).code === LOCK_NOT_AVAILABLE) throw await heldError(session, keys, error);
      if (Object(error.cause).code !== DIVISION_BY_ZERO) throw error;
      throw session.refused(POOLER);
    });
  // However short the wait was: by then, another attempt may have finished this rotation, or somebody may have given it up and
  // begun the next one. From here on, both wait for the lock.
  if (!(await context.isPending())) {
    throw new RotationError(
      'VERSION_NOT_PENDING',
      'This attempt comes too late: the rotation was finished or given up while it waited. Nothing was changed.',
    );
  }
  const { iterations = null, encryption, expired = null } = server ?? {};
  refuseExpired(session, expiring, expired);
  const isMd5 = encryption === 'md5' && !(await asksForScram());
  return {
    async stored(username, password, salt) {
      if (!isMd5) {
        const options = { ...(iterations !== null && { iterations: Number(iterations) }), ...(salt && { salt }) };
        return scramVerifier(password, options);
      }
      if (allowMd5) return `md5${createHash('md5').update(`${password}${username}`).digest('hex')}`;
      throw session.refused(STORES_MD5);
    },
  };
}

/** Whoever may log in to the database can take the lock, so the error says who did. */
async function heldError(
  session: PostgresSession,
  keys: readonly string[],
  error: RotationError,
): Promise<RotationError> {
  const [classid, objid] = keys.map((key) => `${key}::bigint & 4294967295`);
  const sql = `SELECT pid, usename FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = ${classid} AND objid::bigint = ${objid}
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
  const holders = await session.run<{ pid: number; usename: string }>(sql).catch(() => []);
  const [holder] = holders;
  if (holder === undefined) return error;
  const { pid, usename } = holder;
  const remedy = `The session ${pid} of ${usename} has the lock. If no rotation is running, end it: SELECT pg_terminate_backend(${pid}).`;
  return new RotationError('SERVICE', `${error.message} ${remedy}`, { cause: error.cause });
}
