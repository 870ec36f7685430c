/** Which declaration is wrong. */
export type ConstructErrorCode =
  | 'NAME'
  | 'SCHEDULE'
  | 'PASSWORD_OPTIONS'
  | 'INITIAL_VALUE'
  | 'ENTRY'
  | 'ENVIRONMENT'
  | 'OPTIONS';

/**
 * A declaration that would not work once deployed, found at synth. The message names the problem, what was found, what
 * was expected and the remedy; it never holds a value from a secret.
 */
export class ConstructError extends Error {
  override readonly name = 'ConstructError';

  constructor(
    readonly code: ConstructErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}
