import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { HelperName, TargetName } from '../../rules/targets.ts';
import { ConstructError } from '../construct-error.ts';
import { type BundleOptions, bundleFunction } from './bundle-function.ts';

/** Where a function's `index.js` comes from. */
export interface FunctionCode {
  /** The same for the same code, and for no other: letters, digits, `-` and `_`. */
  readonly name: string;
  /** The user's own file that it is compiled from. */
  readonly entry?: string;
  /**
   * The folder with `index.js`.
   * @param outdir to be compiled into, where the code was not built before
   * @throws ENTRY where there is none
   */
  folder(outdir: string): string;
}

/** A function of `lambda/`, as `npm run build` made it. */
export function builtInCode(target: TargetName | HelperName): FunctionCode {
  return {
    name: target,
    folder: () => {
      try {
        return path.dirname(createRequire(import.meta.url).resolve(`#functions/${target}/index.js`));
      } catch {
        throw new ConstructError('ENTRY', `The function for ${target} is not built. Run npm run build.`);
      }
    },
  };
}

/**
 * A user's own file, compiled at synth.
 * @param entry relative to the working directory
 */
export function customCode(entry: string, options: BundleOptions = {}): FunctionCode {
  const file = path.relative('', entry).replaceAll(path.sep, '/');
  const basename = path.basename(file, path.extname(file)).replace(/[^A-Za-z0-9_-]+/g, '-');
  return {
    name: `${basename}-${createHash('sha256')
      .update(options.trim ? `${file} trimmed` : file)
      .digest('hex')
      .slice(0, 8)}`,
    entry,
    folder: (outdir) => {
      bundleFunction(entry, outdir, options);
      return outdir;
    },
  };
}
