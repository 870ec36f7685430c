import { isPattern } from '../../rules/databases/names.ts';
import type { PostgresEnvironment } from '../../rules/postgres-rotation.ts';
import type { DatabaseSecret } from '../databases/database-secret.ts';
import { checkIsDeclared, namesOfSecret } from '../databases/declared-users.ts';
import { RotationError } from '../rotation/index.ts';
import { POSTGRES } from './postgres-engine.ts';

const SECOND = '_clone';
export const OWNER = '_owner';

/** Two users that take turns. */
export interface Turn {
  /** Who applications log in as today. */
  readonly current: string;
  /** Whose turn it is next. */
  readonly pending: string;
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
  { username, alternateusername }: Pick<DatabaseSecret<unknown>, 'username' | 'alternateusername'>,
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
  checkIsDeclared(username, [first, second]);
  const pending = username === first ? second : first;
  if (alternateusername !== undefined && alternateusername !== pending) {
    throw new RotationError(
      'CONFIGURATION',
      `The secret's alternateusername is "${alternateusername}": expected ${pending}, as the declaration says. Correct the ` +
        'secret, or declare both users in users.',
    );
  }
  return {
    current: username,
    pending,
    first,
    isSecondDeclared: users.length > 1,
    ownerRole: owner,
    isOwnerDeclared: ownerRole !== undefined,
  };
}
