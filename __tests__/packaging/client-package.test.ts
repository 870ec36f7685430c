import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cachedTool } from '../cached-tool.ts';
import { readingAccount } from '../client/reading-account.ts';
import { runCommand } from '../run-command.ts';
import { packOnce } from './pack-once.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const archive = path.join(root, 'dist/rotaform-client-0.1.0.tgz');
const bin = (name: string) => path.join(root, 'node_modules/.bin', name);
const pnpm = cachedTool('pnpm/node_modules/pnpm/bin/pnpm.cjs');
const noPnpm = ' (skipped: pnpm is not installed; .ci/install-tools does it)';
type Type = 'module' | 'commonjs';

/**
 * What the cache adds to an application, and each entry to the cache: in kB of 1,000 bytes, bundled and minified, without the
 * application's own AWS SDK; and the same compressed.
 */
const MOST_KB: Readonly<Record<string, { readonly minified: number; readonly compressed: number }>> = {
  '.': { minified: 15, compressed: 7 },
  // It opens the connection and follows the login itself: its driver has no place for that.
  './postgres-js': { minified: 5.8, compressed: 2.6 },
  // It follows the login through the driver's own way to connect again.
  './ioredis': { minified: 3.2, compressed: 1.3 },
  './local-secrets': { minified: 2.5, compressed: 1.1 },
  './opentelemetry': { minified: 2.7, compressed: 1.2 },
};
const MOST_KB_OF_ADAPTER = { minified: 2.2, compressed: 1 };

const read = `
(async () => {
  const cache = secretsCache();
  const db = cache.secret('db');
  console.log((await db.get()).password);
  cache.close();
})();`;
const programs = {
  module: `import { secretsCache } from 'rotaform-client';${read}`,
  commonjs: `const { secretsCache } = require('rotaform-client');${read}`,
};

