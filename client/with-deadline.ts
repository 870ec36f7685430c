import { SecretReadError } from './secret-read-error.ts';

/**
 * Ends after so many seconds, whatever the work does: the AWS SDK has no deadline of its own, and looks at a signal neither
 * while it waits to try again nor while it looks for credentials. The timer keeps the process alive: a program whose only work
 * is a read that hangs ends with this error, and not without a word.
 *
 * @param signal gives the work up before, with its reason
 * @throws TIMEOUT
 */
export async function withDeadline<Result>(
  timeoutSeconds: number,
  signal: AbortSignal,
  what: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController();
  const giveUp = () => controller.abort(signal.reason);
  const timer = setTimeout(() => controller.abort(timeout(what, timeoutSeconds)), timeoutSeconds * 1000);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  try {
    return await Promise.race([work(controller.signal), aborted(controller.signal)]);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function timeout(what: string, timeoutSeconds: number): SecretReadError {
  return new SecretReadError(
    'TIMEOUT',
    `${what} cannot be read: Secrets Manager did not answer within ${timeoutSeconds} s (timeoutSeconds).`,
  );
}
