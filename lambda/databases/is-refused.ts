import { RotationError } from '../rotation/index.ts';

/** Whether the server refused the credential, and nothing else went wrong. */
export function isRefused(caught: unknown): caught is RotationError {
  return caught instanceof RotationError && caught.code === 'AUTHENTICATION';
}
