import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { LocalAws } from '../local/local-aws.ts';
import type { LocalSetup, SetUp } from '../local/local-setup.ts';

const FILES = ['rotaform.local.ts', 'rotaform.local.js', 'rotaform.local.mjs'];

/**
 * Sets up what a project's secrets open on this machine, as `rotaform.local.ts` says.
 * @throws Error the file has no `setup`, or what that throws
 */
export async function readLocalSetup(aws: LocalAws): Promise<Required<SetUp>> {
  const file = setupFile();
  const { environment = {}, variables = {}, close = async () => {} } = file ? await (await setupOf(file))(aws) : {};
  return { environment, variables, close };
}

/** Whether there is such a file. */
export const hasLocalSetup = () => setupFile() !== undefined;

const setupFile = () => FILES.find((name) => existsSync(name));

async function setupOf(file: string): Promise<LocalSetup> {
  // Where the project's packages are found, and where nobody looks.
  const folder = path.resolve('node_modules/.cache/rotaform');
  const outfile = path.join(folder, `local-setup-${process.pid}.mjs`);
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
    throw new Error(`${file} cannot be used. ${error instanceof Error ? error.message : error}`);
  } finally {
    await rm(outfile, { force: true });
  }
}
