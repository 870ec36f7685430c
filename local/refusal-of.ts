import { AwsError } from './aws-error.ts';
import { ConnectionLost } from './connection-lost.ts';

/** What the account reports about an error that ended a call. */
export function refusalOf(error: unknown): { errorCode: string; errorMessage?: string } {
  if (error instanceof AwsError) return { errorCode: error.code, errorMessage: error.message };
  // The message of any other error might quote a value.
  return { errorCode: error instanceof ConnectionLost ? error.name : 'InternalServiceError' };
}
