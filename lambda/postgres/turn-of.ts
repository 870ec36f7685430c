import { isPattern } from '../../rules/databases/names.ts';
import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { namesOfSecret } from '../databases/declared-users.ts';
import { nextTurn, type Turn as UsersTurn } from '../databases/turn.ts';
import { POSTGRES } from './postgres-engine.ts';

const SECOND = '_clone';
export const OWNER = '_owner';

/** Two users that take turns, and the role that owns what they make. */
export interface Turn extends UsersTurn {
  /** Who of the two was there first: administrators know that name, and change settings by it. */
  readonly first: string;
  /** Whether the second user's name is declared, and not only what comes of the first one's. */
  readonly isSecondDeclared: boolean;
  /** The role that has what both have, as declared or by the pattern; undefined if it is found by its use, or by its name. */
  readonly ownerRole: string | undefined;
  /** Whether that role is declared, and not only what comes of the first user's name. */
  readonly isOwnerDeclared: boolean;
}

/**
 * Whose turn it is. The declaration names both users; the secret only says which of them is current.
 * @throws CONFIGURATION if the secret names another user
 */
export function turnOf(
  secret: Pick<DatabaseSecret<unknown>, 'username' | 'alternateusername'>,
  { users, ownerRole, secretNamePrefix }: Pick<PostgresEnvironment, 'users' | 'ownerRole' | 'secretNamePrefix'>,
  secretId: string,
): Turn {
  const [firstPattern = '', secondPattern = firstPattern + SECOND] = users;
  const ownerPattern = ownerRole ?? (isPattern(firstPattern) ? firstPattern + OWNER : undefined);
  const names = [
    ['users', firstPattern] as const,
    ['users', secondPattern] as const,
    ...(ownerPattern === undefined ? [] : [['ownerRole', ownerPattern] as const]),
  ];
  const [first = '', second = '', owner] = namesOfSecret({ secretNamePrefix, names }, secretId, POSTGRES);
  return {
    ...nextTurn(secret, [first, second]),
    first,
    isSecondDeclared: users.length > 1,
    ownerRole: owner,
    isOwnerDeclared: ownerRole !== undefined,
  };
}
