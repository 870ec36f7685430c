import { checkTimeout } from './check-options.ts';
import { pause } from './pause.ts';
import type { RotatingSecret } from './rotating-secret.ts';
import { hasCode, isPassing, SecretReadError } from './secret-read-error.ts';

const POLL_MS = 500;

/** The value as soon as there is one; see `RotatingSecret.waitUntilReady`. */
export async function waitUntilReady<Value>(
  secret: RotatingSecret<Value>,
  timeoutSeconds: number,
  closed: AbortSignal,
): Promise<Value> {
  checkTimeout(timeoutSeconds);
  const deadlineMs = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    try {
      return secret.peek() ?? (await secret.refresh());
    } catch (error) {
      if (!isPassing(error) && !hasCode(error, 'NOT_FOUND', 'SECRET_VALUE')) throw error;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) {
        const problem = `${secret.secretId} was not ready within ${timeoutSeconds} s. ${(error as Error).message}`;
        throw new SecretReadError('NOT_READY', problem);
      }
      await pause(Math.min(POLL_MS, leftMs), closed);
    }
  }
}
