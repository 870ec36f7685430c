import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { notWritten } from '../write-all.ts';
import { MODULE_FOLDER } from './hcl-choice.ts';

/** The package has the Terraform module beside its programs; this repository builds it. */
const ORIGIN = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? `../../../dist/${MODULE_FOLDER}` : `../${MODULE_FOLDER}`, import.meta.url),
);

/**
 * Copies the Terraform module into this folder: the whole of it, or nothing. One that is there stays as it is.
 * @returns whether it was copied
 * @throws Error what is there has no such module, or it cannot be written
 */
export function vendorModule(target: string): boolean {
  if (existsSync(MODULE_FOLDER)) {
    if (existsSync(`${MODULE_FOLDER}/modules/${target}`)) return false;
    throw new Error(
      `${MODULE_FOLDER} already exists without modules/${target}. Nothing was written. Move it away, and run this again: init then copies this version's module.`,
    );
  }
  if (!existsSync(ORIGIN)) {
    throw new Error('The Terraform module is not built. Nothing was written. Run npm run package:module.');
  }
  const unfinished = `.${MODULE_FOLDER}.${process.pid}`;
  try {
    cpSync(ORIGIN, unfinished, { recursive: true, errorOnExist: true, force: false });
    renameSync(unfinished, MODULE_FOLDER);
    return true;
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw notWritten(MODULE_FOLDER, error);
  }
}
