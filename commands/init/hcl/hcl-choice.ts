import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../usage-error.ts';
import { slugOf } from '../choice.ts';
import { nameRefused } from '../secret-name.ts';

/** What init --hcl writes, decided. */
export interface HclChoice {
  /** The secret's name, such as `my-app/db`. */
  readonly name: string;
  /** The module's label, such as `my_app_db`; no other one here has it. */
  readonly label: string;
  /** The new file, such as `secrets.tf`. */
  readonly file: string;
  /** The folder of the modules, as `source` names it. */
  readonly modules: string;
  readonly folder: HclFolder;
}

/** What is in the folder already. */
export interface HclFolder {
  readonly files: readonly string[];
  /** The texts of its Terraform files, by name. */
  readonly sources: ReadonlyMap<string, string>;
  readonly app: string;
  readonly writings: (name: string) => readonly string[];
}

/** Where the module lies beside the files that use it, as docs/terraform-module.md has it. */
export const MODULE_FOLDER = 'terraform-aws-rotaform';

export function readHclFolder(): HclFolder {
  const files = readdirSync('.');
  const programs = files.filter((file) => /\.tf(\.json)?$/.test(file) && existsSync(file));
  return {
    files,
    sources: new Map(programs.map((file) => [file, readFileSync(file, 'utf8')])),
    app: slugOf(path.basename(process.cwd())),
    writings: (name) => [`"${name}"`],
  };
}

/** @throws UsageError a secret cannot have that name */
export function decideHcl(name: string, folder: HclFolder): HclChoice {
  const refused = nameRefused(name, folder.sources, folder.writings);
  if (refused !== undefined) throw new UsageError(`Without --name, the name is ${JSON.stringify(name)}. ${refused}`);
  const label = slugOf(name).replaceAll('-', '_');
  const texts = [...folder.sources.values()];
  return {
    name,
    label: firstFree(label, (each) => texts.some((text) => new RegExp(`"${each}(_client)?"`).test(text))),
    file: `${firstFree('secrets', (each) => isThere(folder, `${each}.tf`), slugOf(name))}.tf`,
    modules: `./${MODULE_FOLDER}//modules`,
    folder,
  };
}

const isThere = ({ files }: HclFolder, name: string) => files.some((file) => file.toLowerCase() === name);

function firstFree(wanted: string, isTaken: (name: string) => boolean, otherwise = wanted): string {
  if (!isTaken(wanted)) return wanted;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? otherwise : `${otherwise}_${number}`;
    if (!isTaken(name)) return name;
  }
}
