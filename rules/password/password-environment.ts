import { checkPasswordOptions, completePasswordOptions, type PasswordOptions } from './password-options.ts';

const DEFAULTS = completePasswordOptions({});

/**
 * Password options as environment variables of a rotation function, under the names of AWS's own templates. All of them,
 * so that a reader of the plan need not know the defaults.
 */
export function passwordEnvironment(options: PasswordOptions): Record<string, string> {
  const all = completePasswordOptions(options);
  return {
    PASSWORD_LENGTH: String(all.length),
    EXCLUDE_CHARACTERS: inert(all.excludeCharacters),
    EXCLUDE_NUMBERS: String(all.excludeNumbers),
    EXCLUDE_PUNCTUATION: String(all.excludePunctuation),
    EXCLUDE_UPPERCASE: String(all.excludeUppercase),
    EXCLUDE_LOWERCASE: String(all.excludeLowercase),
    INCLUDE_SPACE: String(all.includeSpace),
    REQUIRE_EACH_INCLUDED_TYPE: String(all.requireEachIncludedType),
  };
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
