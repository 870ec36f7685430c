/**
 * `npm run bench:package`: what it takes to get from an empty folder, and from a CDKTF project that is there, to a secret that has
 * rotated, with the packed tarball and nothing else of this repository: commands, seconds, megabytes, API pages.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { machine } from './machine.ts';

execFileSync('npm', ['run', '--silent', 'package'], { stdio: 'ignore' });
const tarball = readdirSync('dist').find((file) => /^rotaform-\d.*\.tgz$/.test(file)) ?? '';
const outer = mkdtempSync(path.join(tmpdir(), 'rotaform-first-secret-'));
const INSTALL = `npm install --save-dev ${path.resolve('dist', tarball)}`;

const THEIRS = {
  'cdktf.json': '{ "language": "typescript", "app": "npx tsx main.ts" }',
  'package.json': '{ "name": "theirs", "type": "module" }',
  'main.ts': `import { App, TerraformStack } from 'cdktf';
// imports
const app = new App();
const stack = new TerraformStack(app, 'theirs');
// secrets
app.synth();
`,
};

console.log(machine());
try {
  const empty = folderWith('my-app', {});
  measure('An empty folder', empty, [INSTALL, 'npx rotaform init --yes', 'npm install', 'npx rotaform start']);

  const theirs = folderWith('theirs', THEIRS);
  // What such a project has already is not counted.
  run('npm install cdktf@0.21 constructs@10 @cdktf/provider-aws@21 @cdktf/provider-archive@11 tsx typescript', theirs);
  const init = 'npx rotaform init --name theirs/login --target password --json';
  measure('A CDKTF project', theirs, [INSTALL, init, 'npm install', 'npx rotaform start'], (output) => {
    const { edit } = JSON.parse(output) as { edit: string[] };
    const imports = edit.filter((line) => line.startsWith('import '));
    const declared = edit.filter((line) => /^(new|declare)/.test(line));
    const main = THEIRS['main.ts'].replace('// imports', imports.join('\n')).replace('// secrets', declared.join('\n'));
    writeFileSync(path.join(theirs, 'main.ts'), main);
    console.log(`  and ${imports.length + declared.length} lines added to main.ts`);
  });

  const alone = folderWith('alone', {});
  run(INSTALL, alone);
  console.log(`Installed: ${megabytes(alone)} MB with the package alone, ${megabytes(empty)} MB in the new project`);
  const pages = readdirSync('docs/api').map((file) => readFileSync(`docs/api/${file}`, 'utf8'));
  const names = pages.reduce((sum, text) => sum + (text.match(/^### /gm) ?? []).length, 0);
  console.log(`API reference: ${pages.length} pages, ${names} names`);
} finally {
  rmSync(outer, { recursive: true });
}

function folderWith(name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(outer, name);
  mkdirSync(folder);
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
  return folder;
}

function run(command: string, cwd: string): string {
  const { FORCE_COLOR: _, ...env } = process.env;
  return execFileSync('bash', ['-c', command], { cwd, env: { ...env, NO_COLOR: '1' }, encoding: 'utf8' });
}

function measure(
  title: string,
  folder: string,
  commands: readonly string[],
  afterInit: (output: string) => void = () => {},
): void {
  console.log(`${title} → a secret that has rotated: ${commands.length} commands`);
  const started = performance.now();
  for (const command of commands) {
    const before = performance.now();
    const output = run(command, folder);
    console.log(`  ${seconds(before).padStart(6)} s  ${command.replace(path.resolve('dist'), '..')}`);
    if (command.includes(' init ')) afterInit(output);
    if (command.endsWith(' start') && !output.includes('rotated in')) throw new Error(`It did not rotate:\n${output}`);
  }
  console.log(`  ${seconds(started).padStart(6)} s  in all`);
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}

function megabytes(folder: string): number {
  const [kilobytes = ''] = execFileSync('du', ['-sk', 'node_modules'], { cwd: folder, encoding: 'utf8' }).split('\t');
  return Math.round(Number(kilobytes) / 1024);
}
