/** `json`: a secret is a JSON object. `text`: it is one plain string. */
export type SecretFormat = 'json' | 'text';

/**
 * The format that a function's environment names.
 * @throws RangeError for another one
 */
export function readSecretFormat(environment: Readonly<Record<string, string | undefined>>): SecretFormat {
  const { SECRET_FORMAT: format = 'json' } = environment;
  if (format === 'json' || format === 'text') return format;
  throw new RangeError(`SECRET_FORMAT is "${format}": expected json or text. Correct the function's environment.`);
}
