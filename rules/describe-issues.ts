import type { StandardSchemaV1 } from '@standard-schema/spec';
import { kindOf } from './kind-of.ts';

/** `expected` is not in the standard, but valibot, zod and arktype all have it, and it comes from the schema alone. */
type Issue = StandardSchemaV1.Issue & { readonly expected?: string | null };

/**
 * What a schema found in a value: each path, what was expected and the kind that was found. In words of our own, since a
 * schema library's message may quote the value.
 */
export function describeIssues(issues: readonly Issue[], value: unknown): string {
  const problems = issues.map(({ path = [], expected }) => {
    const keys = path.map((part) => (typeof part === 'object' ? part.key : part));
    const found = keys.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
    const place = keys.length > 0 ? `"${keys.map(String).join('.')}"` : 'the whole value';
    if (found === undefined) return `${place} is missing`;
    return `${place}: expected ${expected ?? 'another value'}, found ${kindOf(found)}`;
  });
  return problems.join('; ');
}
