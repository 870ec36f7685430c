import { lengthOf } from '../../../rules/databases/names.ts';
import { NAME_LIMIT } from '../../../rules/postgres-rotation.ts';
import { RotationError } from '../../rotation/index.ts';
import type { PostgresSession } from '../postgres-session.ts';
import { type Power, refusePower } from '../power.ts';
import { OWNER, type Turn } from '../turn-of.ts';
import { ROLES } from './roles.ts';

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

/** The users and their owner role, as the server has them. */
export interface UsersAndOwner {
  readonly owner: string;
  /** The server's major version. */
  readonly version: number;
  readonly find: (name: string) => Role | undefined;
  /** Those that are not there. One of the users is missing if, say, a backup was restored from before it was made. */
  readonly missing: readonly string[];
  /** The user to go by, the other one, and the owner role. */
  readonly names: readonly [string, string, string];
}

/** @throws CONFIGURATION for roles that are not this secret's, or have more power than it may hand out */
export async function usersAndOwner(session: PostgresSession, turn: Turn): Promise<UsersAndOwner> {
  const { current, pending, first } = turn;
  const second = first === current ? pending : current;
  const wanted = [first, second, turn.ownerRole ?? null, first + OWNER];
  const roles = await session.run<Role>(ROLES, wanted, 'reading the roles');
  const find = (name: string) => roles.find(({ rolname }) => rolname === name);
  const { owner, version } = checkedRoles(roles, turn);
  return {
    owner,
    version,
    find,
    missing: [owner, first, second].filter((name) => find(name) === undefined),
    names: find(first) === undefined ? [second, first, owner] : [first, second, owner],
  };
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
