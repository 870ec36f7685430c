import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Message } from 'esbuild';
import { ConstructError } from '../construct-error.ts';

/**
 * Compiles a rotation function into one `index.js`, whose bytes depend on the sources and the lock file alone.
 * @param entry the TypeScript or JavaScript file that exports `handler`
 * @param outdir the folder to write `index.js` to
 * @throws ENTRY where the file is missing, does not compile, or exports no `handler`
 */
export function bundleFunction(entry: string, outdir: string): void {
  if (!existsSync(entry)) {
    throw new ConstructError('ENTRY', `There is no file ${entry}. Expected the TypeScript file that exports handler.`);
  }
  const input = JSON.stringify({ entry: path.resolve(entry), outfile: path.resolve(outdir, 'index.js') });
  const program = createRequire(import.meta.url).resolve('#run-esbuild');
  const result: { errors?: Message[]; exports?: string[] } = JSON.parse(
    execFileSync(process.execPath, [program], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  if (result.errors !== undefined) {
    const problems = result.errors.map(({ text, location }) => `\n  ${place(location)}${text}`).join('');
    throw new ConstructError('ENTRY', `${entry} does not compile:${problems}`);
  }
  if (result.exports?.includes('handler')) return;
  throw new ConstructError(
    'ENTRY',
    `${entry} exports no handler. Expected: export const handler = rotationHandler(() => strategy);`,
  );
}

const place = (location: Message['location']) =>
  location ? `${location.file}:${location.line}:${location.column}: ` : '';
