import { RotationError } from './rotation-error.ts';

/** What the handler keeps of the function's time to tell why it failed. */
const RESERVE_MS = 1_000;

/** The time one invocation has: a little less than Lambda gives it, so that it can still say what it waited for. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #budgetMs: number;

  constructor(remainingMs: number) {
    this.#budgetMs = Math.max(remainingMs - RESERVE_MS, remainingMs / 2);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#budgetMs);
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * The work's own outcome, unless the time is over first.
   * @param waitingFor stands in the error
   * @throws TIMEOUT
   */
  async within<Value>(waitingFor: string, work: Promise<Value>): Promise<Value> {
    const { signal } = this;
    let stop: (() => void) | undefined;
    const over = new Promise<never>((_resolve, reject) => {
      stop = () => {
        const seconds = (this.#budgetMs / 1_000).toFixed(1);
        const remedy = `Raise the function's timeoutSeconds, or see why that takes so long.`;
        reject(
          new RotationError('TIMEOUT', `${waitingFor} had not answered when the ${seconds} s were over. ${remedy}`),
        );
      };
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([work, over]);
    } finally {
      if (stop !== undefined) signal.removeEventListener('abort', stop);
    }
  }

  /** Frees the timer. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
