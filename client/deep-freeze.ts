/**
 * Freezes plain objects and arrays, and all of them within.
 *
 * @returns whether that protects all of it: bytes, maps, sets and dates cannot be frozen, so whoever asks gets a copy (`copyOf`).
 * Objects of other classes, such as a key that a schema made, stay as they are.
 */
export function deepFreeze(value: unknown, seen = new Set<unknown>()): boolean {
  if (typeof value !== 'object' || value === null || seen.has(value)) return true;
  seen.add(value);
  if (isMutable(value)) return false;
  if (!isPlain(value)) return true;
  Object.freeze(value);
  return Object.values(value)
    .map((each) => deepFreeze(each, seen))
    .every(Boolean);
}

/** A copy of all that `deepFreeze` looks into. */
export function copyOf(value: unknown): unknown {
  // A Buffer's own slice shares its memory.
  if (value instanceof Uint8Array) return Uint8Array.prototype.slice.call(value);
  if (value instanceof Date) return new Date(value);
  if (value instanceof Map) return new Map([...value].map((entry) => copyOf(entry) as [unknown, unknown]));
  if (value instanceof Set) return new Set([...value].map(copyOf));
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map((entry) => copyOf(entry) as [string, unknown]));
}

function isMutable(value: object): boolean {
  return value instanceof Uint8Array || value instanceof Map || value instanceof Set || value instanceof Date;
}

function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return Array.isArray(value) || prototype === Object.prototype || prototype === null;
}
