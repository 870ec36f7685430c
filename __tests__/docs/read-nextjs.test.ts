import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../harness/free-port.ts';
import { cachedTool } from '../cached-tool.ts';
import { load } from '../client/drivers.ts';
import { newLogin } from '../client/reading-account.ts';
import { postgresServer } from '../postgres-server.ts';
import { entries, recipeFolder, rotateUnder, surroundingAccount } from './recipe.ts';

const next = cachedTool('next/node_modules/next/dist/bin/next');
const missing = next ? '' : ' (skipped: Next.js is not installed; .ci/install-tools does it)';
const name = 'my-app/db';
const layout = `export default ({ children }: { children: any }) => <html><body>{children}</body></html>;`;
const config = (root: string) => `export default { turbopack: { root: ${JSON.stringify(root)} } };`;

/** The page's application. */
async function application(edits: Readonly<Record<string, string>>): Promise<string> {
  const root = cachedTool('next') ?? '';
  const more = { 'app/layout.tsx': layout, 'next.config.mjs': config(root), 'package.json': '{ "type": "module" }' };
  const folder = recipeFolder('servers.md', { edits, more, tool: 'next' });
  // As npm would install it.
  const installed = path.join(folder, 'node_modules/rotaform-client');
  const used = ['rotaform-client', 'rotaform-client/pg'];
  await build({
    entryPoints: Object.fromEntries(used.map((entry) => [path.basename(entry), entries[entry] ?? ''])),
    outdir: installed,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  });
  const exports = { '.': './rotaform-client.js', './pg': './pg.js' };
  writeFileSync(path.join(installed, 'package.json'), JSON.stringify({ name: used[0], type: 'module', exports }));
  return folder;
}

/** Runs `next` in a folder. */
function run(folder: string, ...args: readonly string[]): { child: ChildProcess; output(): string } {
  let output = '';
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined };
  const child = spawn(process.execPath, [next ?? '', ...args], { cwd: folder, env, detached: true });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (output += data));
  onTestFinished(() => {
    if (child.exitCode === null && child.pid) process.kill(-child.pid, 'SIGKILL');
  });
  return { child, output: () => output };
}

async function withApplication() {
  const server = await postgresServer({ tls: false });
  const account = await surroundingAccount();
  const first = newLogin();
  await server.query(`CREATE ROLE app LOGIN PASSWORD '${first.password}'`);
  await server.query('CREATE DATABASE shop');
  onTestFinished(async () => {
    await server.query('DROP DATABASE shop WITH (FORCE)');
    await server.query('DROP ROLE app');
  });
  const firstId = await account.put(first, { name });
  const folder = await application({
    "host: 'db.internal'": `host: '${server.host}', port: ${server.port}`,
    'maxLifetimeSeconds: 3600': 'maxUses: 1',
  });
  const accept = ({ password }: { readonly password: string }) => server.query(`ALTER ROLE app PASSWORD '${password}'`);
  const port = await freePort();
  const ask = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/user`);
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    account,
    folder,
    port: String(port),
    ask,
    rotate: () => rotateUnder(load(ask), account, { name, accept }, firstId),
  };
}

describe.skipIf(!next)(`docs/read/servers.md with Next.js 16${missing}`, () => {
  it('has one cache for the process in development, however often its modules change', async () => {
    const { account, folder, port, ask } = await withApplication();
    const { output } = run(folder, 'dev', '--port', port, '--hostname', '127.0.0.1');
    await expect.poll(() => ask().catch(output), { timeout: 120_000, interval: 500 }).toEqual({ user: 'app' });
    /** Changes a module of the application, and waits until it answers so. */
    const change = async (file: string, from: string, to: string, answer: object) => {
      const changed = path.join(folder, file);
      writeFileSync(changed, readFileSync(changed, 'utf8').replace(from, to));
      await expect.poll(() => ask().catch(output), { timeout: 60_000 }).toEqual(answer);
    };
    await change('app/user/route.ts', 'rows[0]', '{ ...rows[0], route: 1 }', { user: 'app', route: 1 });
    await change('database.ts', 'export const {', 'export const changed = 2;\nexport const {', {
      user: 'app',
      route: 1,
    });
    const importing = 'import { changed, pool }';
    await change('app/user/route.ts', 'import { pool }', importing, { user: 'app', route: 1 });
    await change('app/user/route.ts', 'route: 1', 'changed', { user: 'app', changed: 2 });
    expect(account.reads).toEqual(['AWSCURRENT']);
  }, 400_000);

  it('is built without a secret, and answers every request through a rotation', async () => {
    const { account, folder, port, ask, rotate } = await withApplication();
    const built = run(folder, 'build');
    const [status] = await once(built.child, 'exit');
    expect(status, built.output()).toBe(0);
    expect(account.reads).toEqual([]);
    const { output } = run(folder, 'start', '--port', port, '--hostname', '127.0.0.1');
    await expect.poll(() => ask().catch(output), { timeout: 60_000, interval: 500 }).toEqual({ user: 'app' });
    expect(await rotate()).toMatchObject({ errors: [] });
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
  }, 400_000);
});
