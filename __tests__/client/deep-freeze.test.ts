import { describe, expect, it } from 'vitest';
import { copyOf, deepFreeze } from '../../client/deep-freeze.ts';

class Key {
  bits = 256;
}

describe('deepFreeze', () => {
  it('freezes objects and arrays at any depth, also those without a prototype', () => {
    const bare = Object.assign(Object.create(null), { list: [{ a: 1 }] });
    const value = { bare, nothing: null, missing: undefined, text: 'a', number: 1 };
    expect(deepFreeze(value)).toBe(true);
    for (const each of [value, bare, bare.list, bare.list[0]]) expect(Object.isFrozen(each)).toBe(true);
  });

  it.each([
    ['bytes', () => new Uint8Array([1])],
    ['a Buffer', () => Buffer.from([1])],
    ['a map', () => new Map([['a', { b: 1 }]])],
    ['a set', () => new Set([{ a: 1 }])],
    ['a date', () => new Date(0)],
  ])('says of %s that it stays mutable, by itself and nested, and copyOf copies it', (_, make) => {
    for (const value of [make(), { a: [make()] }, [make(), 1]]) {
      expect(deepFreeze(value)).toBe(false);
      const copy = copyOf(value);
      expect(copy).toEqual(value);
      expect(copy).not.toBe(value);
    }
    const [inside] = copyOf([make()]);
    expect(inside).toEqual(make());
  });

  it('copies what maps and sets hold', () => {
    const within = { list: [1] };
    const { map, set } = copyOf({ map: new Map([['a', within]]), set: new Set([within]) });
    for (const copy of [map.get('a'), ...set]) {
      expect(copy).toEqual(within);
      expect(copy).not.toBe(within);
    }
  });

  it('copies the memory of bytes, also those of a Buffer', () => {
    for (const bytes of [new Uint8Array([1]), Buffer.from([1])]) {
      copyOf(bytes).fill(9);
      expect([...bytes]).toEqual([1]);
    }
  });

  it('leaves an object of another class as it is', () => {
    const key = new Key();
    expect(deepFreeze({ key })).toBe(true);
    expect(Object.isFrozen(key)).toBe(false);
    expect(copyOf({ key, at: new Date(0) }).key).toBe(key);
  });

  it('ends at an object that holds itself', () => {
    const value: { self?: unknown; list: unknown[] } = { list: [] };
    value.self = value;
    value.list.push(value.list);
    expect(deepFreeze(value)).toBe(true);
    expect(Object.isFrozen(value.list)).toBe(true);
  });
});
