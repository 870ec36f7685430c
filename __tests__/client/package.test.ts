import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

  describe('in a process', () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'rotaform-client-'));
    afterAll(() => rmSync(outside, { recursive: true }));
    const NO_AWS = `const client = { getSecretValue: async () => ({ VersionId: '1', SecretString: '{"a":1}' }) };`;

    async function run(program: string, ...options: readonly string[]) {
      await bundled('client/index.ts', 'esm', path.join(outside, 'client.mjs'));
      await bundled('client/index.ts', 'cjs', path.join(outside, 'client.cjs'));
      const file = path.join(outside, 'program.mjs');
      writeFileSync(file, `import { secretsCache, SecretReadError } from './client.mjs';\n${NO_AWS}\n${program}`);
      const { stdout, stderr } = await runCommand(process.execPath, [...options, file]);
      return stdout || stderr;
    }

    it.each([
      ['ESM', 'const make = secretsCache;'],
      [
        'CommonJS',
        `import { createRequire } from 'node:module';
        const make = createRequire(import.meta.url)('./client.cjs').secretsCache;`,
      ],
    ])('says which package to install if it is missing, from %s', async (_, make) => {
      const stdout = await run(
        `${make} await make().secret('db').get().catch(({ code, message }) => console.log(code, message));`,
      );
      const name = '@aws-sdk/client-secrets-manager';
      expect(stdout).toBe(`CONFIGURATION The package ${name} is not installed. Run npm install ${name}.\n`);
    });

    it('throws what goes wrong inside the AWS SDK as it is told', async () => {
      const sdk = path.join(outside, 'node_modules/@aws-sdk/client-secrets-manager');
      mkdirSync(sdk, { recursive: true });
      writeFileSync(path.join(sdk, 'index.js'), "throw Object.assign(new Error('broken'), { code: 'OTHER' });");
      const stdout = await run('await secretsCache().secret("db").get().catch(({ message }) => console.log(message));');
      rmSync(path.join(outside, 'node_modules'), { recursive: true });
      expect(stdout).not.toContain('is not installed');
      expect(stdout).toContain('db cannot be read');
    });

    it('has one cache for each call, also from both formats at once, whose errors each knows', async () => {
      const stdout = await run(`
        import { createRequire } from 'node:module';
        const other = createRequire(import.meta.url)('./client.cjs');
        for (const make of [secretsCache, other.secretsCache]) {
          const cache = make({ client });
          await cache.secret('db').get();
          cache.close();
          cache.close();
          const error = await cache.secret('db').get().catch((error) => error);
          console.log(cache.stats().calls, error.code, error instanceof SecretReadError, error instanceof other.SecretReadError);
        }`);
      expect(stdout).toBe('1 CLOSED true true\n'.repeat(2));
    });

    it('works in a worker, which has a cache of its own, and under the permission model', async () => {
      const program = `
        import { isMainThread, Worker } from 'node:worker_threads';
        const cache = secretsCache({ client });
        const value = await cache.secret('db').get();
        console.log(isMainThread, value.a, cache.stats().calls);
        if (isMainThread) new Worker(new URL(import.meta.url));`;
      const major = Number.parseInt(process.versions.node, 10);
      const permission = major < 24 ? '--experimental-permission' : '--permission';
      const options = ['--no-warnings', permission, '--allow-worker', `--allow-fs-read=${outside}/*`];
      expect(await run(program, ...options)).toBe('true 1 1\nfalse 1 1\n');
    });

    it('ends at SIGTERM, with all that it has under way', async () => {
      const stdout = await run(`
        const hanging = secretsCache({ client: { getSecretValue: () => new Promise(() => {}) }, timeoutSeconds: 900 });
        hanging.secret('db').get();
        process.once('SIGTERM', () => {
          console.log('closing');
          hanging.close();
        });
        process.on('unhandledRejection', ({ code }) => console.log(code));
        setTimeout(() => process.kill(process.pid, 'SIGTERM'), 50);`);
      expect(stdout).toBe('closing\nCLOSED\n');
    });
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
