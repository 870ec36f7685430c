import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { cachedTool } from '../cached-tool.ts';

const folder = fileURLToPath(new URL('../../node_modules/.cache/rotaform/drivers/', import.meta.url));

/** Whether `.ci/install-tools` has put the drivers there that are too many for everybody's `npm ci`. */
export const hasDrivers = cachedTool('drivers/node_modules/.package-lock.json') !== undefined;

export const noDrivers = ' (skipped: the drivers are not installed; .ci/install-tools does it)';

const { resolve } = createRequire(path.join(folder, 'index.js'));

/** A driver, of which a test says what it uses. */
export async function driver<Module>(name: string): Promise<Module> {
  return (await import(resolve(name))) as Module;
}

/** Opens sessions one after the other, some at a time, until it is stopped. */
export function load(open: () => Promise<unknown>) {
  let [opened, failed, isRunning] = [0, 0, true];
  const errors: unknown[] = [];
  const worker = async () => {
    while (isRunning) {
      try {
        await open();
        opened += 1;
      } catch (error) {
        failed += 1;
        errors.push(error);
      }
    }
  };
  const done = Promise.all([worker(), worker(), worker()]);
  return {
    /** Waits for so many more. */
    async after(more: number) {
      const until = opened + failed + more;
      while (opened + failed < until) await new Promise((next) => setTimeout(next, 5));
    },
    async stop() {
      isRunning = false;
      await done;
      return { opened, failed, errors };
    },
  };
}
