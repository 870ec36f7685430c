/**
 * What kept a stack from being deployed here.
 *
 * - `STACK` – the file is not what Terraform's JSON looks like.
 * - `UNSUPPORTED` – Terraform knows it, this deploy does not: a resource type, an attribute, a function, an operator, …
 * - `REFERENCE` – an expression names something that is not there.
 * - `CYCLE` – resources wait for each other.
 * - `VARIABLE` – a variable has no value, or a value has no variable.
 * - `VALUE` – an attribute is missing or has a value of another kind.
 * - `PRECONDITION` – what the stack itself demands does not hold; the message is the stack's own.
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

/** Attributes that hold a secret: even the name of a function or a reference in them may be part of one. */
const SECRET = /\.secret_string(_wo)?$/;

/** Why a stack cannot be deployed here, and where in the stack. The message never holds an attribute's value. */
export class DeployError extends Error {
  override readonly name = 'DeployError';

  constructor(
    readonly code: DeployErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** The same error, its message led by the place where it stands. */
  at(place: string): DeployError {
    const quotes = this.code === 'UNSUPPORTED' || this.code === 'REFERENCE';
    const message =
      SECRET.test(place) && quotes ? 'an expression in it is not supported, or names nothing.' : this.message;
    return new DeployError(this.code, `${place}: ${message}`, { cause: this.cause });
  }
}

/** Runs a step; an error in it is led by the place where it stands. */
export function placed<Result>(place: string, step: () => Result): Result {
  try {
    return step();
  } catch (error) {
    throw error instanceof DeployError ? error.at(place) : error;
  }
}
