import { generatePassword } from '../../rules/password/password.ts';
import type { PasswordOptions } from '../../rules/password/password-options.ts';
import { RotationError } from '../rotation/index.ts';
import { renewedCopies } from './copies-of-login.ts';
import type { DatabaseSecret } from './database-secret.ts';
import { checkIsDeclared } from './declared-users.ts';

type Stored = DatabaseSecret<string | undefined>;

/** Two users that take turns. */
export interface Turn {
  /** Who applications log in as today. */
  readonly current: string;
  /** Whose turn it is next. */
  readonly pending: string;
}

/**
 * Whose turn it is. The declaration names both users; the secret only says which of them is current.
 * @throws CONFIGURATION if the secret names another user
 */
export function nextTurn(
  { username, alternateusername }: Pick<Stored, 'username' | 'alternateusername'>,
  [first, second]: readonly [string, string],
): Turn {
  checkIsDeclared(username, [first, second]);
  const pending = username === first ? second : first;
  if (alternateusername !== undefined && alternateusername !== pending) {
    throw new RotationError(
      'CONFIGURATION',
      `The secret's alternateusername is "${alternateusername}": expected ${pending}, as the declaration says. Correct the ` +
        'secret, or declare both users in users.',
    );
  }
  return { current: username, pending };
}

/**
 * What changes in a secret whose users take turns: the user, its password, and the copies of both.
 * @throws SECRET_VALUE, CONFIGURATION
 */
export function turnedLogin(
  current: Stored | undefined,
  turnOf: (current: Stored) => Turn,
  options: Required<PasswordOptions> & { readonly urlFields: readonly string[] },
): Partial<DatabaseSecret> {
  if (current === undefined) {
    throw new RotationError('SECRET_VALUE', 'The secret has no value. Store host and username to begin with.');
  }
  const renewed = { username: turnOf(current).pending, password: generatePassword(options) };
  return {
    ...renewed,
    ...(current.alternateusername !== undefined && { alternateusername: current.username }),
    ...renewedCopies({ ...current }, current, options.urlFields, renewed),
  };
}
