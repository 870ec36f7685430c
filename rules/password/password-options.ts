/** How a password is made, in the words of Secrets Manager's `GetRandomPassword`. */
export interface PasswordOptions {
  /**
   * Characters in the password, 1 to 4096.
   * @default 32
   */
  readonly length?: number;
  /**
   * Printable ASCII characters that the password must not have, in any order.
   * @default `/@"'\`, as AWS's rotation templates
   */
  readonly excludeCharacters?: string;
  /** @default false */
  readonly excludeNumbers?: boolean;
  /**
   * Leaves out `` !"#$%&'()*+,-./:;<=>?@[\]^_`{|}~ ``.
   * @default false
   */
  readonly excludePunctuation?: boolean;
  /** @default false */
  readonly excludeUppercase?: boolean;
  /** @default false */
  readonly excludeLowercase?: boolean;
  /**
   * Adds the space. It is no type of its own: a password may have one, or none.
   * @default false
   */
  readonly includeSpace?: boolean;
  /**
   * Has at least one character of each type (lowercase, uppercase, numbers, punctuation) that is not left out.
   * @default true
   */
  readonly requireEachIncludedType?: boolean;
}

/** The same options with every default written out. */
export function completePasswordOptions({
  length = 32,
  excludeCharacters = '/@"\'\\',
  excludeNumbers = false,
  excludePunctuation = false,
  excludeUppercase = false,
  excludeLowercase = false,
  includeSpace = false,
  requireEachIncludedType = true,
}: PasswordOptions): Required<PasswordOptions> {
  return {
    length,
    excludeCharacters,
    excludeNumbers,
    excludePunctuation,
    excludeUppercase,
    excludeLowercase,
    includeSpace,
    requireEachIncludedType,
  };
}

/** What a password may and must consist of. */
export interface PasswordAlphabet {
  /** Every character that may occur, once. */
  readonly characters: string;
  /** Of each of these at least one must occur. */
  readonly required: readonly string[];
}

const TYPES = [
  ['excludeLowercase', 'abcdefghijklmnopqrstuvwxyz'],
  ['excludeUppercase', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  ['excludeNumbers', '0123456789'],
  ['excludePunctuation', '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'],
] as const;

/** The characters that these options leave. Sensible only for options that `checkPasswordOptions` accepts. */
export function passwordAlphabet(options: PasswordOptions): PasswordAlphabet {
  const all = completePasswordOptions(options);
  const types = includedTypes(all).map(([, characters]) => characters);
  return {
    characters: types.join('') + (all.includeSpace ? ' ' : ''),
    required: all.requireEachIncludedType ? types : [],
  };
}

/** Why no password can be made by these options, and what to change; undefined when one can. */
export function checkPasswordOptions(options: PasswordOptions): string | undefined {
  const all = completePasswordOptions(options);
  const { length, excludeCharacters } = all;
  if (!Number.isInteger(length) || length < 1 || length > 4096) {
    return `Password length is ${length}: expected a whole number from 1 to 4096.`;
  }
  const unknown = /[^ -~]/u.exec(excludeCharacters)?.[0];
  if (unknown !== undefined) {
    const codePoint = unknown.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
    return (
      `excludeCharacters has the character U+${codePoint}, which no password can have: expected printable ASCII. ` +
      'Perhaps it is a typographic form of the one that was meant.'
    );
  }
  if (all.includeSpace && excludeCharacters.includes(' ')) {
    return 'includeSpace is true and excludeCharacters has the space: expected one of them. Leave the other out.';
  }
  const types = includedTypes(all);
  if (types.every(([, characters]) => characters === '')) {
    return (
      'Every character is excluded: expected letters, numbers or punctuation to be left. ' +
      'Leave out one of the exclude options.'
    );
  }
  if (!all.requireEachIncludedType) return undefined;

  const empty = types.find(([, characters]) => characters === '')?.[0];
  if (empty !== undefined) {
    return (
      `requireEachIncludedType is true, but excludeCharacters has every character of a type that is not left out. ` +
      `Set ${empty}: true, or requireEachIncludedType: false.`
    );
  }
  if (length < types.length) {
    return (
      `Password length is ${length}, but requireEachIncludedType asks for one character of each of ${types.length} types: ` +
      `expected ${types.length} or more. Set a greater length, or requireEachIncludedType: false.`
    );
  }
  return undefined;
}

/** The types that are not left out, each with the characters that are not excluded. */
function includedTypes(options: Required<PasswordOptions>): [exclude: string, characters: string][] {
  return TYPES.filter(([exclude]) => !options[exclude]).map(([exclude, characters]) => [
    exclude,
    [...characters].filter((character) => !options.excludeCharacters.includes(character)).join(''),
  ]);
}
