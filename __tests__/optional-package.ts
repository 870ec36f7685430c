import { createRequire } from 'node:module';

const { resolve } = createRequire(import.meta.url);

/** The main file of a package that is too heavy for everybody's `npm ci`, where `.ci/run` has installed it. */
export function optionalPackage(name: string): string | undefined {
  try {
    return resolve(name);
  } catch {
    return undefined;
  }
}
