import { setTimeout as sleep } from 'node:timers/promises';
import type { RotatingSecret } from './rotating-secret.ts';
import { isPassing, SecretReadError } from './secret-read-error.ts';

const POLL_MS = 500;

/** The value as soon as there is one; see `RotatingSecret.waitUntilReady`. */
export async function waitUntilReady<Value>(
  secret: RotatingSecret<Value>,
  timeoutSeconds: number,
  closed: AbortSignal,
): Promise<Value> {
  const deadlineMs = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    try {
      return secret.peek() ?? (await secret.refresh());
    } catch (error) {
      const mayPass =
        isPassing(error) || (error instanceof SecretReadError && /^(NOT_FOUND|SECRET_VALUE)$/.test(error.code));
      if (!mayPass || closed.aborted) throw error;
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) throw notReady(secret, timeoutSeconds, error);
      await sleep(Math.min(POLL_MS, leftMs), undefined, { signal: closed }).catch(() => {});
    }
  }
}

function notReady({ secretId }: RotatingSecret<unknown>, timeoutSeconds: number, error: unknown): SecretReadError {
  const reason = error instanceof Error ? error.message : '';
  return new SecretReadError('NOT_READY', `${secretId} was not ready within ${timeoutSeconds} s. ${reason}`);
}
