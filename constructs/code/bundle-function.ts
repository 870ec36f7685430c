import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Message } from 'esbuild';
import { ConstructError } from '../construct-error.ts';

export interface BundleOptions {
  /**
   * Leaves out what a function does not need if it calls no AWS service but Secrets Manager, and no PostgreSQL by a
   * connection string.
   * @default false
   */
  readonly trim?: boolean | undefined;
}

/** What `run-esbuild.mjs` answers. */
interface Bundled {
  readonly errors?: readonly Message[];
  readonly warnings?: readonly Message[];
  readonly exports?: readonly string[];
  readonly unmet?: readonly string[];
}

/**
 * Compiles a rotation function into one `index.js`, whose bytes depend on the sources and the lock file alone.
 * @param entry the TypeScript or JavaScript file that exports `handler`
 * @param outdir the folder to write `index.js` to
 * @returns the files that `trim` would have made smaller, but that the AWS SDK does not have
 * @throws ENTRY if the file is missing, does not compile without a warning, or exports no `handler`
 */
export function bundleFunction(entry: string, outdir: string, { trim = false }: BundleOptions = {}): readonly string[] {
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
  if (exports.includes('handler')) return unmet;
  throw new ConstructError(
    'ENTRY',
    `${entry} exports no handler. Expected: export const handler = rotationHandler(() => strategy);`,
  );
}

const list = (messages: readonly Message[]) =>
  messages.map(({ text, location }) => `\n  ${place(location)}${text}`).join('');

const place = (location: Message['location']) =>
  location ? `${location.file}:${location.line}:${location.column}: ` : '';
