import { describe, expect, it } from 'vitest';
import {
  checkPasswordOptions,
  completePasswordOptions,
  passwordAlphabet,
} from '../../../rules/password/password-options.ts';

const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

describe('passwordAlphabet', () => {
  it("has all of AWS's characters and no other", () => {
    const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const { characters } = passwordAlphabet({ excludeCharacters: '', includeSpace: true });
    expect([...characters].sort()).toEqual(printable);
  });

  it("leaves out by default what AWS's templates leave out", () => {
    const { characters, required } = passwordAlphabet({});
    expect(characters).toHaveLength(94 - 5);
    expect(characters).not.toMatch(/[/@"'\\ ]/);
    expect(required).toHaveLength(4);
  });

  it.each([
    ['excludeNumbers', /[0-9]/],
    ['excludeUppercase', /[A-Z]/],
    ['excludeLowercase', /[a-z]/],
    ['excludePunctuation', /[^0-9A-Za-z]/],
  ] as const)('has no character of the type with %s, and does not require it', (option, type) => {
    expect(passwordAlphabet({}).characters).toMatch(type);
    const { characters, required } = passwordAlphabet({ [option]: true });
    expect(characters).not.toMatch(type);
    expect(required).toHaveLength(3);
  });

  it('requires nothing without requireEachIncludedType', () => {
    expect(passwordAlphabet({ requireEachIncludedType: false }).required).toEqual([]);
  });
});

describe('checkPasswordOptions', () => {
  it('accepts the defaults, written or not', () => {
    expect(checkPasswordOptions({})).toBeUndefined();
    expect(checkPasswordOptions(completePasswordOptions({}))).toBeUndefined();
    expect(checkPasswordOptions({ length: undefined, excludeCharacters: undefined })).toBeUndefined();
  });

  it.each([0, 4097, -1, 1.5, Number.NaN])('refuses the length %s', (length) => {
    expect(checkPasswordOptions({ length, requireEachIncludedType: false })).toBe(
      `Password length is ${length}: expected a whole number from 1 to 4096.`,
    );
  });

  it('accepts the lengths 1 and 4096', () => {
    expect(checkPasswordOptions({ length: 1, requireEachIncludedType: false })).toBeUndefined();
    expect(checkPasswordOptions({ length: 4096 })).toBeUndefined();
  });

  it('refuses a length without room for every required type', () => {
    expect(checkPasswordOptions({ length: 3 })).toContain('each of 4 types: expected 4 or more');
    expect(checkPasswordOptions({ length: 4 })).toBeUndefined();
    expect(checkPasswordOptions({ length: 3, excludePunctuation: true })).toBeUndefined();
    expect(checkPasswordOptions({ length: 3, requireEachIncludedType: false })).toBeUndefined();
  });

  it('refuses a required type if all of its characters are excluded, and names the option to set', () => {
    expect(checkPasswordOptions({ excludeCharacters: '0123456789' })).toContain('Set excludeNumbers: true');
    expect(checkPasswordOptions({ excludeCharacters: PUNCTUATION })).toContain('Set excludePunctuation: true');
    expect(checkPasswordOptions({ excludeCharacters: '0123456789', excludeNumbers: true })).toBeUndefined();
    expect(checkPasswordOptions({ excludeCharacters: '0123456789', requireEachIncludedType: false })).toBeUndefined();
    expect(checkPasswordOptions({ excludeCharacters: '012345678' })).toBeUndefined();
  });

  it('refuses to leave no character, or only the space', () => {
    const none = { excludeNumbers: true, excludePunctuation: true, excludeUppercase: true, excludeLowercase: true };
    expect(checkPasswordOptions(none)).toMatch(/^Every character is excluded/);
    expect(checkPasswordOptions({ ...none, includeSpace: true })).toMatch(/^Every character is excluded/);
    expect(
      checkPasswordOptions({
        ...none,
        excludeNumbers: false,
        excludeCharacters: '0123456789',
        requireEachIncludedType: false,
      }),
    ).toMatch(/^Every character is excluded/);
  });

  it('refuses a space that is both included and excluded', () => {
    expect(checkPasswordOptions({ includeSpace: true, excludeCharacters: ' ' })).toContain('Leave the other out');
    expect(checkPasswordOptions({ excludeCharacters: ' ' })).toBeUndefined();
  });

  it('refuses to exclude what no password has, such as a typographic quote for a plain one', () => {
    expect(checkPasswordOptions({ excludeCharacters: '/@’' })).toContain('U+2019');
    expect(checkPasswordOptions({ excludeCharacters: 'a\n' })).toContain('U+000A');
    expect(checkPasswordOptions({ excludeCharacters: '\u{1F511}' })).toContain('U+1F511');
  });
});
