import { RotationError } from '../rotation/index.ts';
import { POOLER, REPLICA } from './postgres-error.ts';
import type { PostgresSession } from './postgres-session.ts';
import { refuseExpired, type ServerFacts, STORES_MD5, serverFacts } from './server-facts.ts';

/** The version from which on CREATEROLE alone changes no role. */
const ADMIN_OPTION_SINCE = 160_000;

interface Facts extends ServerFacts {
  readonly own: boolean;
  readonly replica: boolean;
}

export interface CheckServerOptions {
  /** Whose password must not have expired. */
  readonly user: string;
  readonly allowMd5: boolean;
  /** As `criticalSection` asks. */
  readonly asksForScram: () => Promise<boolean>;
}

/**
 * Refuses a server at which the critical section of a rotation would fail, without its lock.
 * @throws CONFIGURATION
 */
export async function checkServer(
  session: PostgresSession,
  { user, allowMd5, asksForScram }: CheckServerOptions,
): Promise<void> {
  const sql = `SELECT pg_backend_pid() = ${Number(session.processId)} AS own, pg_is_in_recovery() AS replica,
    ${serverFacts(session.literal(user))}`;
  const [facts] = await session.run<Facts>(sql, undefined, 'reading what the server is');
  if (facts?.own !== true) throw session.refused(POOLER);
  if (facts.replica) throw session.refused(`is read-only. ${REPLICA}`);
  refuseExpired(session, user, facts.expired);
  if (facts.encryption === 'md5' && !allowMd5 && !(await asksForScram())) throw session.refused(STORES_MD5);
}

interface Power {
  readonly isSuperuser: boolean;
  readonly createsRoles: boolean;
  /** Those of the roles that are there, and that the administrator may not change. */
  readonly closed: readonly string[];
  readonly version: number;
}

/**
 * Whether an administrator may change these users' passwords, and make those that are not there.
 * @param missing roles that it would make
 * @throws PRIVILEGE
 */
export async function checkAdministrator(
  session: PostgresSession,
  users: readonly string[],
  missing: readonly string[] = [],
): Promise<void> {
  const [power] = await session.run<Power>(
    `SELECT me.rolsuper AS "isSuperuser", me.rolcreaterole AS "createsRoles", current_setting('server_version_num')::int AS version,
      ARRAY(SELECT users.rolname::text FROM pg_roles AS users WHERE rolname = ANY ($1::text[]) AND NOT EXISTS (
        SELECT FROM pg_auth_members AS grants WHERE roleid = users.oid AND admin_option
          AND pg_has_role(me.oid, grants.member, 'USAGE')) ORDER BY 1) AS closed
    FROM pg_roles AS me WHERE rolname = current_user`,
    [users],
    `reading what ${session.username} may do`,
  );
  if (power === undefined || power.isSuperuser) return;
  const name = session.name(session.username);
  if (!power.createsRoles) {
    const what = missing.length > 0 ? `make ${missing.join(' and ')}` : `change the password of ${users.join(' or ')}`;
    throw refused(
      `${session.username} has no CREATEROLE, and so may not ${what}. Have a superuser run: ALTER ROLE ${name} CREATEROLE.`,
    );
  }
  const { closed, version } = power;
  if (version < ADMIN_OPTION_SINCE || closed.length === 0) return;
  throw refused(
    `${session.username} has not made ${closed.join(' and ')}, and may not change what it has not made. Have a superuser, or who made ` +
      `it, run: GRANT ${closed.map((user) => session.name(user)).join(', ')} TO ${name} WITH ADMIN OPTION.`,
  );
}

function refused(message: string): RotationError {
  return new RotationError('PRIVILEGE', message);
}
