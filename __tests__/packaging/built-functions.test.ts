import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeVersions } from '../node-versions.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-functions-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('The functions of lambda/', () => {
  const project = path.join(folder, 'elsewhere');
  const build = (node: string, cwd: string, umask: string) => {
    const program = [
      'umask "$1"; shift; exec "$@"',
      'sh',
      umask,
      node,
      '--import',
      'tsx',
      'constructs/code/build-functions.ts',
    ];
    execFileSync('sh', ['-c', ...program], { cwd, stdio: 'pipe' });
    const built = path.join(cwd, 'dist/lambda');
    const files = readdirSync(built, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return Object.fromEntries(
      files.map(({ parentPath, name }) => {
        const file = path.join(parentPath, name);
        return [path.relative(built, file), createHash('sha256').update(readFileSync(file)).digest('hex')];
      }),
    );
  };

  it.each(nodeVersions.filter(({ isHere }) => isHere))(
    'are the same bytes in another folder, with another umask, by Node.js $major',
    ({ binary }) => {
      const here = fileURLToPath(new URL('../../', import.meta.url));
      if (!existsSync(project)) {
        for (const name of ['lambda', 'rules', 'constructs', 'package.json', 'tsconfig.json']) {
          cpSync(path.join(here, name), path.join(project, name), { recursive: true });
        }
        symlinkSync(path.join(here, 'node_modules'), path.join(project, 'node_modules'));
      }
      rmSync(path.join(project, 'dist'), { recursive: true, force: true });
      const elsewhere = build(binary, project, '077');
      const built = Object.entries(elsewhere).filter(([file]) => file.endsWith('index.js'));
      expect(built.length).toBeGreaterThan(3);
      // What this process's own Node.js has built, before the tests began.
      const ours = path.join(here, 'dist/lambda');
      for (const [file, hash] of Object.entries(elsewhere)) {
        expect(
          createHash('sha256')
            .update(readFileSync(path.join(ours, file)))
            .digest('hex'),
          file,
        ).toBe(hash);
      }
    },
    120_000,
  );
});
