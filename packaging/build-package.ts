/** `npm run package`: builds what is published into `dist/package` and packs it, ESM and CommonJS with types. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildSync } from 'esbuild';

const out = 'dist/package';
const {
  scripts: _,
  devDependencies: __,
  private: ___,
  exports: sources,
  ...manifest
} = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = Object.entries<string>(sources).filter(([, file]) => file.endsWith('.ts'));

rmSync(out, { recursive: true, force: true });
bundle('esm');
bundle('cjs');
declareTypes();
for (const file of [
  'README.md',
  'LICENSE',
  'CHANGELOG.md',
  'docs',
  'constructs/code/run-esbuild.mjs',
  'constructs/code/trim-bundle.mjs',
  'local/lambda/runtime-client.cjs',
  'dist/lambda',
]) {
  cpSync(file, path.join(out, file), { recursive: true });
}
// What Lambda runs is CommonJS, in a package of ES modules.
writeFileSync(path.join(out, 'dist/lambda/package.json'), '{ "type": "commonjs" }\n');
const published = {
  ...manifest,
  // For TypeScript before version 6 with "module": "CommonJS", which reads no exports.
  main: './cjs/constructs/index.cjs',
  types: './cjs/constructs/index.d.cts',
  exports: Object.fromEntries([...entries.map(conditions), ['./package.json', './package.json']]),
};
writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(published, undefined, 2)}\n`);
execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', '..'], {
  cwd: out,
  stdio: 'inherit',
});

function bundle(format: 'esm' | 'cjs'): void {
  const isCommonJs = format === 'cjs';
  buildSync({
    entryPoints: entries.map(([, file]) => file),
    outdir: path.join(out, format),
    outbase: '.',
    outExtension: { '.js': isCommonJs ? '.cjs' : '.js' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    target: 'node20',
    format,
    splitting: !isCommonJs,
    // CommonJS has no import.meta.
    ...(isCommonJs && {
      define: { 'import.meta.url': 'importMetaUrl' },
      banner: { js: "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
    }),
    logLevel: 'warning',
  });
}

/** The types twice: a CommonJS package must not meet those of an ES module. */
function declareTypes(): void {
  const types = path.join('dist', 'types');
  rmSync(types, { recursive: true, force: true });
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'packaging/tsconfig.json'], {
    stdio: 'inherit',
  });
  for (const file of readdirSync(types, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.d.ts'),
  )) {
    const text = readFileSync(path.join(types, file), 'utf8');
    write(path.join(out, 'esm', file), text, '.js');
    write(path.join(out, 'cjs', file.replace(/\.d\.ts$/, '.d.cts')), text, '.cjs');
  }
}

/** Imports of `./file.ts` become imports of what stands beside the types. */
function write(file: string, text: string, extension: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(
    file,
    text.replaceAll(/(from ['"]\.{1,2}\/[^'"]+|import\(['"]\.{1,2}\/[^'"]+)\.ts(?=['"])/g, `$1${extension}`),
  );
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
