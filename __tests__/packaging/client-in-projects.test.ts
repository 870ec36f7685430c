import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cachedTool } from '../cached-tool.ts';
import { readingAccount } from '../client/reading-account.ts';
import { runCommand } from '../run-command.ts';
import { packOnce } from './pack-once.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const archive = path.join(root, 'dist/rotaform-client-0.1.0.tgz');
const { exports } = JSON.parse(readFileSync(path.join(root, 'client/package.json'), 'utf8'));
const entries = Object.keys(exports)
  .filter((name) => name !== './package.json')
  .map((name) => path.posix.join('rotaform-client', name));
const types = ['module', 'commonjs'] as const;
type Type = (typeof types)[number];

const tools = 'projects/node_modules';
const webpackAt = cachedTool(`${tools}/webpack/lib/index.js`);
const jest = cachedTool(`${tools}/jest/bin/jest.js`);
const typescripts = {
  5: cachedTool(`${tools}/typescript/bin/tsc`),
  7: path.join(root, 'node_modules/typescript/bin/tsc'),
};
const missing = webpackAt
  ? ''
  : ' (skipped: webpack, Jest and TypeScript 5 are not installed; .ci/install-tools does it)';

/** By the version of TypeScript; version 7 has no node10 any more. */
const RESOLUTIONS: Readonly<Record<Type, [5 | 7, string, string][]>> = {
  module: [
    [5, 'node16', 'Node16'],
    [7, 'bundler', 'ESNext'],
  ],
  commonjs: [
    [5, 'node10', 'CommonJS'],
    [5, 'node16', 'Node16'],
    [7, 'nodenext', 'NodeNext'],
  ],
};

/** What its entries need of an application, which has it of this project. */
const PEERS = [
  '@aws-sdk',
  '@opentelemetry',
  '@types',
  'pg',
  'redis',
  '@redis',
  'reflect-metadata',
  'rxjs',
  'undici-types',
];

/** Reads a secret with the application's own AWS SDK, and knows each entry by a name that it exports. */
function program(type: Type, names: readonly string[]): string {
  const load = (name: string, entry: string) =>
    type === 'module' ? `import * as ${name} from '${entry}';` : `const ${name} = require('${entry}');`;
  return `${names.map((entry, index) => load(`entry${index}`, entry)).join('\n')}
(async () => {
  const entries = [${names.map((_, index) => `entry${index}`).join()}];
  if (!entries.every((entry) => Object.keys(entry).length > 0)) throw new Error('An entry is empty.');
  const cache = entry0.secretsCache();
  console.log((await cache.secret('db').get()).password);
  cache.close();
})();
`;
}

