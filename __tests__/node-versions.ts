import { existsSync } from 'node:fs';
import path from 'node:path';

/** A Node.js that our code must run on. */
export interface NodeVersion {
  readonly major: string;
  readonly binary: string;
  /** Whether it is on this machine: `.ci/run` downloads what is not this process's own. */
  readonly isHere: boolean;
}

export const nodeVersions: readonly NodeVersion[] = ['20', '22', '24'].map((major) => {
  const downloaded = path.resolve(`node_modules/.cache/rotaform/node-${major}/node_modules/.bin/node`);
  const binary = process.versions.node.startsWith(`${major}.`) ? process.execPath : downloaded;
  return { major, binary, isHere: existsSync(binary) };
});
