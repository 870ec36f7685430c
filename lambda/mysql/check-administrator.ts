import { RotationError } from '../rotation/index.ts';
import { nameOf } from './account.ts';
import { type Held, USAGE } from './equal-users/privileges.ts';
import type { MysqlSession } from './mysql-session.ts';
import type { Server } from './server.ts';

/**
 * Whether an administrator may change the passwords of others. What a role of its may do, the server does not tell here: then nothing
 * is refused.
 * @throws PRIVILEGE
 */
export async function checkAdministrator(session: MysqlSession, server: Server): Promise<void> {
  const name = nameOf(server.account);
  const rows = await session.run<{ what: string | null; role: string | null }>(
    `SELECT CURRENT_ROLE() AS role, (SELECT GROUP_CONCAT(what) FROM (
      SELECT PRIVILEGE_TYPE AS what FROM information_schema.USER_PRIVILEGES
        WHERE GRANTEE = ${server.literal(name)} AND PRIVILEGE_TYPE IN ('CREATE USER', 'UPDATE')
      UNION SELECT PRIVILEGE_TYPE FROM information_schema.SCHEMA_PRIVILEGES
        WHERE GRANTEE = ${server.literal(name)} AND TABLE_SCHEMA = 'mysql' AND PRIVILEGE_TYPE = 'UPDATE') AS held) AS what`,
    `reading what ${name} may do`,
  );
  const [{ what, role } = { what: null, role: null }] = rows;
  if (what !== null || (role !== null && role !== 'NONE')) return;
  throw new RotationError(
    'PRIVILEGE',
    `${name} may not change other users. Have it granted: GRANT CREATE USER ON *.* TO ${name}. Nothing was changed.`,
  );
}

/**
 * Whether an administrator may give what a user has to another one: it must hold the same itself, and be allowed to grant it.
 * @throws PRIVILEGE
 */
export function checkMayGrant(
  wanted: readonly Held[],
  own: readonly Held[],
  administrator: { readonly name: string; readonly held: readonly Held[] },
): void {
  const { name, held } = administrator;
  if (held.some(({ kind }) => kind === 'role')) return;
  const mayGrantRoles = held.some(({ what }) => what === 'ROLE_ADMIN');
  const missing = wanted.filter(
    (each) =>
      each.what !== USAGE &&
      // Whoever may revoke a privilege may restrict it.
      each.kind !== 'restriction' &&
      !(each.kind === 'role' && mayGrantRoles) &&
      !own.some((one) => isSame(one, each)) &&
      !held.some((one) => covers(one, each)),
  );
  const [first] = missing;
  if (first === undefined) return;
  const of = ({ kind, what, on }: Held) => (kind === 'role' ? `the role ${on}` : `${what} ON ${on}`);
  throw new RotationError(
    'PRIVILEGE',
    `${name} may not grant ${missing.map(of).join('; ')} to the other user. Have it granted to ${name}, ` +
      `${first.kind === 'role' ? 'WITH ADMIN OPTION' : 'WITH GRANT OPTION'}. Nothing was changed.`,
  );
}

const isSame = (one: Held, other: Held) => one.kind === other.kind && one.on === other.on && one.what === other.what;

function covers(own: Held, { kind, on, what }: Held): boolean {
  if (!own.canGrant || own.kind !== kind) return false;
  if (kind === 'dynamic') return own.what === what;
  if (kind !== 'privilege') return own.on === on || (kind === 'proxy' && own.on === '``@``');
  const bare = (privilege: string) => privilege.replace(/ \(.*\)$/s, '');
  if (own.what !== what && own.what !== bare(what)) return false;
  const [, db = ''] = /(`(?:[^`]|``)*`)\./.exec(on) ?? [];
  // A pattern of databases may cover this one.
  return ['*.*', `${db}.*`, on].includes(own.on) || /[%_\\].*`\.\*$/.test(own.on);
}
