import path from 'node:path';
import { installed } from './installed.ts';

/** The newest Node.js of a major version, from the npm registry, kept for the next time. */
export function nodeBinary(major: number): string {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const target = `${platform}-${process.arch}`;
  const name = target === 'darwin-arm64' ? `node-bin-${target}` : `node-${target}`;
  return path.join(installed(`node-${major}`, `${name}@${major}`), 'node_modules', name, 'bin', 'node');
}
