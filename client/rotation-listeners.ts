import { AsyncLocalStorage } from 'node:async_hooks';

/** Who is told of another version. What goes wrong in a listener ends no read and no process. */
export function rotationListeners<Value>(secretId: string) {
  const listeners = new Set<(value: Value) => unknown>();
  return {
    size: () => listeners.size,

    /** A listener belongs to who added it, so it runs there, and not in the request whose read brought the version. */
    add(listener: (value: Value) => unknown): () => void {
      const bound = AsyncLocalStorage.bind(listener);
      listeners.add(bound);
      return () => void listeners.delete(bound);
    },

    /** Each in a microtask of its own. An error's message may quote the value, so its kind has to do. */
    tell(value: () => Value): void {
      for (const listener of listeners) {
        Promise.resolve()
          .then(() => listener(value()))
          .catch((error: unknown) => {
            const kind = error instanceof Error ? error.name : typeof error;
            process.emitWarning(`An onRotation listener of ${secretId} failed: ${kind}.`, 'RotaformWarning');
          });
      }
    },

    clear: () => listeners.clear(),
  };
}
