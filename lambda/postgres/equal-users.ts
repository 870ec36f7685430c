import { NAME_BYTES } from '../../rules/postgres-rotation.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { DRIFT, LEFTOVERS, ROLES, SAFE_PATH } from './equal-users-sql.ts';
import type { PostgresSession } from './postgres-session.ts';

/** Two users that take turns. */
export interface AlternatingPair {
  /** Who applications log in as today. */
  readonly current: string;
  /** Whose turn it is next. */
  readonly pending: string;
  /** Who of the two was there first: administrators know that name, and change settings by it. */
  readonly first: string;
  /** The role that is to have what both have; found by its use or its name where it is not given. */
  readonly ownerRole: string | undefined;
}

interface Role {
  readonly rolname: string;
  readonly rolcanlogin: boolean;
  /** Whether it could change anybody's password. */
  readonly powerful: boolean;
  /** Whether the administrator's session has its privileges. */
  readonly joined: boolean;
  /** The owner role's name, whether or not it is there. */
  readonly owner: string;
  /** Whether the administrator is one. */
  readonly isSuperuser: boolean;
}

interface Drift {
  readonly sql: string;
  /** What has to have a value in the session while the statement runs: a setting, as it is stored. */
  readonly setting: string | null;
  readonly value: string | null;
}

/**
 * Makes two users equal, within a transaction that the caller began: all that either owns or was granted becomes the
 * owner role's, both are members of it and their sessions begin in it, and what only a user can have is as the first user
 * has it. Then it looks whether they are. Where nothing has changed since the last rotation, it only looks.
 * @throws CONFIGURATION where they cannot be made equal, or could change each other's password; PRIVILEGE, SERVICE
 */
export async function equalUsers(
  session: PostgresSession,
  pair: AlternatingPair,
  { log }: Pick<RotationContext, 'log'>,
): Promise<void> {
  const { current, pending, first, ownerRole = null } = pair;
  const wanted = [current, pending, ownerRole, `${first}_owner`];
  const roles = await session.run<Role>(ROLES, wanted, 'reading the roles');
  const find = (name: string) => roles.find(({ rolname }) => rolname === name);
  const { owner, isSuperuser } = checkedRoles(roles, current);

  const created = [owner, pending].filter((name) => find(name) === undefined);
  if (created.length > 0) await change(created.map((name) => `CREATE ROLE ${session.name(name)} NOLOGIN`).join('; '));
  // Who hands over what a role owns has to have its privileges, as a superuser always has.
  const strangers = isSuperuser ? [] : [current, pending, owner].filter((name) => find(name)?.joined !== true);
  const strange = strangers.map((name) => session.name(name)).join(', ');
  if (strange !== '') await change(`GRANT ${strange} TO CURRENT_USER`);
  const model = find(first) === undefined ? current : first;
  const names = [model, model === current ? pending : current, owner];
  for (const { sql, setting, value } of await session.run<Drift>(DRIFT, names, 'comparing the users')) {
    if (setting !== null) await session.run('SELECT set_config($1, $2, true)', [setting, value], sql);
    await change(sql);
    if (setting === null) continue;
    await session.run(setting === 'search_path' ? SAFE_PATH : `SET LOCAL ${session.name(setting)} TO DEFAULT`);
  }
  if (strange !== '') await change(`REVOKE ${strange} FROM CURRENT_USER`);

  const leftovers = await session.run<{ what: string }>(LEFTOVERS, names, 'comparing the users again');
  if (leftovers.length === 0) return;
  throw new RotationError(
    'CONFIGURATION',
    `${current} and ${pending} are not equal: ${leftovers.map(({ what }) => what).join('; ')}. Give it to ${owner}, of ` +
      'which both are members, or take it away.',
  );

  async function change(sql: string): Promise<void> {
    await session.run(sql);
    log(sql);
  }
}

/** What all rows tell alike. @throws CONFIGURATION */
function checkedRoles(roles: readonly Role[], current: string): Pick<Role, 'owner' | 'isSuperuser'> {
  const refused = (problem: string) => new RotationError('CONFIGURATION', problem);
  const found = roles.find(({ rolname }) => rolname === current);
  if (found === undefined) throw refused(`There is no user ${current}. Create it first.`);
  const { owner } = found;
  if (Buffer.byteLength(owner) > NAME_BYTES) {
    throw refused(`The role ${owner} would have more than ${NAME_BYTES} bytes. Give ownerRole.`);
  }
  const powerful = roles.find((role) => role.powerful);
  if (powerful !== undefined) {
    throw refused(
      `${powerful.rolname} is a superuser or has CREATEROLE, so one user could change the other's password. Expected users ` +
        "without. Take it away, or rotate with strategy 'single-user'.",
    );
  }
  if (!roles.some(({ rolname, rolcanlogin }) => rolname === owner && rolcanlogin)) return found;
  throw refused(
    `The role ${owner} can log in. Expected one that cannot: ALTER ROLE … NOLOGIN, or give another ownerRole.`,
  );
}
