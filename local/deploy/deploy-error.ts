/**
 * Why a stack was not deployed here.
 *
 * - `STACK` – the file is not what Terraform's JSON looks like.
 * - `UNSUPPORTED` – something that Terraform knows and the local deploy does not: a resource type, an attribute, a function, …
 * - `REFERENCE` – an expression names something that does not exist.
 * - `CYCLE` – resources wait for each other.
 * - `VARIABLE` – a variable has no value, or a value has no variable.
 * - `VALUE` – an attribute is missing, or its value has the wrong type.
 * - `PRECONDITION` – a precondition of the stack does not hold. The message is the stack's own.
 * - `REFUSED` – the account refused the action; the cause is AWS's own error.
 */
export type DeployErrorCode =
  | 'STACK'
  | 'UNSUPPORTED'
  | 'REFERENCE'
  | 'CYCLE'
  | 'VARIABLE'
  | 'VALUE'
  | 'PRECONDITION'
  | 'REFUSED';

/** Attributes that hold a secret. Even the name of a function or a reference in them may be part of the secret. */
const SECRET = /\.secret_string(_wo)?$/;

/** Why a stack cannot be deployed here, and where in the stack. The message never holds an attribute's value. */
export class DeployError extends Error {
  override readonly name = 'DeployError';

  constructor(
    readonly code: DeployErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }

  /** The same error. Its message begins with the place. */
  at(place: string): DeployError {
    const quotes = this.code === 'UNSUPPORTED' || this.code === 'REFERENCE';
    const message =
      SECRET.test(place) && quotes
        ? 'an expression in it is not supported, or names something that does not exist.'
        : this.message;
    return new DeployError(this.code, `${place}: ${message}`, { cause: this.cause });
  }
}

/** Runs a step. The message of an error in it begins with the place. */
export function placed<Result>(place: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw error instanceof DeployError ? error.at(place) : error;
  }
}