describe('the package rotaform-client', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-client-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let manifest: Readonly<Record<string, Record<string, unknown>>>;
  let entries: string[];

  beforeAll(async () => {
    const { exitCode, stderr } = await packOnce();
    expect(stderr).not.toMatch(/ERROR/);
    expect(exitCode).toBe(0);
    manifest = JSON.parse(readFileSync(path.join(root, 'dist/client-package/package.json'), 'utf8'));
    entries = Object.keys(manifest.exports ?? {}).filter((name) => name !== './package.json');
  }, 600_000);

  it('has no dependency, no install script and no required peer', () => {
    for (const each of ['dependencies', 'devDependencies', 'optionalDependencies', 'scripts', 'bundleDependencies'])
      expect(manifest).not.toHaveProperty(each);
    expect(Object.keys(manifest.peerDependencies ?? {})).toContain('@aws-sdk/client-secrets-manager');
    for (const peer of Object.keys(manifest.peerDependencies ?? {}))
      expect(manifest.peerDependenciesMeta).toEqual(expect.objectContaining({ [peer]: { optional: true } }));
  });

  it('adds at most 15 kB to an application (minified; 7 kB compressed), and most adapters at most 2.2 kB more', async () => {
    const sizes = async (...names: readonly string[]) => {
      const { outputFiles } = await build({
        stdin: {
          contents: names.map((name) => `export * from './${name}.js';`).join('\n'),
          resolveDir: path.join(root, 'dist/client-package/esm'),
        },
        bundle: true,
        minify: true,
        packages: 'external',
        platform: 'node',
        target: 'node20',
        format: 'esm',
        write: false,
        logLevel: 'error',
      });
      const bytes = outputFiles[0]?.contents ?? new Uint8Array();
      return { minified: bytes.length / 1000, compressed: gzipSync(bytes).length / 1000 };
    };
    const core = await sizes('index');
    for (const entry of entries) {
      const all = entry === '.' ? core : await sizes('index', entry);
      const before = entry === '.' ? { minified: 0, compressed: 0 } : core;
      const { minified, compressed } = MOST_KB[entry] ?? MOST_KB_OF_ADAPTER;
      expect(all.minified - before.minified, `${entry}, minified`).toBeLessThanOrEqual(minified);
      expect(all.compressed - before.compressed, `${entry}, compressed`).toBeLessThanOrEqual(compressed);
    }
  });

  const install = async (type: Type, command: string, ...args: string[]) => {
    const project = mkdtempSync(path.join(folder, `${type}-`));
    writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'app', type }));
    expect(await runCommand(command, [...args, archive], project)).toMatchObject({ exitCode: 0 });
    return project;
  };
  const reads = async (project: string, type: Type) => {
    const modules = path.join(project, 'node_modules');
    expect(readdirSync(modules).filter((name) => !name.startsWith('.'))).toEqual(['rotaform-client']);
    const files = readdirSync(path.join(modules, 'rotaform-client'), { recursive: true, encoding: 'utf8' });
    const bytes = files.map((file) => statSync(path.join(modules, 'rotaform-client', file)).size);
    expect(bytes.reduce((sum, each) => sum + each) / 1e6, 'MB installed').toBeLessThan(0.5);
    writeFileSync(path.join(project, 'main.js'), programs[type]);
    const { aws, put } = await readingAccount();
    await put({ password: 'the first' });
    const variables = Object.entries(aws.environment).map(([name, value]) => `${name}=${value}`);
    const run = () => runCommand('env', [...variables, process.execPath, 'main.js'], project);
    expect((await run()).stderr).toContain('Run npm install @aws-sdk/client-secrets-manager.');
    // The application's own AWS SDK.
    symlinkSync(path.join(root, 'node_modules/@aws-sdk'), path.join(modules, '@aws-sdk'));
    expect((await run()).stdout).toBe('the first\n');
  };

  describe.each(['module', 'commonjs'] as const)('in a project that is %s', (type) => {
    it('installs by itself with npm, and reads a secret', async () => {
      const project = await install(type, 'npm', 'install', '--offline', '--no-audit', '--no-fund');
      await reads(project, type);
    });

    it.skipIf(!pnpm)(`installs by itself with pnpm, and reads a secret${pnpm ? '' : noPnpm}`, async () => {
      const project = await install(type, process.execPath, pnpm ?? '', 'add', '--offline');
      await reads(project, type);
    });
  });

  it('has types for NodeNext and for CommonJS, even without the AWS SDK and the drivers', async () => {
    const project = mkdtempSync(path.join(folder, 'types-'));
    const modules = path.join(project, 'node_modules');
    mkdirSync(modules);
    await runCommand('tar', ['-xzf', archive, '-C', modules]);
    await runCommand('mv', ['package', 'rotaform-client'], modules);
    mkdirSync(path.join(modules, '@types'));
    symlinkSync(path.join(root, 'node_modules/@types/node'), path.join(modules, '@types/node'));
    symlinkSync(path.join(root, 'node_modules/undici-types'), path.join(modules, 'undici-types'));
    const uses = `import { secretsCache, type RotatingSecret } from 'rotaform-client';
      export const secret: RotatingSecret<unknown> = secretsCache().secret('db');
      // @ts-expect-error: no number is a name
      secretsCache().secret(1);`;
    for (const type of ['module', 'commonjs']) {
      writeFileSync(path.join(project, 'package.json'), JSON.stringify({ type }));
      writeFileSync(path.join(project, 'uses.ts'), uses);
      const options = { module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, types: ['node'] };
      writeFileSync(
        path.join(project, 'tsconfig.json'),
        JSON.stringify({ compilerOptions: { ...options, skipLibCheck: false }, files: ['uses.ts'] }),
      );
      const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
      const { stdout, exitCode } = await runCommand(process.execPath, [tsc, '-p', project]);
      expect(stdout).toBe('');
      expect(exitCode).toBe(0);
    }
  });

  it('gives publint and attw nothing to report', async () => {
    const lint = await runCommand(bin('publint'), ['dist/client-package', '--strict']);
    expect(lint.stdout).toContain('All good!');
    const types = await runCommand(bin('attw'), [archive, '--profile', 'node16', '--format', 'ascii']);
    expect(types.stdout.match(/node16 \(from (CJS|ESM)\): 🟢/g)).toHaveLength(2 * entries.length + 2);
    expect(types.stdout.replaceAll(/^.*ignored.*$/gm, '')).not.toMatch(/[❌💀🎭👺🚭🐛🥴]/u);
  });
});
