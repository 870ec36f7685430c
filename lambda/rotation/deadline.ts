import { RotationError } from './rotation-error.ts';

/** What the handler keeps of the function's time to tell why it failed. */
const RESERVE_MS = 1_000;

/** The time one invocation has: a little less than Lambda gives it, so that it can still say what it waited for. */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #budgetMs: number;
  readonly #startedAt = performance.now();

  constructor(remainingMs: number) {
    this.#budgetMs = Math.max(remainingMs - RESERVE_MS, remainingMs / 2);
    this.#timer = setTimeout(() => this.#controller.abort(), this.#budgetMs);
  }

  /** How much of the time is left. */
  get remainingMs(): number {
    return Math.max(0, this.#budgetMs - (performance.now() - this.#startedAt));
  }

  /** Aborts when the time is over. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /**
   * The work's own outcome, unless the time is over first.
   * @param waitingFor stands in the error
   * @param work is started after this has begun to listen for the end: what it throws at the abort comes second
   * @throws TIMEOUT
   */
  async within<Value>(waitingFor: string, work: () => Value | Promise<Value>): Promise<Value> {
    const { signal } = this;
    const tooLate = () => {
      const seconds = (this.#budgetMs / 1_000).toFixed(1);
      const remedy = `Raise the function's timeoutSeconds, or see why that takes so long.`;
      return new RotationError('TIMEOUT', `${waitingFor} had not answered when the ${seconds} s were over. ${remedy}`);
    };
    if (signal.aborted) throw tooLate();
    let stop = () => {};
    const over = new Promise<never>((_resolve, reject) => {
      stop = () => reject(tooLate());
      signal.addEventListener('abort', stop, { once: true });
    });
    try {
      return await Promise.race([over, work()]);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** Frees the timer. */
  end(): void {
    clearTimeout(this.#timer);
  }
}
