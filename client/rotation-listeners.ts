import { AsyncLocalStorage } from 'node:async_hooks';

/** Who is told of another version. What goes wrong in a listener ends no read and no process. */
export class RotationListeners<Value> {
  readonly #listeners = new Set<(value: Value) => unknown>();

  constructor(private readonly secretId: string) {}

  get size(): number {
    return this.#listeners.size;
  }

  /** A listener belongs to who added it, so it runs there, and not in the request whose read brought the version. */
  add(listener: (value: Value) => unknown): () => void {
    const bound = AsyncLocalStorage.bind(listener);
    this.#listeners.add(bound);
    return () => void this.#listeners.delete(bound);
  }

  tell(value: () => Value): void {
    for (const listener of this.#listeners) {
      // In a microtask of its own. An error's message may quote the value, so its kind has to do.
      Promise.resolve()
        .then(() => listener(value()))
        .catch((error: unknown) => {
          const kind = error instanceof Error ? error.name : typeof error;
          process.emitWarning(`An onRotation listener of ${this.secretId} failed: ${kind}.`, 'RotaformWarning');
        });
    }
  }

  clear(): void {
    this.#listeners.clear();
  }
}
