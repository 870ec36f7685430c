import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A file of a tool that is too heavy for everybody's `npm ci`, where `.ci/install-tools` has put it. */
export function cachedTool(file: string): string | undefined {
  const tool = fileURLToPath(new URL(`../node_modules/.cache/rotaform/${file}`, import.meta.url));
  return existsSync(tool) ? tool : undefined;
}
