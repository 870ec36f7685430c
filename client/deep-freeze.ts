const ITERABLE = [Map, Set] as (new (from: unknown) => object)[];
const MUTABLE = [Uint8Array, Date, ...ITERABLE];

/**
 * Freezes plain objects and arrays, and all of them within.
 *
 * @returns whether that protects all of it: bytes, maps, sets and dates cannot be frozen, so whoever asks gets a copy (`copyOf`).
 * Objects of other classes, such as a key that a schema made, stay as they are.
 */
export function deepFreeze(value: unknown, seen = new Set<unknown>()): boolean {
  if (MUTABLE.some((each) => value instanceof each)) return false;
  if (!isPlain(value) || seen.has(value)) return true;
  seen.add(value);
  Object.freeze(value);
  return Object.values(value)
    .map((each) => deepFreeze(each, seen))
    .every(Boolean);
}

/** A copy of all that `deepFreeze` looks into. */
export function copyOf<Value>(value: Value): Value;
export function copyOf(value: unknown): unknown {
  // A Buffer's own slice shares its memory.
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  if (value instanceof Date) return new Date(value);
  for (const Kind of ITERABLE) if (value instanceof Kind) return new Kind(copyOf([...(value as Set<unknown>)]));
  if (Array.isArray(value)) return value.map((each) => copyOf(each));
  return isPlain(value) ? Object.fromEntries(copyOf(Object.entries(value))) : value;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
