import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const entries = ['client/index.ts', 'client/pg.ts', 'client/redis.ts'];

describe('12. The client', () => {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'dist/client-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const bundled = (entry: string, format: 'esm' | 'cjs', outfile?: string) =>
    build({
      entryPoints: [path.join(root, entry)],
      outfile: outfile ?? path.join(folder, 'unused.js'),
      write: outfile !== undefined,
      bundle: true,
      packages: 'external',
      platform: 'node',
      target: 'node20',
      format,
      metafile: true,
    });

  it("has no runtime dependency: the AWS SDK is its user's, and a driver is not even imported", async () => {
    const imports = await Promise.all(
      entries.map(async (entry) => {
        const { metafile } = await bundled(entry, 'esm');
        return Object.values(metafile.outputs).flatMap(({ imports }) => imports.map((each) => each.path));
      }),
    );
    const [index, ...adapters] = imports.map((each) => [...new Set(each)].filter((name) => !name.startsWith('node:')));
    expect(index).toEqual(['@aws-sdk/client-secrets-manager']);
    expect(adapters).toEqual([[], []]);
  });

  it.each([
    ['esm', 'mjs', (file: string) => `import * as client from './${file}';`],
    ['cjs', 'cjs', (file: string) => `const client = require('./${file}');`],
  ] as const)('is loaded as %s', async (format, extension, load) => {
    await bundled('client/index.ts', format, path.join(folder, `client.${extension}`));
    const program = path.join(folder, `program.${extension}`);
    writeFileSync(program, `${load(`client.${extension}`)}\nconsole.log(Object.keys(client).sort().join());`);
    const { stdout, exitCode } = await runCommand(process.execPath, [program]);
    expect(stdout).toBe('SecretReadError,secretsCache\n');
    expect(exitCode).toBe(0);
  });
});
