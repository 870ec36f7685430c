import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleFunction } from './bundle-function.ts';
import { ConstructError } from './construct-error.ts';

/** Where a function's `index.js` comes from. */
export interface FunctionCode {
  /** The same for the same code, and for no other: letters, digits, `-` and `_`. */
  readonly name: string;
  /**
   * The folder with `index.js`.
   * @param outdir to be compiled into, where the code was not built before
   * @throws ENTRY where there is none
   */
  folder(outdir: string): string;
}

/** Where `npm run build` puts the functions of `lambda/`: a folder each, named for the target. */
export const builtInFunctions = fileURLToPath(new URL('../dist/lambda/', import.meta.url));

/** A function of `lambda/`, as `npm run build` made it. */
export function builtInCode(target: string): FunctionCode {
  const folder = path.join(builtInFunctions, target);
  return {
    name: target,
    folder: () => {
      if (existsSync(path.join(folder, 'index.js'))) return folder;
      throw new ConstructError(
        'ENTRY',
        `The function for ${target} is not built: there is no ${folder}. Run npm run build.`,
      );
    },
  };
}

/**
 * A user's own file, compiled at synth.
 * @param entry relative to the working directory
 */
export function customCode(entry: string): FunctionCode {
  const file = path.relative('', entry).replaceAll(path.sep, '/');
  const basename = path.basename(file, path.extname(file)).replace(/[^A-Za-z0-9_-]+/g, '-');
  return {
    name: `${basename}-${createHash('sha256').update(file).digest('hex').slice(0, 8)}`,
    folder: (outdir) => {
      bundleFunction(entry, outdir);
      return outdir;
    },
  };
}
