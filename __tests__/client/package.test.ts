import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { nodeVersions } from '../node-versions.ts';
import { runCommand } from '../run-command.ts';
import { readingAccount } from './reading-account.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
/** An application whose server has learned the next password already. */
const READ = `
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { secretsCache } from './reader.mjs';

const cache = secretsCache({ client: new SecretsManagerClient() });
const db = cache.secret('db');
console.log((await db.get()).password);
await db.withRetry(
  async ({ password }) => {
    if (password !== 'the next') throw new Error('refused');
    console.log(password);
  },
  { refused: (error) => error.message === 'refused' },
);
console.log(db.peek().password);
cache.close();
`;

const entries = ['client/index.ts', 'client/pg.ts', 'client/redis.ts'];

describe('The client', () => {
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

  it('has no runtime dependency: its user installs the AWS SDK, and it imports no driver', async () => {
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
    expect(stdout).toBe('SecretReadError,credentialGuard,loginGuard,secretsCache\n');
    expect(exitCode).toBe(0);
  });

  describe.each(nodeVersions)('on Node.js $major', ({ binary, isHere }) => {
    const missing = isHere ? '' : ' (not downloaded: npm run bench does it)';

    it.runIf(isHere)(`reads a secret, and tries the next version if one is refused${missing}`, async () => {
      const { aws, put } = await readingAccount();
      await put({ password: 'the first' });
      await put({ password: 'the next' }, { stages: ['AWSPENDING'] });
      await bundled('client/index.ts', 'esm', path.join(folder, 'reader.mjs'));
      const program = path.join(folder, 'read.mjs');
      writeFileSync(program, READ);
      const variables = Object.entries(aws.environment).map(([name, value]) => `${name}=${value}`);
      const { stdout, exitCode } = await runCommand('env', [...variables, binary, program]);
      expect(stdout).toBe('the first\nthe next\nthe next\n');
      expect(exitCode).toBe(0);
    });
  });
});
