import type { Account } from '../account.ts';
import { existingFunction } from './functions.ts';
import type { InvocationResult } from './lambda-function.ts';

export interface Invocation {
  /** The function's name or ARN. */
  readonly functionArn: string;
  /** The event: any JSON value. */
  readonly payload: unknown;
}

/**
 * Runs the function once, in a warm process or a new one, and waits until it ends. An error inside the function is
 * a result with Lambda's own error type and text, not an exception.
 *
 * @throws ResourceNotFoundException no such function.
 * @throws AccessDeniedException Lambda can no longer assume its role.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export async function invokeFunction(
  account: Account,
  { functionArn, payload }: Invocation,
): Promise<InvocationResult> {
  return existingFunction(functionArn, account).invoke(payload);
}
