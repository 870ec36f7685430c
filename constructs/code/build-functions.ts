/** `npm run build`: compiles every file directly in `lambda/`, each one deployable function. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunction } from './bundle-function.ts';

const sources = fileURLToPath(new URL('../../lambda/', import.meta.url));
const builtInFunctions = fileURLToPath(new URL('../../dist/lambda/', import.meta.url));
for (const file of readdirSync(sources).filter((name) => name.endsWith('.ts'))) {
  bundleFunction(path.join(sources, file), path.join(builtInFunctions, path.basename(file, '.ts')));
}
