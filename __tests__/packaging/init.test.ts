import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { initTargets } from '../../commands/init/targets/targets.ts';
import { hasMariadb } from '../../harness/throw-away-mariadb.ts';
import { cachedTool } from '../cached-tool.ts';
import { skipWithoutMariadb } from '../mariadb-server.ts';
import { runCommand } from '../run-command.ts';
import { packOnce } from './pack-once.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const archive = path.join(root, 'dist/rotaform-0.1.0.tgz');
const cdktn = cachedTool('cdktn-own/node_modules');
const pnpm = cachedTool('pnpm/node_modules/pnpm/bin/pnpm.cjs');
const OFFLINE = ['--prefer-offline', '--no-audit', '--no-fund'];

describe('npx rotaform init, from the packed tarball, outside of this repository', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform init ä-'));
  /** What npm has installed, for the variants that need no more. */
  const installed = path.join(folder, 'installed');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    expect(await packOnce()).toMatchObject({ exitCode: 0 });
    mkdirSync(installed);
    expect(await runCommand('npm', ['install', '--save-dev', ...OFFLINE, archive], installed)).toMatchObject({
      exitCode: 0,
    });
    for (const target of ['postgres', 'mysql']) {
      const init = await runCommand(
        'npx',
        ['rotaform', 'init', '--target', target, '--name', `a/${target}`],
        installed,
      );
      expect(init).toMatchObject({ exitCode: 0, stderr: '' });
    }
    expect(await runCommand('npm', ['install', ...OFFLINE], installed)).toMatchObject({ exitCode: 0 });
  }, 900_000);

  /** A new folder with those packages. */
  const project = (name: string, files: Readonly<Record<string, string>> = {}) => {
    const made = path.join(folder, name);
    mkdirSync(made);
    symlinkSync(path.join(installed, 'node_modules'), path.join(made, 'node_modules'));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(made, file), text);
    return made;
  };
  const init = (made: string, ...args: string[]) => runCommand('npx', ['rotaform', 'init', ...args], made);
  const holds = async (made: string, secret: string) => {
    expect(await runCommand('npx', ['tsc'], made)).toMatchObject({ exitCode: 0, stdout: '' });
    const { exitCode, stdout, stderr } = await runCommand('npx', ['rotaform', 'start'], made);
    expect(stderr).toBe('');
    expect(stdout).toContain(`${secret} rotated in`);
    expect(exitCode).toBe(0);
    const test = await runCommand('npx', ['vitest', 'run'], made);
    expect(`${test.stdout}${test.stderr}`).toMatch(/1 passed/);
  };

  it.each(['module', 'commonjs'])('writes a PostgreSQL login that rotates, installed with npm: %s', async (format) => {
    const made = project(`postgres-${format}`);
    const { exitCode, stdout } = await init(
      made,
      '--target',
      'postgres',
      '--name',
      'my-app/db',
      '--format',
      format,
      '--package',
      archive,
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Wrote main\.ts, .*secrets\.ts, secrets\.test\.ts, rotaform\.local\.ts, package\.json\.\n/);
    expect(stdout).toMatch(/Then run\n {2}npm install\n {2}npx rotaform start\n {2}npm test\n/);
    await holds(made, 'my-app/db');
  });

  const others = Object.keys(initTargets).filter((name) => name !== 'postgres' && (hasMariadb || name !== 'mysql'));
  if (!hasMariadb) skipWithoutMariadb('npx rotaform init --target mysql');
  it.each(others)('writes what rotates for %s', async (target) => {
    const made = project(target);
    const { exitCode } = await init(made, '--target', target, '--name', `my-app/${target}`, '--package', archive);
    expect(exitCode).toBe(0);
    await holds(made, `my-app/${target}`);
  });

  it.skipIf(!pnpm)(
    `works with pnpm${pnpm ? '' : ' (skipped: pnpm is not installed; .ci/install-tools does it)'}`,
    async () => {
      const made = path.join(folder, 'pnpm');
      mkdirSync(made);
      const run = (...args: string[]) => runCommand(process.execPath, [pnpm ?? '', ...args], made);
      expect(await run('add', '--prefer-offline', '-D', archive)).toMatchObject({ exitCode: 0 });
      const { stdout } = await run('exec', 'rotaform', 'init', '--target', 'custom', '--name', 'my-app/key');
      expect(stdout).toMatch(/Then run\n {2}pnpm install\n {2}pnpm rotaform start\n/);
      // Where CI is set, pnpm takes the lockfile as it is unless told otherwise.
      expect(await run('install', '--prefer-offline', '--no-frozen-lockfile')).toMatchObject({ exitCode: 0 });
      await holds(made, 'my-app/key');
    },
    600_000,
  );

  it('adds one to an existing project, and changes none of its files but package.json', async () => {
    const main = `import { App, TerraformStack } from 'cdktf';\nclass Mine extends TerraformStack {}\nconst app = new App();\nnew Mine(app, 'mine');\napp.synth();\n`;
    const manifest =
      '{\r\n\t"name": "mine",\r\n\t"devDependencies": {\r\n\t\t"cdktf": "^0.21.0",\r\n\t\t"jest": "^29.0.0"\r\n\t}\r\n}';
    const config = '{ "language": "typescript", "app": "npx tsx main.ts" }';
    const made = project('existing', {
      'main.ts': main,
      'package.json': manifest,
      'cdktf.json': config,
      'secrets.ts': '// mine\n',
    });
    const { exitCode, stdout } = await init(
      made,
      '--target',
      'password',
      '--name',
      'mine/login',
      '--package',
      archive,
      '--json',
    );
    expect(exitCode).toBe(0);
    const { written, edit } = JSON.parse(stdout);
    expect(written).toEqual(['mine-login.ts', 'mine-login.test.ts']);
    expect(edit).toEqual(expect.arrayContaining(["new ArchiveProvider(this, 'archive');", 'declareMineLogin(this);']));
    for (const [file, text] of Object.entries({ 'main.ts': main, 'cdktf.json': config, 'secrets.ts': '// mine\n' }))
      expect(readFileSync(path.join(made, file), 'utf8')).toBe(text);
    const added = readFileSync(path.join(made, 'package.json'), 'utf8');
    expect(added).toMatch(/^\{\r\n\t"name": "mine",\r\n\t"devDependencies": \{\r\n\t\t"@aws-sdk/);
    expect(added.replaceAll('\r\n', '')).not.toContain('\n');
    expect(JSON.parse(added)).toMatchObject({
      devDependencies: { cdktf: '^0.21.0', rotaform: expect.stringMatching(/^file:/) },
    });
    expect(JSON.parse(added)).not.toHaveProperty('scripts');
    expect(readFileSync(path.join(made, 'mine-login.test.ts'), 'utf8')).not.toContain('vitest');
  });

  it('adds secrets to the project that it made, each with a stand-in of its own, and check-stack accepts them', async () => {
    const made = project('several');
    await init(made, '--target', 'postgres', '--name', 'my-app/db', '--package', archive);
    const main = path.join(made, 'main.ts');
    for (const [target, name] of [
      ['postgres', 'my-app/orders'],
      ['custom', 'db'],
      ['oauth-token', 'main'],
    ]) {
      const { stdout } = await init(made, '--target', target ?? '', '--name', name ?? '', '--json');
      const [imported, , , declared] = JSON.parse(stdout).edit;
      const text = readFileSync(main, 'utf8');
      writeFileSync(main, `${imported}\n${text.replace('app.synth();', `${declared}\n\napp.synth();`)}`);
    }
    expect(await runCommand('npx', ['tsc'], made)).toMatchObject({ exitCode: 0, stdout: '' });
    const { stdout } = await runCommand('npx', ['rotaform', 'start'], made);
    for (const name of ['my-app/db', 'my-app/orders', 'db', 'main']) expect(stdout).toContain(`${name} rotated in`);
    expect(stdout).toMatch(/secrets\.ts +is yours/);
    expect(await runCommand('npx', ['rotaform', 'synth'], made)).toMatchObject({ exitCode: 0 });
    const check = await runCommand('npx', ['rotaform', 'check-stack', 'cdktf.out/stacks/several'], made);
    expect(check).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.skipIf(!cdktn)(
    `writes for CDK Terrain by the name of its package${cdktn ? '' : ' (skipped: cdktn is not installed; .ci/install-tools does it)'}`,
    async () => {
      const made = path.join(folder, 'cdktn');
      mkdirSync(path.join(made, 'node_modules'), { recursive: true });
      const link = (from: string, name: string) => symlinkSync(from, path.join(made, 'node_modules', name));
      const own = new Set(['.bin', '.package-lock.json', '@cdktf', 'cdktf', 'constructs', 'rotaform']);
      for (const name of readdirSync(path.join(installed, 'node_modules'))) {
        if (!own.has(name)) link(path.join(installed, 'node_modules', name), name);
      }
      for (const name of ['cdktn', '@cdktn', 'constructs']) link(path.join(cdktn ?? '', name), name);
      // A copy: of a link, Node.js would look for its peers where that leads.
      cpSync(path.join(installed, 'node_modules/rotaform'), path.join(made, 'node_modules/rotaform'), {
        recursive: true,
      });
      cpSync(path.join(installed, 'node_modules/.bin'), path.join(made, 'node_modules/.bin'), {
        recursive: true,
        verbatimSymlinks: true,
      });
      const files = {
        'package.json': '{"name":"terrain","type":"module","dependencies":{"cdktn":"^0.24.0","constructs":"~10.7.2"}}',
        'cdktf.json': '{"language":"typescript","app":"npx tsx main.ts"}',
        'tsconfig.json':
          '{"compilerOptions":{"target":"ES2022","module":"NodeNext","types":["node"],"strict":true,"noEmit":true,"skipLibCheck":true}}',
      };
      for (const [file, text] of Object.entries(files)) writeFileSync(path.join(made, file), text);
      const { stdout } = await init(
        made,
        '--target',
        'password',
        '--name',
        'terrain/login',
        '--package',
        archive,
        '--json',
      );
      const { edit, added } = JSON.parse(stdout);
      expect(added).toEqual(expect.arrayContaining(['devDependencies.@cdktn/provider-aws']));
      const [, option = ''] = /new App\(\): (.*)$/.exec(edit.at(-1)) ?? [];
      const imports = edit.filter((line: string) => line.startsWith('import '));
      const declared = edit.filter((line: string) => /^(new|declare)/.test(line));
      writeFileSync(
        path.join(made, 'main.ts'),
        `import { App, TerraformStack } from 'cdktn';\n${imports.join('\n')}\nclass Mine extends TerraformStack {\n  constructor(app: App) {\n    super(app, 'mine');\n    ${declared.join('\n    ')}\n  }\n}\nconst app = new App({ ${option} });\nnew Mine(app);\napp.synth();\n`,
      );
      await holds(made, 'terrain/login');
      const json = readFileSync(path.join(made, 'cdktf.out/stacks/mine/cdk.tf.json'), 'utf8');
      expect(json).toContain('"version": "0.24.');
      expect(existsSync(path.join(made, 'node_modules/cdktf'))).toBe(false);
    },
  );

  it('is what CDKTF wants: the template of its command line compiles with skipLibCheck off', async () => {
    const template = cachedTool('cdktf-cli/node_modules/cdktf-cli/bundle/templates/typescript/tsconfig.json');
    if (template === undefined) throw new Error('cdktf-cli is not installed; .ci/install-tools does it');
    const made = project('template', { 'cdktf.json': '{ "language": "typescript", "app": "npx ts-node main.ts" }' });
    const { exitCode } = await init(made, '--target', 'oauth-token', '--name', 'a/token', '--package', archive);
    expect(exitCode).toBe(0);
    // CDKTF's own types, and those of the test runner, are not ours to check: the package's are.
    cpSync(template, path.join(made, 'template.json'));
    const uses =
      "import * as main from 'rotaform'; import * as lambda from 'rotaform/lambda'; export { lambda, main };";
    writeFileSync(path.join(made, 'uses.ts'), uses);
    const options = { skipLibCheck: false, noEmit: true, types: ['node'], module: 'CommonJS', incremental: false };
    writeFileSync(
      path.join(made, 'tsconfig.json'),
      JSON.stringify({ extends: './template.json', compilerOptions: options, include: [], files: ['uses.ts'] }),
    );
    const { stdout } = await runCommand('npx', ['tsc'], made);
    expect(stdout.split('\n').filter((line) => line.includes('rotaform'))).toEqual([]);
  });

  it.each<[string, string[], Readonly<Record<string, string>>, number, RegExp]>([
    [
      'a file that is there',
      ['--yes'],
      { 'main.ts': 'mine' },
      1,
      /^main\.ts already exists\. init does not overwrite files/,
    ],
    [
      'no answer and no terminal to ask on',
      [],
      {},
      2,
      /^--target and --name are not given, and there is no terminal to ask on\./,
    ],
    ['a target that is not there', ['--target', 'mongo'], {}, 2, /^--target is "mongo"\. Expected one of: password, /],
    ['a name that AWS refuses', ['--yes', '--name', "it's"], {}, 2, /^--name is "it's"\. Expected 1 to 512 letters/],
    ['a name that ends like an ARN', ['--yes', '--name', 'a/db-master'], {}, 2, /It ends like an ARN/],
    [
      'a package that is not there',
      ['--yes', '--package', './none.tgz'],
      {},
      2,
      /^--package is ".\/none\.tgz"\. There is no such file/,
    ],
    [
      'a package.json that is none',
      ['--yes'],
      { 'package.json': '{' },
      1,
      /^package\.json is not JSON: .* Nothing was written/,
    ],
    [
      'a format against package.json',
      ['--yes', '--format', 'module'],
      { 'package.json': '{"type":"commonjs"}' },
      2,
      /^--format is module, but/,
    ],
    [
      'a project in Python',
      ['--yes'],
      { 'cdktf.json': '{"language":"python","app":"x"}' },
      1,
      /^cdktf\.json has "language": "python"/,
    ],
  ])('refuses %s, and writes nothing', async (title, args, files, expected, message) => {
    const made = project(title.replaceAll(' ', '-'), files);
    const more = args.includes('--package') ? [] : ['--package', archive];
    const { exitCode, stdout, stderr } = await init(made, ...args, ...more);
    expect({ exitCode, stdout }).toEqual({ exitCode: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    for (const file of ['secrets.ts', 'secrets.test.ts']) expect(existsSync(path.join(made, file))).toBe(false);
    for (const [file, text] of Object.entries(files)) expect(readFileSync(path.join(made, file), 'utf8')).toBe(text);
  });

  it('weighs at most 29 MB with all that it installs', () => {
    const alone = path.join(folder, 'alone');
    mkdirSync(alone);
    execFileSync('npm', ['install', ...OFFLINE, '--silent', archive], { cwd: alone });
    const [kilobytes = ''] = execFileSync('du', ['-sk', 'node_modules'], { cwd: alone, encoding: 'utf8' }).split('\t');
    expect(Number(kilobytes) / 1024).toBeLessThan(29);
  });
});
