import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { onTestFinished } from 'vitest';
import { type Login, newLogin, type ReadingAccount, readingAccount } from '../client/reading-account.ts';

export const root = fileURLToPath(new URL('../../', import.meta.url));
const { exports } = JSON.parse(readFileSync(path.join(root, 'client/package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>;
};
/** Where each entry of `rotaform-client` is. */
export const entries = Object.fromEntries(
  Object.entries(exports).map(([name, file]) => [path.join('rotaform-client', name), path.join(root, 'client', file)]),
);

type Files = Readonly<Record<string, string>>;

/** The TypeScript of a page that says in its first line which file it is. */
function filesOf(page: string): Files {
  const text = readFileSync(path.join(root, 'docs', page), 'utf8');
  const blocks = text.matchAll(/^```typescript\n\/\/ ([\w./-]+)\n(.*?)^```/gms);
  return Object.fromEntries([...blocks].map(([, name = '', code = '']) => [name, code]));
}

/** The files of a page under docs/read/, with those of the start and of pg that it imports. */
function filesWith(page: string): Files {
  return { ...filesOf('read/pg.md'), ...filesOf('read.md'), ...filesOf(`read/${page}`) };
}

export interface RecipeOptions {
  /** What stands in the page, and what stands there in the test. */
  readonly edits?: Files;
  /** Files that the page leaves to its reader. */
  readonly more?: Files;
  /** Whose packages it finds: a folder of `.ci/install-tools`. @default 'drivers' */
  readonly tool?: string;
}

/** A folder with the files of a page, removed after the test. */
export function recipeFolder(page: string, { edits = {}, more = {}, tool = 'drivers' }: RecipeOptions = {}): string {
  const runs = path.join(root, 'node_modules/.cache/rotaform', tool, 'runs');
  mkdirSync(runs, { recursive: true });
  const folder = mkdtempSync(path.join(runs, 'run-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const unused = new Set(Object.keys(edits));
  for (const [name, code] of Object.entries({ ...filesWith(page), ...more })) {
    let edited = code;
    for (const [from, to] of Object.entries(edits)) {
      if (edited.includes(from)) unused.delete(from);
      edited = edited.replaceAll(from, to);
    }
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), edited);
  }
  if (unused.size > 0) throw new Error(`docs/read/${page} does not have ${[...unused].join(', ')}`);
  return folder;
}

/** Builds a file of a folder with what it imports, and gives the path of the result. */
export async function built(folder: string, file: string): Promise<string> {
  const outfile = path.join(folder, `${path.parse(file).name}.mjs`);
  await build({
    entryPoints: [path.join(folder, file)],
    outfile,
    bundle: true,
    packages: 'external',
    alias: entries,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
  });
  return outfile;
}

/** Runs a file of a page in this process, as a reader would who copied it. */
export async function recipe<Module>(page: string, file: string, options?: RecipeOptions): Promise<Module> {
  return import(pathToFileURL(await built(recipeFolder(page, options), file)).href);
}

/** An account that the SDK of this process finds in its environment, until the test ends. */
export async function surroundingAccount(): Promise<ReadingAccount> {
  const account = await readingAccount();
  const before = { ...process.env };
  Object.assign(process.env, account.aws.environment);
  onTestFinished(() => {
    for (const name of Object.keys(account.aws.environment)) delete process.env[name];
    Object.assign(process.env, before);
  });
  return account;
}

/** What is rotated, and how its target learns of another login. */
interface Rotated {
  readonly name: string;
  /** Makes the target take that value, and no other. */
  accept(value: Login): Promise<unknown>;
}

interface Load {
  after(more: number): Promise<void>;
  stop(): Promise<{ readonly failed: number; readonly errors: readonly unknown[] }>;
}

/** Rotates a secret while something uses it: pending, changed at the target, and current only then. */
export async function rotateUnder(load: Load, account: ReadingAccount, { name, accept }: Rotated, firstId: string) {
  await load.after(10);
  const second = newLogin();
  const secondId = await account.put(second, { name, stages: ['AWSPENDING'] });
  await accept(second);
  await load.after(15);
  await account.promote(secondId, firstId, name);
  await load.after(5);
  return load.stop();
}
