/** Freezes plain objects and arrays, and all of them within; anything else, such as bytes, stays as it is. */
export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return;
  Object.freeze(value);
  for (const each of Object.values(value)) deepFreeze(each);
}
