import { checkField, leadsTo, pathOf } from '../json-pointer.ts';
import { readSecretFormat } from '../secret-format.ts';
import { passwordEnvironment, readPasswordEnvironment } from './password-environment.ts';
import type { PasswordOptions } from './password-options.ts';

/** How a password is made, and which part of the secret it is. */
export interface PasswordRotationOptions extends PasswordOptions {
  /**
   * The field, or fields, that get a new password each: names of top-level fields, or JSON Pointers such as `/db/password`.
   * Not for `format: 'text'`.
   * @default 'password'
   */
  readonly field?: string | readonly string[];
  /**
   * `json`: the secret is a JSON object, whose other fields stay as they are. `text`: it is one plain string.
   * @default 'json'
   */
  readonly format?: 'json' | 'text';
}

/** The fields that get a password: none for a secret that is one plain string. */
export function passwordFields({ field = 'password', format = 'json' }: PasswordRotationOptions): readonly string[] {
  if (format === 'text') return [];
  return typeof field === 'string' ? [field] : field;
}

/** Why these fields cannot be rotated, and what to change; undefined when they can. */
export function checkPasswordFields(options: PasswordRotationOptions): string | undefined {
  if (options.format === 'text') {
    if (options.field === undefined) return undefined;
    return "field is given with format 'text', but then the whole string is the password. Leave field out, or the format.";
  }
  const fields = passwordFields(options);
  const found = `field is ${JSON.stringify(options.field)}: expected`;
  if (fields.length === 0) return `${found} one field or several.`;
  const problem = fields.map(checkField).find((each) => each !== undefined);
  if (problem !== undefined) return `${found} fields by name or JSON Pointer; ${problem}.`;
  const paths = fields.map(pathOf);
  const isTwice = paths.some((path, index) => paths.some((other, at) => at !== index && leadsTo(path, other)));
  return isTwice ? `${found} each field once, and none within another.` : undefined;
}

/** The options as environment variables of the rotation function. */
export function passwordRotationEnvironment(options: PasswordRotationOptions): Record<string, string> {
  const { format = 'json' } = options;
  return {
    SECRET_FORMAT: format,
    ...(format === 'json' && { PASSWORD_FIELDS: passwordFields(options).join(',') }),
    ...passwordEnvironment(options),
  };
}

/**
 * The options from environment variables; the defaults for those that are not set.
 * @throws RangeError naming the variable, or the combination, that is wrong and what was expected
 */
export function readPasswordRotationEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  const format = readSecretFormat(environment);
  const field = environment.PASSWORD_FIELDS?.split(',');
  const reason = checkPasswordFields({ field, format });
  if (reason !== undefined) throw new RangeError(`PASSWORD_FIELDS: ${reason}`);
  return { ...readPasswordEnvironment(environment), fields: passwordFields({ field, format }), format };
}
