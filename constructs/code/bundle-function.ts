import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Message } from 'esbuild';
import { ConstructError } from '../construct-error.ts';

/** A package whose code is in a bundle. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** As its package.json names it; empty if it does not. */
  readonly license: string;
  /** The texts of its license and of its notices; empty if it has none. */
  readonly text: string;
}

export interface BundleOptions {
  /**
   * Leaves out what a function does not need if it calls no AWS service but Secrets Manager, and no PostgreSQL by a
   * connection string.
   * @default false
   */
  readonly trim?: boolean | undefined;
}

interface BundleResult {
  readonly unmet: readonly string[];
  readonly packages: readonly BundledPackage[];
}

/** What `run-esbuild.mjs` answers. */
interface Bundled {
  readonly errors?: readonly Message[];
  readonly warnings?: readonly Message[];
  readonly exports?: readonly string[];
  readonly unmet?: readonly string[];
  readonly packages?: readonly BundledPackage[];
}

/**
 * Compiles a rotation function into one `index.js`, whose bytes depend on the sources and the lock file alone, and writes the
 * licenses of what is inside to THIRD_PARTY_NOTICES beside it.
 * @param entry the TypeScript or JavaScript file that exports `handler`
 * @param outdir the folder to write `index.js` to
 * @returns the packages whose code is inside, and the files that `trim` would have made smaller, but that the AWS SDK does not
 * have
 * @throws ENTRY if the file is missing, does not compile without a warning, or exports no `handler`
 */
export function bundleFunction(entry: string, outdir: string, { trim = false }: BundleOptions = {}): BundleResult {
  if (!existsSync(entry)) {
    throw new ConstructError('ENTRY', `There is no file ${entry}. Expected the TypeScript file that exports handler.`);
  }
  const input = JSON.stringify({ entry: path.resolve(entry), outfile: path.resolve(outdir, 'index.js'), trim });
  const program = createRequire(import.meta.url).resolve('#run-esbuild');
  const {
    errors = [],
    warnings = [],
    exports = [],
    unmet = [],
    packages = [],
  }: Bundled = JSON.parse(
    execFileSync(process.execPath, [program], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  if (errors.length > 0) throw new ConstructError('ENTRY', `${entry} does not compile:${list(errors)}`);
  if (warnings.length > 0) {
    throw new ConstructError(
      'ENTRY',
      `${entry} would fail when it runs. Expected a file that esbuild compiles to CommonJS without a warning:${list(warnings)}`,
    );
  }
  if (exports.includes('handler')) return { unmet, packages };
  throw new ConstructError(
    'ENTRY',
    `${entry} exports no handler. Expected: export const handler = rotationHandler(() => strategy);`,
  );
}

const list = (messages: readonly Message[]) =>
  messages.map(({ text, location }) => `\n  ${place(location)}${text}`).join('');

const place = (location: Message['location']) =>
  location ? `${location.file}:${location.line}:${location.column}: ` : '';
