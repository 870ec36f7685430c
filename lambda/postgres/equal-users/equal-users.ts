import { lengthOf } from '../../../rules/databases/names.ts';
import { NAME_LIMIT } from '../../../rules/postgres-rotation.ts';
import { type RotationContext, RotationError } from '../../rotation/index.ts';
import { type PostgresSession, SAFE_PATH } from '../postgres-session.ts';
import { type Power, refusePower } from '../power.ts';
import { OWNER, type Turn } from '../turn-of.ts';
import { drift } from './drift.ts';
import { forbiddenSettings, type SettingStep } from './forbidden-settings.ts';
import { leftovers } from './leftovers.ts';
import { ROLES } from './roles.ts';

/** The SQLSTATE. */
const INSUFFICIENT_PRIVILEGE = '42501';

interface Role {
  readonly rolname: string;
  readonly rolcanlogin: boolean;
  readonly power: Power | null;
  /** Whether one of the users is its member. */
  readonly hasUser: boolean;
  /** Whether it is a member of the first user, or of the owner role. */
  readonly isMember: boolean;
  /** Who else has what it has, but for the administrator and superusers. */
  readonly members: readonly string[];
  /** Of a user: where its sessions look for names without a schema. */
  readonly schemas: readonly string[] | null;
  /** The owner role's name, whether or not it is there. */
  readonly owner: string;
  /** The server's major version. */
  readonly version: number;
}

interface Step {
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
 * Makes two users equal, within a transaction that the caller began: all that either owns or was granted becomes the
 * owner role's, both are members of it and their sessions begin in it, and what only a user can have is as the first user
 * has it. Then it looks whether they are. Where nothing has changed since the last rotation, it only looks.
 * @throws CONFIGURATION where they cannot be made equal, or could change each other's password; PRIVILEGE, SERVICE
 */
export async function equalUsers(
  session: PostgresSession,
  turn: Turn,
  { log }: Pick<RotationContext, 'log'>,
): Promise<void> {
  const { current, pending, first } = turn;
  const second = first === current ? pending : current;
  const wanted = [first, second, turn.ownerRole ?? null, first + OWNER];
  const roles = await session.run<Role>(ROLES, wanted, 'reading the roles');
  const find = (name: string) => roles.find(({ rolname }) => rolname === name);
  const { owner, version } = checkedRoles(roles, turn);

  // One of the users is missing if, say, a backup was restored from before it was made.
  const created = [owner, first, second].filter((name) => find(name) === undefined);
  if (created.length > 0)
    await change(
      created.map((name) => `CREATE ROLE ${session.name(name)} ${name === owner ? 'NOLOGIN' : 'LOGIN'}`).join('; '),
    );
  const names = find(first) === undefined ? [second, first, owner] : [first, second, owner];
  const steps = await session.run<Step>(drift(version), names, 'comparing the users');
  const quoted = session.name(owner);
  const missing = `CREATE ROLE ${quoted} NOLOGIN; GRANT ${quoted} TO ${session.name(current)}`;
  checkIsOpen(steps, session.username, names, find(owner) === undefined ? missing : undefined);
  const forbidden: SettingStep[] = [];
  for (const { actor, sql, setting, value } of steps) {
    if (setting !== null) {
      if (!(await copy({ sql, setting, value }))) forbidden.push({ sql, setting, value });
      continue;
    }
    if (forbidden.length > 0) break;
    await change(actor === null ? sql : `SET LOCAL ROLE ${session.name(actor)}; ${sql}; SET LOCAL ROLE NONE`);
  }
  if (forbidden.length > 0) {
    const [from = '', to = ''] = names;
    const [copied, made] = [session.name(from), session.name(to)];
    const user = created.includes(to) ? `CREATE ROLE ${made} LOGIN; GRANT ${copied} TO ${made}` : undefined;
    throw forbiddenSettings(forbidden, { administrator: session.username, from, to, missing: user, version });
  }

  const schemas = find(current)?.schemas ?? null;
  const found = await session.run<{ what: string; isPath: boolean }>(
    leftovers(version),
    [...names, schemas],
    'comparing the users again',
  );
  const unequal = found.filter(({ isPath }) => !isPath).map(({ what }) => what);
  if (unequal.length > 0) {
    throw new RotationError(
      'CONFIGURATION',
      `${current} and ${pending} are not equal: ${unequal.join('; ')}. Give it to ${owner}, of which both are members, or ` +
        'take it away.',
    );
  }
  if (found.length === 0) return;
  throw new RotationError(
    'CONFIGURATION',
    `${current} finds names without a schema in ${schemas?.join(', ') || 'no schema'}; after the rotation, ` +
      `${found.map(({ what }) => what).join('; ')}. Set the search_path of ${first} to schemas by their names.`,
  );

  async function change(sql: string): Promise<void> {
    await session.run(sql);
    log(sql);
  }

  /** @returns whether the administrator may: only the server knows, since providers let theirs do more */
  async function copy({ sql, setting, value }: SettingStep): Promise<boolean> {
    await session.run('SAVEPOINT setting');
    try {
      if (value !== null) await session.run('SELECT set_config($1, $2, true)', [setting, value], sql);
      await change(sql);
      if (value !== null)
        await session.run(setting === 'search_path' ? SAFE_PATH : `SET LOCAL ${session.name(setting)} TO DEFAULT`);
      return true;
    } catch (error) {
      if (Object(Object(error).cause).code !== INSUFFICIENT_PRIVILEGE) throw error;
      await session.run('ROLLBACK TO SAVEPOINT setting');
      return false;
    }
  }
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
      `${administrator} has not made ${own}, and may not change what it has not made. Nothing was changed. Have a superuser, or who ` +
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
    `${administrator} may not act as ${roles}, and so cannot hand over to the owner role what the users have. Nothing was changed. ` +
      `${remedy[0]?.toUpperCase()}${remedy.slice(1)}.`,
  );
}

