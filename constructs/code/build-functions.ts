/** `npm run build`: compiles the function of every target. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { targetNames } from '../../rules/targets.ts';
import { bundleTarget } from './bundle-target.ts';

const outdir = fileURLToPath(new URL('../../dist/lambda/', import.meta.url));
for (const name of targetNames) bundleTarget(name, path.join(outdir, name));
