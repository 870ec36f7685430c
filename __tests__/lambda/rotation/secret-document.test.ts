import { describe, expect, it } from 'vitest';
import { changeOf } from '../../../lambda/rotation/nested-change.ts';
import { changeDocument, readDocument } from '../../../lambda/rotation/secret-document.ts';

describe('changeDocument', () => {
  it('leaves what is there twice as it is, unless it is an object', () => {
    const change = changeOf({ db: { password: 'old' } }, { '/db/password': 'new' }, 'it');
    expect(changeDocument('{"db":1,"db":[2],"db":{"password":"old"}}', change)).toBe(
      '{"db":1,"db":[2],"db":{"password":"new"}}',
    );
  });

  it('replaces a field and leaves every other byte as it was', () => {
    const stored = '{ "username" : "user1",\n\t"password":"old", "account": 12345678901234567890, "ratio": 1.0 }';
    expect(changeDocument(stored, { password: 'new' })).toBe(stored.replace('"old"', '"new"'));
  });

  it('adds a missing field', () => {
    expect(changeDocument('{"username":"user1"}', { password: 'new' })).toBe('{"username":"user1","password":"new"}');
    expect(changeDocument('{ }', { password: 'new' })).toBe('{ "password":"new"}');
    expect(changeDocument(undefined, { password: 'new' })).toBe('{"password":"new"}');
  });

  it.each([
    [
      'a nested field of the same name',
      '{"db":{"password":"x"},"password":"old"}',
      '{"db":{"password":"x"},"password":"new"}',
    ],
    ['braces and commas in strings', '{"a":"},{\\"","password":"old"}', '{"a":"},{\\"","password":"new"}'],
    ['a key written with escapes', '{"p\\u0061ssword":"old"}', '{"p\\u0061ssword":"new"}'],
    ['an object in its place', '{"password":{"old":[1,{}]},"b":2}', '{"password":"new","b":2}'],
    ['an array in its place, at the end', '{"b":2,"password":["old",{"c":3}]}', '{"b":2,"password":"new"}'],
    ['a number in its place', '{"password":-1.5e+3}', '{"password":"new"}'],
    ['an empty string in its place', '{"password":""}', '{"password":"new"}'],
    ['a key that every object has', '{"toString":1,"password":"old"}', '{"toString":1,"password":"new"}'],
    ['a key with a colon', '{"a:b":1,"password":null}', '{"a:b":1,"password":"new"}'],
    ['the same key twice', '{"password":1,"password":2}', '{"password":"new","password":"new"}'],
    ['values that look like the field', '{"x":"password","password":"x"}', '{"x":"password","password":"new"}'],
  ])('finds the field next to %s', (_what, stored, changed) => {
    expect(changeDocument(stored, { password: 'new' })).toBe(changed);
  });

  it('agrees with JSON.parse on documents of every shape', () => {
    const values = [
      '"s"',
      '""',
      '0',
      '-1e9',
      'true',
      'null',
      '[]',
      '{}',
      '[{"a":[1,"]"]}]',
      '{"k":{"j":"}"}}',
      '"\\\\"',
      '"\\""',
    ];
    for (const before of values) {
      for (const old of values) {
        for (const after of values) {
          const stored = `{"a":${before},"it": ${old} ,"z":${after}}`;
          const changed = JSON.parse(changeDocument(stored, { it: { new: [1] }, more: 'm' }));
          expect(changed).toEqual({ ...JSON.parse(stored), it: { new: [1] }, more: 'm' });
        }
      }
    }
  });

  it('replaces the whole string if the secret is plain text', () => {
    expect(changeDocument('old', 'new')).toBe('new');
  });

  it('leaves a field alone if its new value is undefined', () => {
    expect(changeDocument('{"a":1}', { a: undefined, b: undefined })).toBe('{"a":1}');
  });

  it('refuses a document over 65,536 bytes, and says how large it is', () => {
    expect(() => changeDocument('{}', { password: 'x'.repeat(65_536) })).toThrow(/65551 bytes.*at most 65536/);
    expect(changeDocument('{}', { password: 'x'.repeat(65_536 - 15) })).toHaveLength(65_536);
  });
});

describe('readDocument', () => {
  it.each([
    ['hunter2', 'not JSON'],
    ['"hunter2"', 'JSON, but a string'],
    ['["hunter2"]', 'JSON, but an array'],
    ['null', 'JSON, but null'],
  ])('refuses %s without quoting it', (stored, found) => {
    const read = () => readDocument('json', stored, 'AWSCURRENT of my-app/db');
    expect(read).toThrow(`AWSCURRENT of my-app/db is ${found}; expected a JSON object`);
    expect(read).not.toThrow(/hunter2/);
  });

  it('returns plain text as it is, even if it looks like JSON', () => {
    expect(readDocument('text', '{"a":1}', '')).toBe('{"a":1}');
  });
});
