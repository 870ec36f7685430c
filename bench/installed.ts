import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../node_modules/.cache/rotaform/', import.meta.url));

/** A folder with these packages of the npm registry in its `node_modules`, kept for the next time. */
export function installed(name: string, ...packages: readonly string[]): string {
  const folder = path.join(cache, name);
  // What npm writes last.
  if (existsSync(path.join(folder, 'node_modules', '.package-lock.json'))) return folder;
  mkdirSync(folder, { recursive: true });
  const options = ['--no-save', '--no-audit', '--no-fund', '--silent', '--prefix', folder];
  execFileSync('npm', ['install', ...options, ...packages], { stdio: 'inherit' });
  return folder;
}
