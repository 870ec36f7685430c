import { RotationError } from '../../rotation/index.ts';
import type { PostgresSession } from '../postgres-session.ts';
import type { Turn } from '../turn-of.ts';
import type { UsersAndOwner } from './checked-roles.ts';
import { drift } from './drift.ts';

/** A statement that makes the users equal. */
export interface Step {
  /** Who has to run it, if not the administrator. */
  readonly actor: string | null;
  readonly sql: string;
  /** As whom the administrator would have to act, but may not. */
  readonly closed: readonly { readonly role: string; readonly isSuperuser: boolean }[];
  /** The setting that it is about; and, as it is stored, the value that the session has to have of it while the statement runs. */
  readonly setting: string | null;
  readonly value: string | null;
}

/**
 * What makes the users equal, in order. Nothing has to be done where nothing has changed since the last rotation.
 * @throws PRIVILEGE for what the administrator may not do in the name of others
 */
export async function stepsOf(
  session: PostgresSession,
  { owner, version, find, names }: UsersAndOwner,
  { current }: Turn,
): Promise<readonly Step[]> {
  const steps = await session.run<Step>(drift(version), names, 'comparing the users');
  const quoted = session.name(owner);
  const missing = `CREATE ROLE ${quoted} NOLOGIN; GRANT ${quoted} TO ${session.name(current)}`;
  checkIsOpen(steps, session.username, names, find(owner) === undefined ? missing : undefined);
  return steps;
}

/**
 * Refuses what the administrator may not do in the name of others, before it does anything.
 * @param names the users and their owner role
 * @param ownerRole makes that role, if it is not there
 * @throws PRIVILEGE
 */
function checkIsOpen(
  steps: readonly Step[],
  administrator: string,
  names: readonly string[],
  ownerRole: string | undefined,
): void {
  const blocked = steps.filter(({ closed }) => closed.length > 0);
  if (blocked.length === 0) return;
  const closed = blocked.flatMap((step) => step.closed);
  const allRoles = [...new Set(closed.map(({ role }) => role))];
  const own = allRoles.filter((role) => names.includes(role)).join(', ');
  if (own !== '') {
    throw new RotationError(
      'PRIVILEGE',
      `${administrator} did not create ${own}, so it cannot change it. Nothing was changed. Have a superuser, or who ` +
        `made it, run: GRANT ${own} TO ${administrator} WITH ADMIN OPTION.`,
    );
  }
  const roles = allRoles.join(', ');
  const statements = blocked.map(({ sql }) => sql).join('; ');
  const isOrdinary = closed.every(({ isSuperuser }) => !isSuperuser);
  const instead = isOrdinary ? `GRANT ${roles} TO ${administrator} WITH ADMIN OPTION. Or do that by hand: ` : '';
  const before = ownerRole === undefined ? '' : `as ${administrator}, ${ownerRole}; then `;
  const remedy = `${instead}${before}as ${isOrdinary ? roles : 'a superuser'}, ${statements}`;
  throw new RotationError(
    'PRIVILEGE',
    `${administrator} cannot SET ROLE to ${roles}, so it cannot transfer the users' objects to the owner role. Nothing was changed. ` +
      `${remedy[0]?.toUpperCase()}${remedy.slice(1)}.`,
  );
}
