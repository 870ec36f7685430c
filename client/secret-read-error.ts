/**
 * Why a secret could not be read, by what can be done about it.
 *
 * - `CONFIGURATION` – an option is not as expected, or the client has no region.
 * - `ACCESS_DENIED` – Secrets Manager or KMS refuses the caller.
 * - `NOT_FOUND` – there is no such secret, none any more, or no version with that label yet.
 * - `REQUEST` – Secrets Manager refuses the request for another reason.
 * - `CREDENTIALS` – the AWS SDK found no credentials to sign with, or they have expired. Passing.
 * - `NETWORK`, `TIMEOUT`, `THROTTLED`, `SERVICE` – Secrets Manager could not be reached or could not answer. Passing.
 * - `SECRET_VALUE` – the stored value is not what its schema needs.
 * - `EXPIRED` – the time at which the newest value itself says that it expires has passed.
 * - `NOT_READY` – the value was waited for, and did not come in time.
 * - `CLOSED` – the cache was closed.
 */
export type SecretReadErrorCode =
  | 'CONFIGURATION'
  | 'ACCESS_DENIED'
  | 'NOT_FOUND'
  | 'REQUEST'
  | 'CREDENTIALS'
  | 'NETWORK'
  | 'TIMEOUT'
  | 'THROTTLED'
  | 'SERVICE'
  | 'SECRET_VALUE'
  | 'EXPIRED'
  | 'NOT_READY'
  | 'CLOSED';

const NAME = 'SecretReadError';

/**
 * The one error of this world. Its message says what was found, what was expected and what to do. It holds no value from a
 * secret, and no cause: those of the AWS SDK may quote a response.
 */
export class SecretReadError extends Error {
  override readonly name = NAME;

  constructor(
    readonly code: SecretReadErrorCode,
    message: string,
  ) {
    super(message);
  }

  /** Also for one of another copy of this package: an application may load it as ES module and as CommonJS. */
  static override [Symbol.hasInstance](error: unknown): boolean {
    return (Object(error) as Error).name === NAME;
  }
}

/** Whether the read brought a new version that cannot be handed out, so that the last good one may stand in for it. */
export const isOfNewVersion = (error: unknown): boolean => hasCode(error, 'SECRET_VALUE', 'EXPIRED');

/** Whether the same read may succeed in a moment, so that a value read before may stand in for it. */
export const isPassing = (error: unknown): boolean =>
  hasCode(error, 'CREDENTIALS', 'NETWORK', 'TIMEOUT', 'THROTTLED', 'SERVICE');

export function hasCode(error: unknown, ...codes: readonly SecretReadErrorCode[]): boolean {
  return error instanceof SecretReadError && codes.includes(error.code);
}