describe.skipIf(!webpackAt)(`rotaform-client in the projects of its users${missing}`, () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-client-in-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const projects = Object.fromEntries(types.map((type) => [type, path.join(folder, type)])) as Record<Type, string>;

  beforeAll(async () => {
    const { exitCode } = await packOnce();
    expect(exitCode).toBe(0);
    for (const type of types) {
      const modules = path.join(projects[type], 'node_modules');
      mkdirSync(modules, { recursive: true });
      await runCommand('tar', ['-xzf', archive, '-C', modules]);
      await runCommand('mv', ['package', 'rotaform-client'], modules);
      for (const peer of PEERS) symlinkSync(path.join(root, 'node_modules', peer), path.join(modules, peer));
      // NestJS 12 is ES modules alone, which Jest does not load from CommonJS.
      const nestjs = type === 'module' ? root : path.join(root, 'node_modules/.cache/rotaform/nestjs-11');
      symlinkSync(path.join(nestjs, 'node_modules/@nestjs'), path.join(modules, '@nestjs'));
      writeFileSync(path.join(projects[type], 'package.json'), JSON.stringify({ name: 'app', type }));
    }
  }, 600_000);

  async function runInAccount(project: string, ...args: readonly string[]) {
    const { aws, put } = await readingAccount();
    await put({ password: 'the first' });
    const variables = Object.entries(aws.environment).map(([name, value]) => `${name}=${value}`);
    return runCommand('env', [...variables, process.execPath, ...args], project);
  }

  /** @returns where the bundle is */
  async function withWebpack(project: string, entry: string, more: object): Promise<string> {
    const output = { path: path.join(project, 'webpack'), filename: 'main.cjs', chunkFilename: '[id].cjs' };
    const options = { mode: 'production', target: 'node20', context: project, entry, output, ...more };
    const webpack = createRequire(import.meta.url)(webpackAt ?? '') as Webpack;
    const stats = await new Promise<Stats>((resolve, reject) =>
      webpack(options, (error, made) => (made ? resolve(made) : reject(error))),
    );
    expect(stats.toString({ all: false, errors: true, warnings: true })).toBe('');
    return path.join(options.output.path, 'main.cjs');
  }
  const peers = { '@nestjs/common': 'commonjs @nestjs/common', '@opentelemetry/api': 'commonjs @opentelemetry/api' };

  describe.each(types)('a project that is %s', (type) => {
    it.each(['webpack', 'esbuild'])(
      'is bundled by %s, with all entries and the AWS SDK, and reads a secret',
      async (by) => {
        const project = projects[type];
        writeFileSync(path.join(project, 'main.js'), program(type, entries));
        const outfile = path.join(project, 'esbuild/main.cjs');
        const options = { entryPoints: [path.join(project, 'main.js')], outfile, bundle: true, minify: true };
        const file =
          by === 'webpack'
            ? await withWebpack(project, './main.js', { externals: peers, optimization: { minimize: false } })
            : await build({ ...options, platform: 'node', external: Object.keys(peers) }).then(() => outfile);
        const { stdout, stderr } = await runInAccount(project, file);
        expect({ stdout, stderr }).toEqual({ stdout: 'the first\n', stderr: '' });
      },
    );

    it('is tested by Jest, which loads each entry, reads a secret, and moves its clock', async () => {
      const project = projects[type];
      const load = type === 'module' ? 'await import(entry)' : 'require(entry)';
      writeFileSync(
        path.join(project, 'app.test.js'),
        `${type === 'module' ? "import { secretsCache, SecretReadError } from 'rotaform-client';\nconst { jest } = import.meta;" : "const { secretsCache, SecretReadError } = require('rotaform-client');"}
        test.each(${JSON.stringify(entries)})('%s', async (entry) => {
          expect(Object.keys(${load}).length).toBeGreaterThan(0);
        });
        test('reads', async () => {
          const cache = secretsCache();
          const db = cache.secret('db');
          expect(await db.get()).toEqual({ password: 'the first' });
          const refused = (error) => error.message === 'refused';
          const attempt = async () => { throw new Error('refused'); };
          await expect(db.withRetry(attempt, { refused, timeoutSeconds: 0.1 })).rejects.toThrow('refused');
          const error = await cache.secret('absent').get().catch((error) => error);
          expect(error).toBeInstanceOf(SecretReadError);
          expect(error.code).toBe('NOT_FOUND');
          cache.close();
        });
        test('has a value whose age is by the clock of the test', async () => {
          jest.useFakeTimers();
          const cache = secretsCache({ client: { getSecretValue: async () => ({ VersionId: '1', SecretString: '1' }) } });
          const db = cache.secret('db');
          await db.get();
          expect(db.peek()).toBe('1');
          jest.advanceTimersByTime(301_000);
          expect(db.peek()).toBeUndefined();
          jest.useRealTimers();
        });`,
      );
      const config = JSON.stringify({
        rootDir: project,
        testEnvironment: 'node',
        transform: {},
        cacheDirectory: folder,
      });
      const flags = type === 'module' ? ['--experimental-vm-modules', '--no-warnings'] : [];
      const { stderr, exitCode } = await runInAccount(
        project,
        ...[...flags, jest ?? '', '--ci', '--runInBand', '--watchman=false', `--config=${config}`],
      );
      expect(stderr).toContain(`Tests:       ${entries.length + 2} passed, ${entries.length + 2} total`);
      expect(exitCode, stderr).toBe(0);
    });

    it.each(RESOLUTIONS[type])(
      'has types by TypeScript %i with moduleResolution %s',
      async (version, moduleResolution, module) => {
        const project = projects[type];
        const uses = entries.map((entry, index) => `import * as entry${index} from '${entry}';`).join('\n');
        writeFileSync(
          path.join(project, 'uses.ts'),
          `${uses}
        import { secretsCache, type RotatingSecret } from 'rotaform-client';
        export const secret: RotatingSecret<unknown> = secretsCache().secret('db');
        // @ts-expect-error: no number is a name
        secretsCache().secret(1);
        export const entries: object[] = [${entries.map((_, index) => `entry${index}`).join()}];`,
        );
        const compilerOptions = {
          ...{ module, moduleResolution, target: 'ES2022', strict: true, noEmit: true, types: ['node'] },
          skipLibCheck: true,
        };
        writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['uses.ts'] }));
        const { stdout } = await runCommand(process.execPath, [typescripts[version] ?? '', '-p', project]);
        expect(stdout).toBe('');
      },
    );
  });

  it('adds at most 15 kB to a bundle of webpack', async () => {
    const project = projects.module;
    const sdk = '@aws-sdk/client-secrets-manager';
    const bytes = async (name: string, code: string) => {
      writeFileSync(path.join(project, `${name}.js`), code);
      const output = { path: path.join(project, name), filename: 'main.cjs', library: { type: 'commonjs2' } };
      const externals = { [sdk]: `commonjs ${sdk}` };
      return statSync(await withWebpack(project, `./${name}.js`, { output, externals })).size;
    };
    // The same without it, which has what webpack itself adds.
    const without = await bytes('without', `export const read = () => import('${sdk}');`);
    const added = (await bytes('with', "export * from 'rotaform-client';")) - without;
    expect(added / 1000).toBeLessThanOrEqual(15);
  });
});

/** What is used of webpack. */
type Webpack = (options: object, done: (error: Error | null, stats?: Stats) => void) => void;
interface Stats {
  toString(options: object): string;
}
