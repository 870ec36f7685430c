import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { build } from 'esbuild';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { newLogin, type ReadingAccount, readingAccount } from '../client/reading-account.ts';
import { postgresServer } from '../postgres-server.ts';
import { runCommand } from '../run-command.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const page = readFileSync(path.join(root, 'docs/read.md'), 'utf8');
const programs = [...page.matchAll(/^```(?:ts|typescript)\n(.*?)^```/gms)].map(([, code = '']) => code);
const [secrets = '', database = '', startToEnd = '', failOver = ''] = programs;
const server = await postgresServer({ tls: false });

describe('docs/read.md', () => {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const folder = mkdtempSync(path.join(root, 'dist/read-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  let account: ReadingAccount;

  beforeEach(async () => {
    account = await readingAccount();
  });

  /** Runs a program of the page as its own process, with these variables and those of the local AWS. */
  async function run(code: string, environment: Readonly<Record<string, string>> = {}) {
    const file = path.join(folder, 'program.mjs');
    writeFileSync(path.join(folder, 'secrets.ts'), secrets);
    await build({
      stdin: { contents: code, loader: 'ts', resolveDir: folder },
      outfile: file,
      bundle: true,
      packages: 'external',
      alias: {
        'rotaform-client': path.join(root, 'client/index.ts'),
        'rotaform-client/pg': path.join(root, 'client/pg.ts'),
      },
      platform: 'node',
      format: 'esm',
      logLevel: 'silent',
    });
    const variables = { ...account.aws.environment, ...environment };
    writeFileSync(
      path.join(folder, 'start.mjs'),
      `Object.assign(process.env, ${JSON.stringify(variables)}); await import('./program.mjs');`,
    );
    return runCommand(process.execPath, [path.join(folder, 'start.mjs')]);
  }

  it('has four files and no other TypeScript', () => {
    expect(programs).toHaveLength(4);
  });

  it('reads a database while its login changes', async () => {
    const [first, second] = [newLogin(), newLogin()];
    await server.query(`CREATE ROLE app LOGIN PASSWORD '${second.password}'`);
    await account.put(first, { name: 'my-app/db' });
    await account.put(second, { name: 'my-app/db', stages: ['AWSPENDING'] });
    const { host, port } = server;
    const { stdout, stderr, exitCode } = await run(database, {
      PGHOST: host,
      PGPORT: String(port),
      PGDATABASE: 'postgres',
    });
    expect(stderr.replaceAll(/\(node:\d+\)[\s\S]*/g, '')).toBe('');
    expect(stdout).toBe('Hello from app\n');
    expect(exitCode).toBe(0);
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
  });

  it('waits for the first rotation, and continues from there', async () => {
    await account.client.send(
      new CreateSecretCommand({ Name: 'my-app/new', SecretString: JSON.stringify({ username: 'app' }) }),
    );
    const ended = run(startToEnd);
    await expect.poll(() => account.reads.length, { timeout: 15_000 }).toBeGreaterThan(0);
    await account.put(newLogin(), { name: 'my-app/new' });
    const { stdout, exitCode } = await ended;
    expect(stdout).toMatch(/^app healthy \d+\n$/);
    expect(exitCode).toBe(0);
  });

  it('reads in another region what its own has not', async () => {
    await account.put(newLogin(), { name: 'my-app/db' });
    const { stdout, stderr, exitCode } = await run(failOver);
    expect({ stdout, exitCode }, stderr).toEqual({ stdout: 'app\n', exitCode: 0 });
  });

  it('names the defaults that the code has', async () => {
    const source = readFileSync(path.join(root, 'client/secrets-cache.ts'), 'utf8');
    const own = page.slice(page.indexOf('### Of the cache'), page.indexOf('### Of a secret'));
    const rows = [...own.matchAll(/^\| `(\w+)` +\| (\d+) /gm)];
    expect(rows).toHaveLength(5);
    for (const [, option, value] of rows) {
      expect(source.replaceAll('_', '')).toMatch(new RegExp(`${option}( = |.* \\?\\? )${value}\\b`));
    }
  });
});
