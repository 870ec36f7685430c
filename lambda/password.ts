import { pathOf } from '../rules/json-pointer.ts';
import { generatePassword } from '../rules/password/password.ts';
import { readPasswordRotationEnvironment } from '../rules/password/password-rotation.ts';
import {
  type CheckContext,
  type Environment,
  plainString,
  type RotationStrategy,
  rotationHandler,
  stringFields,
} from './rotation/index.ts';
import { changeOf } from './rotation/nested-change.ts';
import { readEnvironment } from './rotation/read-environment.ts';
import { secretName } from './rotation/rotation-event.ts';
import { stringsAt } from './rotation/string-fields.ts';

/**
 * Generates a password, or several, that nothing but the secret's readers have to learn: there is no target to set. What
 * testSecret can prove is in the schema: the passwords are there and not empty.
 */
function passwordStrategy(environment: Environment): RotationStrategy<unknown, unknown> {
  const { format, fields, ...options } = readEnvironment(readPasswordRotationEnvironment, environment);
  if (format === 'text') {
    return {
      format,
      current: plainString,
      pending: plainString,
      create: async () => generatePassword(options),
      test: async () => {},
      check,
    };
  }
  return {
    current: stringFields(),
    pending: stringsAt(fields.map(pathOf)),
    async create(current, { secretId }) {
      const passwords = Object.fromEntries(fields.map((field) => [field, generatePassword(options)]));
      return changeOf(current ?? {}, passwords, `The secret ${secretName(secretId)}`);
    },
    test: async () => {},
    check,
  };
}

/** Nothing has to accept the password but its readers. */
async function check(_current: unknown, { look, newValue }: CheckContext<unknown>): Promise<void> {
  await look('A new password', newValue);
}

export const handler = rotationHandler(passwordStrategy);
