/**
 * `npm run package`: builds what is published, ESM and CommonJS with types, and packs it: `rotaform` in `dist/package`, which
 * declares and rotates secrets, and `rotaform-client` in `dist/client-package`, which reads them.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BuildResult, buildSync } from 'esbuild';
import { bundleCommandLine } from './bundle-command-line.ts';
import { addCdktn } from './for-cdktn.ts';
import { guardPeers } from './guard-peers.ts';

type Manifest = Readonly<Record<string, unknown>> & { readonly exports: Readonly<Record<string, string>> };
type Format = 'esm' | 'cjs';

/** One of the two, such as `rotaform-client`, or both. */
const [wanted] = process.argv.slice(2);

if (wanted !== 'rotaform-client') {
  const files = {
    ...sameNames('README.md', 'LICENSE', 'CHANGELOG.md', 'docs', 'dist/lambda'),
    ...sameNames('constructs/code/run-esbuild.mjs', 'constructs/code/trim-bundle.mjs'),
    ...sameNames('constructs/code/third-party-notices.mjs'),
    ...sameNames('local/lambda/runtime-client.cjs'),
  };
  const peers = ['cdktf', 'constructs', '@cdktf/provider-aws', '@cdktf/provider-archive'];
  pack('.', 'dist/package', files, (out, manifest) => {
    for (const file of ['THIRD_PARTY_NOTICES', 'sbom.cdx.json']) {
      renameSync(path.join(out, 'dist/lambda', file), path.join(out, file));
    }
    // What Lambda runs is CommonJS, in a package of ES modules.
    writeFileSync(path.join(out, 'dist/lambda/package.json'), '{ "type": "commonjs" }\n');
    // For `rotaform init --hcl`.
    const program = ['packaging/build-module.ts', path.join(out, 'terraform-aws-rotaform')];
    execFileSync(process.execPath, ['--import', 'tsx', ...program], { stdio: ['ignore', 'ignore', 'inherit'] });
    const bin = bundleCommandLine(out);
    return { ...(guardPeers(out, addCdktn(out, manifest), './constructs/index', peers) as object), bin };
  });
}
if (wanted !== 'rotaform') {
  pack('client', 'dist/client-package', { 'client/README.md': 'README.md', LICENSE: 'LICENSE' });
}

function sameNames(...files: readonly string[]): Record<string, string> {
  return Object.fromEntries(files.map((file) => [file, file]));
}

/**
 * @param files what is copied, and where to
 * @param finish has the last word on the manifest
 */
function pack(
  folder: string,
  out: string,
  files: Readonly<Record<string, string>>,
  finish: (out: string, manifest: object) => object = (_, manifest) => manifest,
): void {
  const manifest: Manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const { scripts: _, devDependencies: __, private: ___, workspaces: ____, exports: sources, ...kept } = manifest;
  const entries = Object.entries(sources).filter(([, file]) => file.endsWith('.ts'));
  const types = `${out}-types`;
  rmSync(out, { recursive: true, force: true });
  declareTypes(types);
  for (const format of ['esm', 'cjs'] as const) {
    bundle(
      folder,
      entries.map(([, file]) => path.join(folder, file)),
      path.join(out, format),
      format,
    );
    copyTypes(path.join(types, folder), path.join(out, format), format);
  }
  for (const [from, to] of Object.entries(files)) cpSync(from, path.join(out, to), { recursive: true });
  const [[, main] = ['', '']] = entries;
  const base = main.replace(/\.ts$/, '');
  const published = finish(out, {
    ...kept,
    // For TypeScript before version 6 with "module": "CommonJS", which reads no exports.
    main: `./cjs/${base}.cjs`,
    types: `./cjs/${base}.d.cts`,
    // The same for its other entries.
    typesVersions: { '*': Object.fromEntries(entries.slice(1).map(typesOf)) },
    exports: Object.fromEntries([...entries.map(conditions), ['./package.json', './package.json']]),
  });
  writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
  const [tarball = ''] = execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', '..'], {
    cwd: out,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .slice(-1);
  const command = folder === '.' ? 'npm install --save-dev' : 'npm install';
  console.log(
    `${path.resolve(out, '..', tarball)}\n  In your own project: ${command} ${quoted(path.resolve(out, '..', tarball))}`,
  );
  if (folder === '.') console.log('  and then: npx rotaform init');
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function bundle(folder: string, entryPoints: string[], outdir: string, format: Format): BuildResult {
  const isCommonJs = format === 'cjs';
  return buildSync({
    entryPoints,
    outdir,
    outbase: folder,
    outExtension: { '.js': isCommonJs ? '.cjs' : '.js' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format,
    splitting: !isCommonJs,
    // CommonJS has no import.meta; and Jest, which many test with, has no import() there.
    ...(isCommonJs && {
      define: { 'import.meta.url': 'importMetaUrl' },
      banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
      supported: { 'dynamic-import': false },
    }),
    logLevel: 'warning',
  });
}

function declareTypes(outDir: string): void {
  rmSync(outDir, { recursive: true, force: true });
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'packaging/tsconfig.json', '--outDir', outDir];
  execFileSync(process.execPath, tsc, { stdio: 'inherit' });
}

/** The types for both formats: a CommonJS package must not meet those of an ES module. */
function copyTypes(types: string, out: string, format: Format): void {
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.d.ts') || isOfClient(file)) continue;
    const text = readFileSync(path.join(types, file), 'utf8');
    if (format === 'esm') write(path.join(out, file), text, '.js');
    else write(path.join(out, file.replace(/\.d\.ts$/, '.d.cts')), text, '.cjs');
  }
}

/** Among the types of the whole project. */
function isOfClient(file: string): boolean {
  return file.split(path.sep)[0] === 'client';
}

/** Imports of `./file.ts` become imports of what stands beside the types. */
function write(file: string, text: string, extension: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    text.replaceAll(/(from ['"]\.{1,2}\/[^'"]+|import\(['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/g, `$1${extension}`),
  );
}

function typesOf([name, file]: [string, string]): [string, string[]] {
  return [name.replace('./', ''), [`./cjs/${file.replace(/^\.\//, '').replace(/\.ts$/, '.d.cts')}`]];
}

function conditions([name, file]: [string, string]): [string, object] {
  const base = file.replace(/\.ts$/, '').replace(/^\.\//, '');
  return [
    name,
    {
      import: { types: `./esm/${base}.d.ts`, default: `./esm/${base}.js` },
      require: { types: `./cjs/${base}.d.cts`, default: `./cjs/${base}.cjs` },
    },
  ];
}
