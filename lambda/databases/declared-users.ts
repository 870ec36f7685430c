import { isOfPattern, isPattern, lengthOf, nameFor } from '../../rules/databases/names.ts';
import { RotationError } from '../rotation/index.ts';
import { secretName } from '../rotation/rotation-event.ts';
import type { DatabaseEngine } from './database-engine.ts';

/** Names that are declared, or patterns of them. */
export interface DeclaredNames {
  /** What the names of a shared function's secrets begin with. */
  readonly secretNamePrefix: string;
  /** By the option that declares them, the most important first. */
  readonly names: readonly (readonly [option: string, name: string])[];
}

/**
 * The declared names as they are for one secret, in their order.
 * @throws CONFIGURATION if a name would be too long, or would be another secret's as well
 */
export function namesOfSecret(
  { secretNamePrefix, names }: DeclaredNames,
  secretId: string,
  { nameLimit }: Pick<DatabaseEngine, 'nameLimit'>,
): readonly string[] {
  const name = secretName(secretId);
  if (!name.startsWith(secretNamePrefix) || name === secretNamePrefix) {
    throw refused(
      `The secret "${name}" does not begin with "${secretNamePrefix}". Expected one of the function's own secrets.`,
    );
  }
  const ownName = name.slice(secretNamePrefix.length);
  const expanded = names.map(([, pattern]) => nameFor(pattern, ownName));
  expanded.forEach((each, index) => {
    const [option = '', pattern = ''] = names[index] ?? [];
    if (lengthOf(each, nameLimit) > nameLimit.most) {
      throw refused(
        `${option} gives the name ${each} for the secret "${name}", of more than ${nameLimit.most} ${nameLimit.unit}. Expected a shorter name.`,
      );
    }
    const later = names.slice(index + 1).find(([, other]) => isPattern(other) && isOfPattern(each, other));
    if (isPattern(pattern) && later !== undefined) {
      throw refused(
        `${option} gives the name ${each} for the secret "${name}", which is the name that "${later[1]}" gives for another ` +
          'secret. Expected a secret of another name.',
      );
    }
  });
  return expanded;
}

/**
 * Refuses a user that the declaration does not name: who may write the secret must not get another user's password.
 * @throws CONFIGURATION
 */
export function checkIsDeclared(username: string, users: readonly string[]): void {
  if (users.includes(username)) return;
  throw refused(
    `The secret's username is "${username}": expected ${users.join(' or ')}, as the declaration says. Correct the secret, or ` +
      'declare the user in users.',
  );
}

function refused(message: string): RotationError {
  return new RotationError('CONFIGURATION', message);
}
