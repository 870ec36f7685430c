import { randomBytes, randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { generatePassword, isPasswordOf } from '../../../rules/password/password.ts';
import {
  checkPasswordOptions,
  type PasswordOptions,
  passwordAlphabet,
} from '../../../rules/password/password-options.ts';
import { seededRandom } from '../seeded-random.ts';

/** Pearson's statistic against a uniform distribution over `outcomes`. */
function chiSquare(samples: Iterable<string>, outcomes: number): number {
  const counts = new Map<string, number>();
  let total = 0;
  for (const sample of samples) {
    counts.set(sample, (counts.get(sample) ?? 0) + 1);
    total++;
  }
  const expected = total / outcomes;
  const missing = (outcomes - counts.size) * expected;
  return [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, missing);
}

function* repeat<T>(times: number, make: () => Iterable<T>): Generator<T> {
  for (let time = 0; time < times; time++) yield* make();
}

describe('generatePassword', () => {
  it('makes 32 characters with every type, without those that AWS excludes', () => {
    const password = generatePassword();
    expect(password).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[^0-9A-Za-z])[!-~]{32}$/);
    expect(password).not.toMatch(/[/@"'\\]/);
  });

  it('never makes the same password twice', () => {
    expect(new Set(Array.from({ length: 1000 }, () => generatePassword())).size).toBe(1000);
  });

  it('matches any accepted options', () => {
    const random = seededRandom(11);
    const maybe = () => random() < 0.3;
    let made = 0;
    while (made < 500) {
      const options: PasswordOptions = {
        length: 1 + Math.floor(random() * 40),
        excludeCharacters: String.fromCharCode(
          ...Array.from({ length: 40 * random() }, () => 33 + Math.floor(random() * 94)),
        ),
        excludeNumbers: maybe(),
        excludePunctuation: maybe(),
        excludeUppercase: maybe(),
        excludeLowercase: maybe(),
        includeSpace: maybe(),
        requireEachIncludedType: !maybe(),
      };
      if (checkPasswordOptions(options) !== undefined) continue;
      made++;
      const password = generatePassword(options);
      const types = [
        [options.excludeLowercase, /[a-z]/],
        [options.excludeUppercase, /[A-Z]/],
        [options.excludeNumbers, /[0-9]/],
        [options.excludePunctuation, /[!-/:-@[-`{-~]/],
      ] as const;
      expect(password).toHaveLength(options.length ?? 0);
      for (const [excluded, type] of types) {
        if (excluded) expect(password).not.toMatch(type);
        else if (options.requireEachIncludedType) expect(password).toMatch(type);
      }
      expect(password).not.toMatch(options.includeSpace ? /[^ -~]/ : /[^!-~]/);
      expect([...password].filter((character) => options.excludeCharacters?.includes(character))).toEqual([]);
      expect(isPasswordOf(options, password)).toBe(true);
    }
  });

  it('makes 4,096 characters, or one', () => {
    expect(generatePassword({ length: 4096 })).toHaveLength(4096);
    expect(generatePassword({ length: 1, requireEachIncludedType: false })).toHaveLength(1);
  });

  it('finds the rare password if four types share four characters', () => {
    const excludeCharacters = 'bcdefghijklmnopqrstuvwxyzBCDEFGHIJKLMNOPQRSTUVWXYZ123456789';
    expect(generatePassword({ length: 4, excludeCharacters, includeSpace: true })).toMatch(
      /^(?=.*a)(?=.*A)(?=.*0)(?=.*[!-/:-@[-`{-~])[^ ]{4}$/,
    );
  });

  it('has spaces with includeSpace only', () => {
    expect(generatePassword({ length: 4096, includeSpace: true })).toContain(' ');
    expect(generatePassword({ length: 4096 })).not.toContain(' ');
  });

  it('refuses impossible options with their reason', () => {
    expect(() => generatePassword({ length: 3 })).toThrow(RangeError);
    expect(() => generatePassword({ length: 3 })).toThrow('expected 4 or more');
  });

  it('uses every character equally often; a byte modulo the alphabet would not', () => {
    const { characters } = passwordAlphabet({});
    const bound = 250; // 88 degrees of freedom: a fair source passes it less than once in 10^15 runs.
    const options = { length: 4000, requireEachIncludedType: false };
    const modulo = () => Array.from(randomBytes(4000), (byte) => characters[byte % characters.length] ?? '');

    expect(
      chiSquare(
        repeat(50, () => generatePassword(options)),
        characters.length,
      ),
    ).toBeLessThan(bound);
    expect(chiSquare(repeat(50, modulo), characters.length)).toBeGreaterThan(bound);
  });

  it('makes every password with the required types equally often; adding the types afterwards would not', () => {
    const excludeCharacters = '23456789bcdefghijklmnopqrstuvwxyz';
    const options = { length: 4, excludeCharacters, excludeUppercase: true, excludePunctuation: true };
    const outcomes = 64; // Of the 81 words over 0, 1 and a, without the one of a alone and the 16 without any.
    const bound = 220; // 63 degrees of freedom.
    const repaired = () => {
      const password = ['a', '01'[randomInt(2)], '01a'[randomInt(3)], '01a'[randomInt(3)]];
      for (let last = password.length - 1; last > 0; last--) {
        const other = randomInt(last + 1);
        [password[last], password[other]] = [password[other], password[last]];
      }
      return [password.join('')];
    };

    expect(
      chiSquare(
        repeat(32_000, () => [generatePassword(options)]),
        outcomes,
      ),
    ).toBeLessThan(bound);
    expect(chiSquare(repeat(32_000, repaired), outcomes)).toBeGreaterThan(bound);
  });
});

describe('isPasswordOf', () => {
  const options = { length: 5, excludePunctuation: true, excludeCharacters: 'x' };

  it.each([
    ['aB3cd', true, 'fits'],
    ['aB3c', false, 'is too short'],
    ['aB3cde', false, 'is too long'],
    ['aB3cx', false, 'has an excluded character'],
    ['aB3c!', false, 'has an excluded type'],
    ['aBccd', false, 'lacks a required type'],
    ['aB3cé', false, 'has a character that no password has'],
    ['', false, 'is empty'],
  ])('%s: %s, because it %s', (value, expected) => {
    expect(isPasswordOf(options, value)).toBe(expected);
  });
});

it('adds less than four kilobytes to the archive of a function, and no schedule', async () => {
  const { outputFiles, metafile } = await build({
    stdin: {
      contents: `
        export { generatePassword, isPasswordOf } from './rules/password/password.ts';
        export { readPasswordEnvironment } from './rules/password/password-environment.ts';`,
      resolveDir: fileURLToPath(new URL('../../..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  });
  expect(outputFiles[0]?.contents.byteLength).toBeLessThan(4096);
  expect(
    Object.keys(metafile.inputs)
      .filter((input) => input !== '<stdin>')
      .sort(),
  ).toEqual([
    'rules/password/password-environment.ts',
    'rules/password/password-options.ts',
    'rules/password/password.ts',
  ]);
});
