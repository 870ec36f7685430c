import { readdirSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { LocalAws } from '../local/local-aws.ts';
import type { LocalSetup, SetUp } from '../local/local-setup.ts';
import { messageOf } from '../rules/message-of.ts';

/** `rotaform.local.ts`, and one for each secret that was added later, such as `rotaform.orders-db.local.ts`. */
const FILE = /^(rotaform\.(?:[\w-]+\.)?local)\.(?:ts|js|mjs)$/;
const EXTENSIONS = ['ts', 'js', 'mjs'];

/**
 * Sets up what a project's secrets open on this machine, as its `rotaform.local.ts` say, one after the other.
 * @throws Error a file has no `setup`, or what that throws, or two of them give a name two values
 */
export async function readLocalSetup(aws: LocalAws): Promise<Required<SetUp>> {
  const made: [file: string, SetUp][] = [];
  const close = async () => {
    for (const [, setUp] of made.splice(0).reverse()) await setUp.close?.();
  };
  try {
    for (const file of setupFiles()) made.push([file, (await (await setupOf(file))(aws)) ?? {}]);
    return { environment: together(made, 'environment'), variables: together(made, 'variables'), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether there is such a file. */
export const hasLocalSetup = () => setupFiles().length > 0;

/** One of each name: a compiled file beside its source is the same one. */
function setupFiles(): string[] {
  const files = readdirSync('.');
  const names = new Set(files.flatMap((file) => FILE.exec(file)?.[1] ?? []));
  return [...names].sort().flatMap((name) => {
    return EXTENSIONS.map((extension) => `${name}.${extension}`).find((file) => files.includes(file)) ?? [];
  });
}

function together(made: readonly [string, SetUp][], what: 'environment' | 'variables'): Record<string, string> {
  const all = new Map<string, { readonly file: string; readonly value: string }>();
  for (const [file, setUp] of made) {
    for (const [name, value] of Object.entries(setUp[what] ?? {})) {
      const earlier = all.get(name);
      if (earlier !== undefined && earlier.value !== value) {
        throw new Error(`${earlier.file} and ${file} both give ${name} in ${what}. Give one of them another name.`);
      }
      all.set(name, { file, value });
    }
  }
  return Object.fromEntries([...all].map(([name, { value }]) => [name, value]));
}

async function setupOf(file: string): Promise<LocalSetup> {
  // Where the project's packages are found, and where nobody looks.
  const folder = path.resolve('node_modules/.cache/rotaform');
  const outfile = path.join(folder, `${process.pid}-${file}.mjs`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{}\n');
  try {
    await build({
      entryPoints: [file],
      outfile,
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
    });
    const { setup } = await import(pathToFileURL(outfile).href);
    if (typeof setup !== 'function') throw new Error('Expected: export const setup: LocalSetup = async (aws) => …');
    return setup;
  } catch (error) {
    throw new Error(`${file} cannot be used. ${messageOf(error)}`);
  } finally {
    await rm(outfile, { force: true });
  }
}
