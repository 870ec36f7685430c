import { checkPasswordOptions } from '../../rules/password/password-options.ts';
import {
  checkPasswordFields,
  type PasswordRotationOptions,
  passwordFields,
  passwordRotationEnvironment,
} from '../../rules/password/password-rotation.ts';
import { checkFormat } from '../checks/check-format.ts';
import { checkOptions, known } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import { passwordOptionTable } from './password-option-table.ts';
import { knownPasswordOptions, passwordReferences } from './password-references.ts';
import type { RotationNeeds } from './rotation-needs.ts';

/**
 * What the rotation of a password needs.
 * @throws PASSWORD_OPTIONS, OPTIONS
 */
export function passwordNeeds(options: PasswordRotationOptions): RotationNeeds {
  checkOptions('Rotation.password', options, {
    ...passwordOptionTable,
    field: known('optional', 'it decides what the first version may hold'),
    format: known('optional', 'it decides what the first version looks like'),
  });
  checkFormat(options.format);
  const checked = knownPasswordOptions(options);
  const reason = checkPasswordFields(options) ?? checkPasswordOptions(checked);
  if (reason !== undefined) throw new ConstructError('PASSWORD_OPTIONS', `Rotation.password: ${reason}`);
  return {
    code: builtInCode('password'),
    environment: { ...passwordRotationEnvironment(checked), ...passwordReferences(options) },
    statements: [],
    format: options.format ?? 'json',
    generatedFields: passwordFields(options),
    readsEarlierVersions: false,
  };
}
