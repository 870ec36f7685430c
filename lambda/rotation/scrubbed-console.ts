import { format } from 'node:util';
import type { Scrubber } from './scrubber.ts';

const METHODS = ['debug', 'error', 'info', 'log', 'trace', 'warn'] as const;

/**
 * Does the work while the console writes no value that the scrubber knows: what a strategy, or a driver, logs on its own.
 * A line without one goes out as it is. A process serves one invocation at a time.
 */
export async function withScrubbedConsole<Value>(scrubber: Scrubber, work: () => Promise<Value>): Promise<Value> {
  const originals = { ...console };
  for (const method of METHODS) {
    console[method] = (...said: unknown[]) => {
      const text = format(...said);
      const clean = scrubber.clean(text);
      originals[method](...(clean === text ? said : [clean]));
    };
  }
  try {
    return await work();
  } finally {
    Object.assign(console, originals);
  }
}
