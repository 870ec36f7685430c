import { fileURLToPath } from 'node:url';
import { bundleFunction } from './bundle-function.ts';

/** Compiles one function of `lambda/` into `index.js`, as it is deployed. */
export function bundleTarget(name: string, outdir: string): void {
  const entry = fileURLToPath(new URL(`../../lambda/${name}.ts`, import.meta.url));
  const unmet = bundleFunction(entry, outdir, { trim: true });
  if (unmet.length === 0) return;
  throw new Error(
    `The AWS SDK has no ${unmet.join('.js, ')}.js. See what took its place, and correct trim-bundle.mjs.`,
  );
}