const held = ({ members }: Role) => (members.length > 0 ? ` (its members: ${members.join(', ')})` : '');

/**
 * Refuses roles that are not this secret's, or have more power than it may hand out.
 * @returns what all rows say alike
 * @throws CONFIGURATION
 */
function checkedRoles(roles: readonly Role[], turn: Turn): Pick<Role, 'owner' | 'version'> {
  const { current, pending, first, isOwnerDeclared, isSecondDeclared } = turn;
  const refused = (problem: string) => new RotationError('CONFIGURATION', problem);
  const found = roles.find(({ rolname }) => rolname === current || rolname === pending);
  if (found === undefined) throw refused(`There is no user ${current}. Create it first.`);
  const { owner } = found;
  if (lengthOf(owner, NAME_LIMIT) > NAME_LIMIT.most) {
    throw refused(`The role ${owner} would have more than ${NAME_LIMIT.most} ${NAME_LIMIT.unit}. Declare ownerRole.`);
  }
  if (owner === current || owner === pending) {
    throw refused(
      `The owner role is ${owner}, one of the two users. Expected a third role: declare another ownerRole.`,
    );
  }
  for (const { rolname, power } of roles) refusePower(rolname, power);
  const second = roles.find(({ rolname }) => rolname !== first && rolname !== owner);
  if (second !== undefined && !isSecondDeclared && !second.isMember) {
    throw refused(
      `The user ${second.rolname} exists and is not a member of ${first} or ${owner}, so it may be somebody else's${held(second)}. ` +
        `If it is the second user of this secret, declare users: ['${first}', '${second.rolname}']; if not, declare another name.`,
    );
  }
  for (const { rolname, rolcanlogin, members } of roles.filter((each) => each.rolname !== owner)) {
    const [member] = members;
    if (member !== undefined) {
      throw refused(
        `${members.join(', ')} has what ${rolname} has, so it would get what both users have. Expected users without members: ` +
          `REVOKE ${rolname} FROM ${member}, or declare another user.`,
      );
    }
    if (rolcanlogin) continue;
    throw refused(
      `The role ${rolname} exists but cannot log in, so it may be somebody else's. If it is a user of this secret, ` +
        `ALTER ROLE ${rolname} LOGIN; if not, declare another name.`,
    );
  }
  const role = roles.find(({ rolname }) => rolname === owner);
  if (role === undefined) return found;
  if (role.rolcanlogin) {
    throw refused(
      `The role ${owner} can log in. Expected one that cannot: ALTER ROLE … NOLOGIN, or declare another ownerRole.`,
    );
  }
  if (!isOwnerDeclared && !role.hasUser) {
    throw refused(
      `The role ${owner} exists and neither user is a member of it, so it may be somebody else's${held(role)}. If both users ` +
        `may have what it has, declare ownerRole: '${owner}'; if not, declare another one.`,
    );
  }
  const [stranger] = role.members;
  if (stranger === undefined) return found;
  throw refused(
    `${role.members.join(', ')} also has what ${owner} has, so it would get the users' own tables. Expected an owner role without ` +
      `other members: REVOKE ${owner} FROM ${stranger}, or declare another ownerRole.`,
  );
}
