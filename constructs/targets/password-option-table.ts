import type { PasswordOptions } from '../../rules/password/password-options.ts';
import type { OptionTable } from '../checks/check-options.ts';

/** The options of every rotation that makes a password. */
export const passwordOptionTable: OptionTable<PasswordOptions> = {
  length: 'optional',
  excludeCharacters: 'optional',
  excludeNumbers: 'optional',
  excludePunctuation: 'optional',
  excludeUppercase: 'optional',
  excludeLowercase: 'optional',
  includeSpace: 'optional',
  requireEachIncludedType: 'optional',
};
