import { checkPasswordOptions, completePasswordOptions, type PasswordOptions } from './password-options.ts';

const DEFAULTS = completePasswordOptions({});

/** The environment variable of each option, under the names of AWS's own templates. */
export const PASSWORD_VARIABLES = {
  length: 'PASSWORD_LENGTH',
  excludeCharacters: 'EXCLUDE_CHARACTERS',
  excludeNumbers: 'EXCLUDE_NUMBERS',
  excludePunctuation: 'EXCLUDE_PUNCTUATION',
  excludeUppercase: 'EXCLUDE_UPPERCASE',
  excludeLowercase: 'EXCLUDE_LOWERCASE',
  includeSpace: 'INCLUDE_SPACE',
  requireEachIncludedType: 'REQUIRE_EACH_INCLUDED_TYPE',
} as const satisfies Record<keyof PasswordOptions, string>;

/**
 * Password options as environment variables of a rotation function. All of them, so that a reader of the plan need not know
 * the defaults.
 */
export function passwordEnvironment(options: PasswordOptions): Record<string, string> {
  const all = completePasswordOptions(options);
  const written = { ...all, excludeCharacters: inert(all.excludeCharacters) };
  const variables = Object.entries(PASSWORD_VARIABLES) as [keyof PasswordOptions, string][];
  return Object.fromEntries(variables.map(([option, variable]) => [variable, String(written[option])]));
}

/**
 * Password options from environment variables; AWS's defaults for those that are not set.
 *
 * @throws RangeError naming the variable, or the combination, that is wrong and what was expected.
 */
export function readPasswordEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Required<PasswordOptions> {
  const flag = (name: string, byDefault: boolean): boolean => {
    const value = environment[name] ?? String(byDefault);
    if (value !== 'true' && value !== 'false') {
      throw new RangeError(`${name} is "${value}": expected true or false. Correct the function's environment.`);
    }
    return value === 'true';
  };
  const length = environment.PASSWORD_LENGTH ?? String(DEFAULTS.length);
  if (!/^[1-9]\d{0,3}$/.test(length)) {
    throw new RangeError(
      `PASSWORD_LENGTH is "${length}": expected a whole number from 1 to 4096. Correct the function's environment.`,
    );
  }
  const options = {
    length: Number(length),
    excludeCharacters: environment.EXCLUDE_CHARACTERS ?? DEFAULTS.excludeCharacters,
    excludeNumbers: flag('EXCLUDE_NUMBERS', DEFAULTS.excludeNumbers),
    excludePunctuation: flag('EXCLUDE_PUNCTUATION', DEFAULTS.excludePunctuation),
    excludeUppercase: flag('EXCLUDE_UPPERCASE', DEFAULTS.excludeUppercase),
    excludeLowercase: flag('EXCLUDE_LOWERCASE', DEFAULTS.excludeLowercase),
    includeSpace: flag('INCLUDE_SPACE', DEFAULTS.includeSpace),
    requireEachIncludedType: flag('REQUIRE_EACH_INCLUDED_TYPE', DEFAULTS.requireEachIncludedType),
  };
  const reason = checkPasswordOptions(options);
  if (reason !== undefined) throw new RangeError(`The function's password variables make no password. ${reason}`);
  return options;
}

/** The same characters, each once and `{` first: after `$` or `%` Terraform would read it as the start of a template. */
function inert(characters: string): string {
  return [...new Set(characters.includes('{') ? `{${characters}` : characters)].join('');
}
