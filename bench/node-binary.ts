import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = fileURLToPath(new URL('../node_modules/.cache/rotaform/', import.meta.url));

/** The newest Node.js of a major version, from the npm registry, kept for the next time. */
export function nodeBinary(major: number): string {
  const folder = path.join(cache, `node-${major}`);
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const target = `${platform}-${process.arch}`;
  const name = target === 'darwin-arm64' ? `node-bin-${target}` : `node-${target}`;
  const binary = path.join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const args = [
      'install',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--silent',
      '--prefix',
      folder,
      `${name}@${major}`,
    ];
    execFileSync('npm', args, { stdio: 'inherit' });
  }
  return binary;
}
