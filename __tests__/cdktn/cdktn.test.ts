import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { cachedTool } from '../cached-tool.ts';
import { synthesizeEverything } from '../constructs/synthesize-everything.ts';
import { runCommand } from '../run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const cdktn = cachedTool('cdktn/node_modules');
const missing = cdktn === undefined ? ' (skipped: cdktn is not installed; .ci/run installs it)' : '';

/** A project whose files and packages are ours, but for those that are given by their folders. */
function projectWith(packages: Readonly<Record<string, string>>): string {
  const project = mkdtempSync(path.join(tmpdir(), 'rotaform-cdktn-'));
  mkdirSync(path.join(project, 'node_modules'));
  for (const entry of readdirSync(root)) {
    if (entry !== 'node_modules' && !entry.startsWith('.'))
      symlinkSync(path.join(root, entry), path.join(project, entry));
  }
  for (const name of new Set([...readdirSync(path.join(root, 'node_modules')), ...Object.keys(packages)])) {
    symlinkSync(packages[name] ?? path.join(root, 'node_modules', name), path.join(project, 'node_modules', name));
  }
  return project;
}

/** Every file below a folder; of JSON what it says, but for the version of the framework. */
function synthesized(outdir: string): [file: string, content: unknown][] {
  return readdirSync(outdir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .sort()
    .map((file) => [path.relative(outdir, file), contentOf(file)]);
}

function contentOf(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  if (!file.endsWith('.json')) return text;
  return JSON.parse(text, (key, value) => (key === 'version' && /^0\.(21|24)\./.test(value) ? undefined : value));
}

describe.skipIf(cdktn === undefined)(`CDK Terrain, the successor of CDKTF${missing}`, () => {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-cdktf-'));
  const project = projectWith({ cdktf: `${cdktn}/cdktf`, constructs: `${cdktn}/constructs` });
  afterAll(() => {
    for (const folder of [outdir, project]) rmSync(folder, { recursive: true });
  });

  it('synthesizes the same stack from the same source, except for the version and the spacing', async () => {
    const program = "import { synthesizeEverything } from './__tests__/constructs/synthesize-everything.ts';";
    writeFileSync(path.join(project, 'everything.mts'), `${program}\nawait synthesizeEverything('out');\n`);
    const flags = ['--preserve-symlinks', '--preserve-symlinks-main', '--import', 'tsx'];
    const { exitCode, stderr } = await runCommand(process.execPath, [...flags, 'everything.mts'], project);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const out = path.join(project, 'out');
    expect(readFileSync(path.join(out, 'stacks/everything/cdk.tf.json'), 'utf8')).toContain('"version": "0.24.');

    await synthesizeEverything(outdir);
    expect(synthesized(out)).toEqual(synthesized(outdir));
  });
});
