import type { Statement } from './strategy-under-test.ts';
import { statusOf, type Trouble } from './trouble.ts';

/** The function's process is no more: the target ends the connection. */
class FunctionKilled extends Error {
  override readonly name = 'FunctionKilled';
}

/** The target is out of order: it answers with this HTTP status, or ends the connection if it does not speak HTTP. */
class TargetFailed extends Error {
  override readonly name = 'TargetFailed';

  constructor(readonly status: number) {
    super(`Answer with ${status}.`);
  }
}

export interface StatementsOptions {
  /** Called with each statement, and with what goes wrong with it. */
  onStatement(name: string, trouble: Trouble | undefined): void;
  /** Ends the function's process at once. */
  kill(): Promise<void>;
}

/** What one target runs for the function, and what goes wrong with it. */
export class Statements {
  #count = 0;
  readonly #troubles = new Map<number, Trouble>();
  #hanging = new AbortController();

  constructor(private readonly options: StatementsOptions) {}

  /** What the target calls around each statement. */
  readonly run: Statement = async (name, run) => {
    this.#count += 1;
    const trouble = this.#troubles.get(this.#count);
    this.options.onStatement(name, trouble);
    if (trouble?.kind === 'delay') await this.#hang();
    if (trouble?.kind === 'kill-before') await this.#kill();
    const status = trouble && statusOf(trouble);
    if (status !== undefined && trouble?.kind !== 'answer-500-after') throw new TargetFailed(status);
    const answer = await run();
    if (status !== undefined) throw new TargetFailed(status);
    if (trouble?.kind === 'kill-after') await this.#kill();
    return answer;
  };

  /** Lets a statement go wrong, counted from now. */
  add(trouble: Trouble): void {
    this.#troubles.set(this.#count + trouble.nth, trouble);
  }

  /** Takes all troubles back, and ends the statements that hang. */
  clear(): void {
    this.#troubles.clear();
    this.#hanging.abort();
    this.#hanging = new AbortController();
  }

  async #kill(): Promise<never> {
    await this.options.kill();
    throw new FunctionKilled('The function was killed over this statement.');
  }

  async #hang(): Promise<never> {
    const { signal } = this.#hanging;
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    throw new FunctionKilled('This statement was never answered.');
  }
}
