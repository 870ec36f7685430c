import {
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
import { runCommand } from '../run-command.ts';
import { packOnce } from './pack-once.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const archive = path.join(root, 'dist/rotaform-0.1.0.tgz');
const bin = (name: string) => path.join(root, 'node_modules/.bin', name);

const imports = {
  module: `import { ArchiveProvider } from '@cdktf/provider-archive/lib/provider/index.js';
    import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
    import { App, TerraformStack } from 'cdktf';
    import { RotatedSecret, Rotation, Schedule } from 'rotaform';
    import { deploy, localAws } from 'rotaform/local';`,
  commonjs: `const { ArchiveProvider } = require('@cdktf/provider-archive/lib/provider');
    const { AwsProvider } = require('@cdktf/provider-aws/lib/provider');
    const { App, TerraformStack } = require('cdktf');
    const { RotatedSecret, Rotation, Schedule } = require('rotaform');
    const { deploy, localAws } = require('rotaform/local');`,
};

const main = `
const app = new App({ outdir: 'out' });
const stack = new TerraformStack(app, 'mine');
new AwsProvider(stack, 'aws', { region: 'us-east-1' });
new ArchiveProvider(stack, 'archive');
const schedule = Schedule.rate({ days: 1 });
new RotatedSecret(stack, 'built-in', { name: 'built-in', rotation: Rotation.password(), schedule });
new RotatedSecret(stack, 'own', { name: 'own', initial: { key: 'first' }, rotation: Rotation.custom({ entry: 'strategy.ts' }), schedule });
app.synth();
(async () => {
  const aws = await localAws();
  const json = JSON.parse(require('node:fs').readFileSync('out/stacks/mine/cdk.tf.json', 'utf8'));
  await deploy(json, aws.account, { folder: 'out/stacks/mine' });
  for (const name of ['built-in', 'own']) console.log(name, await aws.rotationSettled(name));
  await aws.close();
})();
`;

const strategy = `import { rotationHandler, stringFields, type RotationStrategy } from 'rotaform/lambda';
const own: RotationStrategy<{ key: string }, { key: string }> = {
  current: stringFields('key'),
  pending: stringFields('key'),
  create: async () => ({ key: 'second' }),
  test: async () => {},
};
export const handler = rotationHandler(() => own);
`;

describe('the package that npm run package makes', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-package-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    const { exitCode, stderr } = await packOnce();
    expect(stderr).not.toMatch(/ERROR/);
    expect(exitCode).toBe(0);
  }, 600_000);

  it.each(['module', 'commonjs'] as const)(
    'synthesizes, deploys and rotates in an empty project: %s',
    async (type) => {
      const project = await install(type);
      const start =
        type === 'module'
          ? "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);"
          : '';
      writeFileSync(path.join(project, 'main.js'), `${imports[type]}\n${start}\n${main}`);
      writeFileSync(path.join(project, 'strategy.ts'), strategy);
      const { stdout, stderr, exitCode } = await runCommand(process.execPath, ['main.js'], project);
      expect(stderr.replaceAll(/\(node:\d+\)[\s\S]*/g, '')).toBe('');
      expect(stdout).toBe('built-in succeeded\nown succeeded\n');
      expect(exitCode).toBe(0);
    },
    60_000,
  );

  it.each(['module', 'commonjs'] as const)(
    'names its classes in errors as it exports them: %s',
    async (type) => {
      const project = await install(type);
      const source = `const errors = [
        () => new RotatedSecret(stack, 'a', { name: 'a', rotation: 'x', schedule: Schedule.rate({ days: 1 }) }),
        () => new RotatedSecret(stack, 'b', { name: 'b', rotation: Rotation.password(), schedule: 'rate(1 day)' }),
        () => new RotatedSecret(stack, 'c', { name: 'c' }),
        () => Rotation.password({ lenght: 1 }),
        () => Schedule.rate({ hours: 1 }),
        () => Schedule.rate({ days: 1 }).spread(),
      ].map((declare) => { try { return declare() && ''; } catch (error) { return String(error); } });`;
      const stack = "const stack = new TerraformStack(new App({ outdir: 'out' }), 'mine');";
      writeFileSync(
        path.join(project, 'main.js'),
        [imports[type], stack, source, 'console.log(errors.join("\\n"));'].join('\n'),
      );
      const { stdout } = await runCommand(process.execPath, ['main.js'], project);
      expect(stdout).toContain(
        'RotatedSecret needs a Rotation or a RotationFunction as rotation, found String. Make one with Rotation.',
      );
      expect(stdout).toContain('RotatedSecret needs a Schedule as schedule, found String. Make one with Schedule.rate');
      expect(stdout.match(/^ConstructError: /gm)?.length).toBeGreaterThanOrEqual(5);
      expect(stdout).not.toMatch(/\b_[A-Z]/);
    },
    60_000,
  );

  it.each(['module', 'commonjs'] as const)(
    'says which packages to install if an application imports it without them: %s',
    async (type) => {
      const project = await install(type);
      for (const name of ['cdktf', '@cdktf']) rmSync(path.join(project, 'node_modules', name));
      const load = type === 'module' ? "import 'rotaform';" : "require('rotaform');";
      writeFileSync(path.join(project, 'main.js'), load);
      const { stderr, exitCode } = await runCommand(process.execPath, ['main.js'], project);
      expect(stderr).toContain(
        'Run: npm install --save-dev cdktf @cdktf/provider-aws @cdktf/provider-archive. ' +
          'An application that only reads secrets needs rotaform-client instead.',
      );
      expect(exitCode).toBe(1);
    },
  );

  it.each(['module', 'commonjs'] as const)(
    'has types for a project that is %s',
    async (type) => {
      const project = await install(type);
      const uses = `import { RotatedSecret, Rotation, Schedule } from 'rotaform';
      import { rotationHandler } from 'rotaform/lambda';
      import { localAws, type LocalAws } from 'rotaform/local';
      import { describeStrategy } from 'rotaform/testing';
      export const schedule: Schedule = Schedule.rate({ days: 1 });
      export const aws: Promise<LocalAws> = localAws();
      // @ts-expect-error: no number is a strategy
      rotationHandler(() => 1);
      export { describeStrategy, RotatedSecret, Rotation };`;
      writeFileSync(path.join(project, 'uses.ts'), uses);
      const compilerOptions = { module: 'NodeNext', target: 'ES2022', strict: true, noEmit: true, types: ['node'] };
      writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['uses.ts'] }));
      const { stdout, exitCode } = await runCommand(process.execPath, [
        path.join(root, 'node_modules/typescript/bin/tsc'),
        '-p',
        project,
      ]);
      expect(stdout).toBe('');
      expect(exitCode).toBe(0);
    },
    60_000,
  );

  it('gives publint nothing to report', async () => {
    const { stdout, exitCode } = await runCommand(bin('publint'), ['dist/package', '--strict']);
    expect(stdout).toContain('All good!');
    expect(exitCode).toBe(0);
  });

  it('has no types that are wrong: attw finds nothing', async () => {
    const { stdout, exitCode } = await runCommand(bin('attw'), [archive, '--profile', 'node16', '--format', 'ascii']);
    const { exports } = JSON.parse(readFileSync(path.join(root, 'dist/package/package.json'), 'utf8'));
    expect(exports).toHaveProperty('./cdktn');
    expect(stdout.match(/node16 \(from (CJS|ESM)\): 🟢/g)).toHaveLength(2 * Object.keys(exports).length);
    expect(stdout.replaceAll(/^.*ignored.*$/gm, '')).not.toMatch(/[❌💀🎭👺🚭🐛🥴]/u);
    expect(exitCode).toBe(0);
  });

  it('lets its user choose the versions of cdktf, the providers and the AWS SDK', () => {
    const manifest = JSON.parse(readFileSync(path.join(root, 'dist/package/package.json'), 'utf8'));
    const peers = [
      '@aws-sdk/client-secrets-manager',
      '@cdktf/provider-archive',
      '@cdktf/provider-aws',
      'cdktf',
      'constructs',
    ];
    expect(Object.keys(manifest.peerDependencies)).toEqual(expect.arrayContaining(peers));
    for (const peer of peers) {
      expect(manifest.dependencies).not.toHaveProperty(peer);
      expect(manifest.peerDependenciesMeta).toHaveProperty([peer, 'optional'], true);
    }
    expect(manifest).not.toHaveProperty('devDependencies');
    expect(manifest).not.toHaveProperty('scripts');
  });

  it('contains the licenses of everything in its functions, and a CycloneDX list of it', () => {
    const text = (file: string) => readFileSync(path.join(root, 'dist/package', file), 'utf8');
    const { bomFormat, specVersion, metadata, components, dependencies } = JSON.parse(text('sbom.cdx.json'));
    expect({ bomFormat, specVersion }).toEqual({ bomFormat: 'CycloneDX', specVersion: '1.6' });
    expect(metadata.component.purl).toBe('pkg:npm/rotaform@0.1.0');
    const listed: { name: string; version: string; purl: string; licenses: { license: { id: string } }[] }[] =
      components;
    const lines = listed.map(({ name, version, licenses }) => `${name} ${version} (${licenses[0]?.license.id})`);
    expect(lines).toEqual(expect.arrayContaining([expect.stringMatching(/^jose /), expect.stringMatching(/^pg /)]));
    for (const line of lines) expect(text('THIRD_PARTY_NOTICES')).toContain(`\n${line}\n`);
    expect(dependencies[0].dependsOn).toEqual(listed.map(({ purl }) => purl));
    expect(listed[0]?.purl).toMatch(/^pkg:npm\/%40aws-sdk\/[\w-]+@\d+\.\d+\.\d+$/);
    for (const { name } of readdirSync(path.join(root, 'dist/package/dist/lambda'), { withFileTypes: true })) {
      if (name !== 'package.json') expect(text(`dist/lambda/${name}/THIRD_PARTY_NOTICES`)).toContain('Apache License');
    }
  });

  /** The unpacked package, with the packages that it needs from here instead of from the registry. */
  async function install(type: string): Promise<string> {
    const project = mkdtempSync(path.join(folder, `${type}-`));
    const modules = path.join(project, 'node_modules');
    mkdirSync(modules);
    writeFileSync(path.join(project, 'package.json'), JSON.stringify({ type }));
    await runCommand('tar', ['-xzf', archive, '-C', modules]);
    for (const name of readdirSync(path.join(root, 'node_modules'))) {
      if (!existsSync(path.join(modules, name)))
        symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
    }
    const { exitCode } = await runCommand('mv', ['package', 'rotaform'], modules);
    expect(exitCode).toBe(0);
    return project;
  }
});
