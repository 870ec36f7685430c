import type { StandardSchemaV1 } from '@standard-schema/spec';
import { kindOf } from './kind-of.ts';
import { RotationError, type RotationErrorCode } from './rotation-error.ts';

/**
 * A value as its schema gives it. A schema library's own messages quote the value, so none is passed on: the error has
 * the paths, what was expected and the kind that was found.
 * @param what names the value in the error, such as `AWSPENDING of my-app/db`
 * @throws the given code
 */
export async function checkSchema<Value>(
  schema: StandardSchemaV1<unknown, Value>,
  value: unknown,
  what: string,
  code: RotationErrorCode = 'SECRET_VALUE',
): Promise<Value> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const problems = result.issues.map((issue) => describe(issue, value));
  throw new RotationError(code, `${what} is not as expected: ${problems.join('; ')}.`);
}

function describe(issue: StandardSchemaV1.Issue, value: unknown): string {
  const path = (issue.path ?? []).map((part) => (typeof part === 'object' ? part.key : part));
  const found = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  // Not in the standard, but valibot, zod and arktype all have it, and it comes from the schema alone.
  const expected = (issue as { expected?: unknown }).expected;
  const place = path.length === 0 ? 'the whole value' : `"${path.map(String).join('.')}"`;
  if (found === undefined) return `${place} is missing`;
  return `${place}: expected ${typeof expected === 'string' ? expected : 'another value'}, found ${kindOf(found)}`;
}
