import { describeIssues } from '../rules/describe-issues.ts';
import { deepFreeze } from './deep-freeze.ts';
import { NEVER_MS } from './is-within.ts';
import { SecretReadError } from './secret-read-error.ts';
import type { StandardSchema } from './standard-schema.ts';

/** What a secret holds before a schema has seen it: a JSON object or array, or any other text, or bytes. */
export type SecretContent = Readonly<Record<string, unknown>> | readonly unknown[] | string | Uint8Array;

export interface ValueOptions<Value> {
  readonly schema?: StandardSchema<Value> | undefined;
  readonly expiresAt?: ((value: Value) => Date | undefined) | undefined;
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
  const refuse = (problem: string) => {
    throw new SecretReadError('SECRET_VALUE', problem);
  };
  const found = meaning(content);
  let value = found as Value;
  if (schema) {
    const result = await Promise.resolve(found)
      .then((given) => schema['~standard'].validate(given))
      .catch(() => refuse(`${what} made its schema throw; expected a value or issues.`));
    if (result.issues) return refuse(`${what} is not as its schema expects: ${describeIssues(result.issues, found)}.`);
    value = result.value;
  }
  const isShared = deepFreeze(value);
  let expiresMs = Number.NaN;
  try {
    expiresMs = expiresAt?.(value)?.getTime() ?? NEVER_MS;
  } catch {
    // Its message may quote the value.
  }
  return Number.isNaN(expiresMs)
    ? refuse(`expiresAt does not return a date for ${what}; expected a Date or undefined.`)
    : { value, isShared, expiresMs };
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
