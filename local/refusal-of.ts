import { AwsError } from './aws-error.ts';
import { ConnectionLost } from './connection-lost.ts';

/** What the account tells of an error that ended a call. */
export function refusalOf(error: unknown): { errorCode: string; errorMessage?: string } {
  if (error instanceof AwsError) return { errorCode: error.code, errorMessage: error.message };
  // Nobody knows what another error's message quotes.
  return { errorCode: error instanceof ConnectionLost ? error.name : 'InternalServiceError' };
}
