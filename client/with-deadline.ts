import { SecretReadError } from './secret-read-error.ts';

/**
 * Ends after so many seconds, whatever the work does: the AWS SDK has no deadline of its own, and looks at a signal neither
 * while it waits to try again nor while it looks for credentials. The timer keeps the process alive: a program whose only work
 * is a read that hangs ends with this error, and not without a word.
 *
 * @param who did not answer, for the message
 * @param signal gives the work up before, with its reason
 * @throws TIMEOUT
 */
export function withDeadline<Result>(
  seconds: number,
  signal: AbortSignal,
  who: string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const controller = new AbortController();
    const giveUp = (reason: unknown) => {
      clearTimeout(timer);
      controller.abort(reason);
      reject(reason);
    };
    const timer = setTimeout(() => {
      const problem = `${who} did not answer within ${seconds} s (timeoutSeconds).`;
      giveUp(new SecretReadError('TIMEOUT', problem));
    }, seconds * 1000);
    signal.addEventListener('abort', () => giveUp(signal.reason));
    work(controller.signal)
      .finally(() => clearTimeout(timer))
      .then(resolve, reject);
  });
}
