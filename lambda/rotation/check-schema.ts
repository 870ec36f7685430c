import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describeIssues } from '../../rules/describe-issues.ts';
import { valueAt } from '../../rules/json-pointer.ts';
import { RotationError, type RotationErrorCode } from './rotation-error.ts';

/**
 * Returns a value as its schema gives it. The messages of schema libraries quote values, so none is passed on: the error
 * has the paths, what was expected and the kind of value that was found.
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
  throw new RotationError(code, `${what} is not as expected: ${describeIssues(result.issues, value)}.`);
}

/** The paths of what the schema misses in a value, with dots. */
export async function missingFields(schema: StandardSchemaV1, value: unknown): Promise<readonly string[]> {
  const { issues = [] } = await schema['~standard'].validate(value);
  const paths = issues.map(({ path = [] }) => path.map((part) => String(typeof part === 'object' ? part.key : part)));
  return paths.filter((path) => path.length > 0 && valueAt(value, path) === undefined).map((path) => path.join('.'));
}
