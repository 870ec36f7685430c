type Environment = Readonly<Record<string, string | undefined>>;

/** The variable with the secret of the client that tokens are issued to. */
export const CREDENTIALS_VARIABLE = 'CREDENTIALS_SECRET_ARN';

/** Whether AWS may know a secret by this text, an ARN or a name. AWS's own names have other characters than yours, as `rds!db`. */
export const isSecretId = (value: unknown): value is string =>
  typeof value === 'string' && /^[!-~]{1,2048}$/.test(value);

/**
 * The secret that a variable names; undefined if it is not set.
 * @throws RangeError for what names no secret, such as an empty text
 */
export function readSecretId(environment: Environment, variable: string): string | undefined {
  const found = environment[variable];
  if (found === undefined || isSecretId(found)) return found;
  throw new RangeError(
    `${variable} is ${JSON.stringify(found)}: expected the ARN of a secret. Correct the function's environment.`,
  );
}
