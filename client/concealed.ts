import { inspect } from 'node:util';

/** The same promise, which prints without what it resolves to. */
export function concealed<Value>(promise: Promise<Value>): Promise<Value> {
  return Object.defineProperty(promise, inspect.custom, { value: () => 'Promise { <secret> }' });
}
