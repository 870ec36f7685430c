import { describe, expect, it } from 'vitest';
import { passwordEnvironment, readPasswordEnvironment } from '../../../rules/password/password-environment.ts';
import {
  completePasswordOptions,
  type PasswordOptions,
  passwordAlphabet,
} from '../../../rules/password/password-options.ts';

describe('passwordEnvironment', () => {
  it("writes every option under the name that AWS's templates use", () => {
    expect(passwordEnvironment({ length: 40, excludeNumbers: true })).toEqual({
      PASSWORD_LENGTH: '40',
      EXCLUDE_CHARACTERS: '/@"\'\\',
      EXCLUDE_NUMBERS: 'true',
      EXCLUDE_PUNCTUATION: 'false',
      EXCLUDE_UPPERCASE: 'false',
      EXCLUDE_LOWERCASE: 'false',
      INCLUDE_SPACE: 'false',
      REQUIRE_EACH_INCLUDED_TYPE: 'true',
    });
  });

  it.each(['${', '%{', '$%{}', '{', '$$%%{{', 'a$%{b}c%{d}'])(
    'writes %s so that Terraform finds no template in it, and excludes the same characters',
    (excludeCharacters) => {
      const environment = passwordEnvironment({ excludeCharacters });
      expect(environment.EXCLUDE_CHARACTERS).not.toMatch(/[$%]\{/);
      expect(passwordAlphabet(readPasswordEnvironment(environment))).toEqual(passwordAlphabet({ excludeCharacters }));
    },
  );
});

describe('readPasswordEnvironment', () => {
  it.each<PasswordOptions>([
    {},
    { length: 4096 },
    { excludeCharacters: '' },
    { excludeCharacters: ' :;/@"\'\\' },
    { excludeNumbers: true },
    { excludePunctuation: true },
    { excludeUppercase: true },
    { excludeLowercase: true },
    { includeSpace: true },
    { requireEachIncludedType: false, length: 1 },
  ])('reads back %j', (options) => {
    expect(readPasswordEnvironment(passwordEnvironment(options))).toEqual(completePasswordOptions(options));
  });

  it("falls back on AWS's defaults and leaves other variables alone", () => {
    expect(readPasswordEnvironment({ PATH: '/usr/bin', AWS_REGION: 'us-east-1' })).toEqual(completePasswordOptions({}));
  });

  it.each([
    'EXCLUDE_NUMBERS',
    'EXCLUDE_PUNCTUATION',
    'EXCLUDE_UPPERCASE',
    'EXCLUDE_LOWERCASE',
    'INCLUDE_SPACE',
    'REQUIRE_EACH_INCLUDED_TYPE',
  ])('takes nothing but true and false for %s', (name) => {
    for (const value of ['', 'True', '1', 'yes']) {
      expect(() => readPasswordEnvironment({ [name]: value })).toThrow(`${name} is "${value}": expected true or false`);
    }
  });

  it.each(['', '0', '-1', '32.0', ' 32', '1e3', '032', 'many'])('takes no "%s" for PASSWORD_LENGTH', (value) => {
    expect(() => readPasswordEnvironment({ PASSWORD_LENGTH: value })).toThrow(
      `PASSWORD_LENGTH is "${value}": expected a whole number from 1 to 4096`,
    );
  });

  it('refuses combinations that no password fits', () => {
    expect(() => readPasswordEnvironment({ PASSWORD_LENGTH: '3' })).toThrow('expected 4 or more');
    expect(() => readPasswordEnvironment({ PASSWORD_LENGTH: '4097' })).toThrow('from 1 to 4096');
    expect(() => readPasswordEnvironment({ EXCLUDE_CHARACTERS: '0123456789' })).toThrow('excludeNumbers');
  });
});
