/** `rotaform-client/keep-fresh`: reads a secret although nobody asks for it. */
import { LONGEST_TIMER_MS } from './candidates.ts';
import { checkOptions, numberFrom } from './check-options.ts';
import type { RotatingSecret } from './rotating-secret.ts';
import { hasCode } from './secret-read-error.ts';

export interface KeepFreshOptions {
  /** How long a pause lasts at most; half of it at least. @default 300 */
  readonly everySeconds?: number;
}

/**
 * Reads a secret again and again, so that `onRotation` is called although nobody asks for the value. The pauses are of random length, so
 * that many machines do not read at once. The timer keeps no process alive, and ends with the cache.
 *
 * @returns what stops it
 */
export function keepFresh(secret: RotatingSecret<unknown>, options: KeepFreshOptions = {}): () => void {
  checkOptions(options, { everySeconds: numberFrom(1) });
  const longestMs = Math.min((options.everySeconds ?? 300) * 1000, LONGEST_TIMER_MS);
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const pause = () => {
    if (isStopped) return;
    timer = setTimeout(read, longestMs * (0.5 + Math.random() / 2)).unref();
  };
  const read = () => {
    secret.refresh().then(pause, (error: unknown) => {
      // The status of the secret tells why; there is nobody else to tell.
      if (!hasCode(error, 'CLOSED')) pause();
    });
  };
  pause();
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}
