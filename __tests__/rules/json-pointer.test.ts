import { describe, expect, it } from 'vitest';
import { checkField, leadsTo, pathOf, pointerOf, valueAt } from '../../rules/json-pointer.ts';

/** RFC 6901, section 5, but for the pointers that name nothing: the whole document, and a field without a name. */
const DOCUMENT = { foo: ['bar', 'baz'], 'a/b': 1, 'c%d': 2, 'e^f': 3, 'g|h': 4, 'i\\j': 5, 'k"l': 6, ' ': 7, 'm~n': 8 };

describe('A JSON Pointer', () => {
  it.each([
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
  ])('%s finds what the RFC says', (pointer, value) => {
    expect(valueAt(DOCUMENT, pathOf(pointer))).toEqual(value);
    expect(pointerOf(pathOf(pointer))).toBe(pointer);
  });

  it.each(['/foo/2', '/foo/length', '/foo/-', '/toString', '/__proto__', '/foo/0/0', '/a~1b/c'])(
    '%s finds nothing',
    (pointer) => {
      expect(valueAt(DOCUMENT, pathOf(pointer))).toBeUndefined();
    },
  );

  it('reads ~01 as ~1', () => {
    expect(pathOf('/~01')).toEqual(['~1']);
  });

  it.each([
    ['', 'a name has at least one character'],
    ['a b', 'no comma or space'],
    ['a,b', 'no comma or space'],
    ['/', 'a name after each slash'],
    ['/db/', 'a name after each slash'],
    ['/db//x', 'a name after each slash'],
    ['/a~2', '"~" is written as ~0'],
    ['/a~', '"~" is written as ~0'],
  ])('is refused as "%s"', (field, reason) => {
    expect(checkField(field)).toContain(reason);
  });

  it('is a name if it begins with no slash', () => {
    for (const name of ['password', 'db.password', 'a/b', '~']) {
      expect(checkField(name)).toBeUndefined();
      expect(pathOf(name)).toEqual([name]);
    }
  });

  it('leads to itself and what is within', () => {
    expect(leadsTo(['db'], ['db', 'password'])).toBe(true);
    expect(leadsTo(['db'], ['db'])).toBe(true);
    expect(leadsTo(['db', 'password'], ['db'])).toBe(false);
    expect(leadsTo(['d'], ['db'])).toBe(false);
  });
});
