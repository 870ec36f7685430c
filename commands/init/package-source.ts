import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../usage-error.ts';

const LOCAL = /^(file:|\.{1,2}[\\/]|[\\/]|[A-Za-z]:[\\/])/;

/**
 * Where a project gets the package rotaform from, as its package.json says it.
 * @param given with --package: a tarball, a folder, a URL or a version
 * @throws UsageError it was not given, and cannot be told from where this one came
 */
export function packageSource(given: string | undefined): string {
  if (given !== undefined) return checked(given);
  const found = ownSource();
  if (found !== undefined) return found;
  throw new UsageError(
    'rotaform is in no registry, and this one does not know where it came from. Give --package FILE, such as --package ../rotaform-0.1.0.tgz.',
  );
}

function checked(given: string): string {
  if (!LOCAL.test(given) && !given.endsWith('.tgz')) return given;
  if (/^https?:/.test(given)) return given;
  const file = given.replace(/^file:/, '');
  if (existsSync(file)) return fromHere(file);
  throw new UsageError(`--package is "${given}". There is no such file. Give the tarball that npm run package made.`);
}

/** What the package.json says that this package was installed for: a project's, or that of the cache of npx or pnpm dlx. */
function ownSource(): string | undefined {
  const self = fileURLToPath(import.meta.url);
  for (let folder = path.dirname(self); folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const source = sourceIn(folder);
    if (source === undefined) continue;
    const file = LOCAL.test(source) ? path.resolve(folder, source.replace(/^file:/, '')) : undefined;
    return file === undefined ? source : fromHere(file);
  }
  return undefined;
}

function sourceIn(folder: string): string | undefined {
  try {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return { ...dependencies, ...devDependencies }.rotaform;
  } catch {
    return undefined;
  }
}

/** A path that stays right if both are moved together. */
function fromHere(file: string): string {
  const relative = path.relative('', file).replaceAll(path.sep, '/');
  return `file:${relative.startsWith('.') || path.isAbsolute(relative) ? relative : `./${relative}`}`;
}
