import type { StandardSchemaV1 } from '@standard-schema/spec';

/** What a schema found, in words of our own: a library's message may quote the value. */
export function describeIssue(issue: StandardSchemaV1.Issue, value: unknown): string {
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  const found = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  // Not in the standard, but valibot, zod and arktype all have it, and it comes from the schema alone.
  const expected = (issue as { expected?: unknown }).expected;
  const place = path.length === 0 ? 'the whole value' : `"${path.map(String).join('.')}"`;
  if (found === undefined) return `${place} is missing`;
  return `${place}: expected ${typeof expected === 'string' ? expected : 'another value'}, found ${kindOf(found)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === '') return 'an empty string';
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Uint8Array) return 'bytes';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
