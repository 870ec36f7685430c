import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeBinary } from '../../bench/node-binary.ts';
import { targetNames } from '../../rules/targets.ts';

interface Machine {
  readonly umask: string;
  readonly timeZone: string;
  readonly node: () => string;
}

const OURS: Machine = { umask: '022', timeZone: 'UTC', node: () => process.execPath };
/** Each differs from ours in everything that could show. */
const OTHERS: Readonly<Record<string, Machine>> = {
  'Node.js 22, umask 077, Tokyo': { umask: '077', timeZone: 'Asia/Tokyo', node: () => nodeBinary(22) },
  'Node.js 24, umask 002, Lima': { umask: '002', timeZone: 'America/Lima', node: () => nodeBinary(24) },
};

/** The files of the package as Git keeps them: their bytes, and whether they can be run. */
function built({ umask, timeZone, node }: Machine): Record<string, string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-same-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const command = `umask ${umask}; exec "$0" --import tsx packaging/build-module.ts "$1"`;
  execFileSync('sh', ['-c', command, node(), folder], { env: { ...process.env, TZ: timeZone }, stdio: 'pipe' });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => {
        const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
        return [path.relative(folder, file), `${hash}${canRun(file) ? ' runs' : ''}`];
      }),
  );
}

function canRun(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

describe('npm run package:module', () => {
  it('makes the same bytes with every umask, time zone and Node.js', { timeout: 600_000 }, () => {
    const ours = built(OURS);
    expect(Object.keys(ours)).toEqual(
      expect.arrayContaining([
        ...targetNames.map((target) => `modules/function/archives/${target}.zip`),
        ...['functions.json', 'README.md', 'modules/password/README.md', 'CHANGELOG.md', 'LICENSE'],
      ]),
    );
    for (const [what, machine] of Object.entries(OTHERS)) expect(built(machine), what).toEqual(ours);
  });
});
