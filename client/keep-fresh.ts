/** `rotaform-client/keep-fresh`: reads a secret although nobody asks for it. */
import type { RotatingSecret } from './rotating-secret.ts';
import { SecretReadError } from './secret-read-error.ts';

/**
 * Reads a secret again and again, so that `onRotation` is called although nobody asks for the value. The pauses are of random length, so
 * that many machines do not read at once. The timer keeps no process alive, and ends with the cache.
 *
 * @param options.everySeconds how long a pause lasts at most; half of it at least. @default 300
 * @returns what stops it
 */
export function keepFresh(secret: RotatingSecret<unknown>, { everySeconds = 300 } = {}): () => void {
  if (!(everySeconds >= 1)) {
    const problem = `The option everySeconds is ${everySeconds}; expected a number from 1.`;
    throw new SecretReadError('CONFIGURATION', problem);
  }
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const pause = () => {
    if (isStopped) return;
    timer = setTimeout(read, everySeconds * 1000 * (0.5 + Math.random() / 2)).unref();
  };
  const read = () => {
    secret.refresh().then(pause, (error: unknown) => {
      // The status of the secret tells why; there is nobody else to tell.
      if (!(error instanceof SecretReadError && error.code === 'CLOSED')) pause();
    });
  };
  pause();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
