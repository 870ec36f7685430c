import { fileURLToPath } from 'node:url';
import { type BundledPackage, bundleFunction } from './bundle-function.ts';

/**
 * Compiles one function of `lambda/` into `index.js`, as it is deployed.
 * @returns the packages whose code is inside
 */
export function bundleTarget(name: string, outdir: string): readonly BundledPackage[] {
  const entry = fileURLToPath(new URL(`../../lambda/${name}.ts`, import.meta.url));
  const { unmet, packages } = bundleFunction(entry, outdir, { trim: true });
  if (unmet.length === 0) return packages;
  throw new Error(
    `The AWS SDK has no ${unmet.join('.js, ')}.js. See what took its place, and correct trim-bundle.mjs.`,
  );
}
