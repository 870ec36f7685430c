import { describeIssues } from '../rules/describe-issues.ts';
import { deepFreeze } from './deep-freeze.ts';
import { SecretReadError } from './secret-read-error.ts';
import type { StandardSchema } from './standard-schema.ts';

/** What a secret holds before a schema has seen it: a JSON object or array, or any other text, or bytes. */
export type SecretContent = Readonly<Record<string, unknown>> | readonly unknown[] | string | Uint8Array;

export interface ValueOptions<Value> {
  readonly schema: StandardSchema<Value> | undefined;
  readonly expiresAt: ((value: Value) => Date | undefined) | undefined;
}

/** A version's value, frozen, and when it expires: milliseconds since 1970, or Infinity. */
export interface ReadValue<Value> {
  readonly value: Value;
  /** Whether all of it is frozen, so that everybody may have this one. */
  readonly isShared: boolean;
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
  const found = meaning(content);
  const value = schema ? await checked(schema, found, what) : (found as Value);
  const isShared = deepFreeze(value);
  return { value, isShared, expiresMs: expiresAt ? expiry(expiresAt, value, what) : Number.POSITIVE_INFINITY };
}

/** JSON is JSON whether it was stored as text or as bytes, and after a byte order mark. */
function meaning(content: string | Uint8Array): unknown {
  try {
    const text = typeof content === 'string' ? content : new TextDecoder('utf-8', { fatal: true }).decode(content);
    const parsed: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return typeof parsed === 'object' && parsed !== null ? parsed : content;
  } catch {
    return content; // The parser's own message quotes the text.
  }
}

async function checked<Value>(schema: StandardSchema<Value>, found: unknown, what: string): Promise<Value> {
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
    `expiresAt does not return a date for ${what}; expected a Date, or undefined for never.`,
  );
}
