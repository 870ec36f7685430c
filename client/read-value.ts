import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describeIssues } from '../rules/describe-issues.ts';
import { deepFreeze } from './deep-freeze.ts';
import { SecretReadError } from './secret-read-error.ts';

/** What a secret holds before a schema has seen it: a JSON object, or any other text, or bytes. */
export type SecretContent = Readonly<Record<string, unknown>> | string | Uint8Array;

export interface ValueOptions<Value> {
  readonly schema: StandardSchemaV1<unknown, Value> | undefined;
  readonly expiresAt: ((value: Value) => Date | undefined) | undefined;
}

/** A version's value, frozen, and when it expires: milliseconds since 1970, or Infinity. */
export interface ReadValue<Value> {
  readonly value: Value;
  readonly expiresMs: number;
}

/**
 * What the stored text or bytes mean.
 *
 * @param what names the version in an error, such as `AWSCURRENT of my-app/db`
 * @throws SECRET_VALUE the schema refuses it; the message holds the paths, what was expected and the kind that was found
 */
export async function readValue<Value>(
  content: string | Uint8Array,
  { schema, expiresAt }: ValueOptions<Value>,
  what: string,
): Promise<ReadValue<Value>> {
  const found: unknown = typeof content === 'string' ? objectOrText(content) : content;
  const value = schema ? await checked(schema, found, what) : (found as Value);
  deepFreeze(value);
  return { value, expiresMs: expiresAt ? expiry(expiresAt, value, what) : Number.POSITIVE_INFINITY };
}

function objectOrText(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? parsed : text;
  } catch {
    return text; // The parser's own message quotes the text.
  }
}

async function checked<Value>(schema: StandardSchemaV1<unknown, Value>, found: unknown, what: string): Promise<Value> {
  const result = await Promise.resolve(found)
    .then((value) => schema['~standard'].validate(value))
    .catch(() => {
      throw new SecretReadError('SECRET_VALUE', `${what} made its schema throw; expected a value or issues.`);
    });
  if (result.issues === undefined) return result.value;
  const problems = describeIssues(result.issues, found);
  throw new SecretReadError('SECRET_VALUE', `${what} is not as its schema expects: ${problems}.`);
}

function expiry<Value>(expiresAt: (value: Value) => Date | undefined, value: Value, what: string): number {
  let expiresMs: number | undefined;
  try {
    const date = expiresAt(value);
    expiresMs = date === undefined ? Number.POSITIVE_INFINITY : date.getTime();
  } catch {
    // Its message may quote the value.
  }
  if (expiresMs !== undefined && !Number.isNaN(expiresMs)) return expiresMs;
  throw new SecretReadError(
    'SECRET_VALUE',
    `expiresAt gives no date for ${what}; expected a Date, or undefined for never.`,
  );
}
