/**
 * Why a step failed, by what can be done about it.
 *
 * - `EVENT` – the invocation is not one of Secrets Manager's four steps.
 * - `ROTATION_DISABLED` – the secret has no rotation, or it was cancelled.
 * - `VERSION_UNKNOWN` – the secret has no version with the event's token.
 * - `VERSION_NOT_PENDING` – that version is not `AWSPENDING` (any more).
 * - `SECRET_VALUE` – a stored document is not what the strategy needs.
 * - `CONFIGURATION` – the function's environment, or what it was pointed at, is wrong.
 * - `NETWORK`, `TLS` – the target cannot be reached, or cannot be trusted.
 * - `AUTHENTICATION` – the target refused a credential.
 * - `PRIVILEGE` – the role or the account may not do what the rotation needs.
 * - `POLICY` – the target will never accept this value; another one may do. The protocol gives the version up.
 * - `THROTTLED`, `SERVICE` – AWS or the target asks to try again later; Secrets Manager does.
 * - `TIMEOUT` – the step ran out of the function's time.
 * - `INTERNAL` – a fault in the strategy, or in Rotaform.
 */
export type RotationErrorCode =
  | 'EVENT'
  | 'ROTATION_DISABLED'
  | 'VERSION_UNKNOWN'
  | 'VERSION_NOT_PENDING'
  | 'SECRET_VALUE'
  | 'CONFIGURATION'
  | 'NETWORK'
  | 'TLS'
  | 'AUTHENTICATION'
  | 'PRIVILEGE'
  | 'POLICY'
  | 'THROTTLED'
  | 'SERVICE'
  | 'TIMEOUT'
  | 'INTERNAL';

/**
 * The one error of this world. Its message says what was found, what was expected and what to do, and holds no value
 * from a secret: the handler adds those of its causes, and scrubs it all once more before it leaves the function.
 */
export class RotationError extends Error {
  override readonly name = 'RotationError';

  constructor(
    readonly code: RotationErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
