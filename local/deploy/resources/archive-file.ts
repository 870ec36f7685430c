import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { type Zippable, zipSync } from 'fflate';
import * as v from 'valibot';
import { resourceType } from '../resource-type.ts';

/** The archive provider gives every entry the same date, so that the same files make the same zip. */
const MODIFIED = new Date(2049, 0, 1);
const UNIX = 3;
const REGULAR_FILE = 0o100000;

/** @see https://registry.terraform.io/providers/hashicorp/archive/latest/docs/data-sources/file */
export const archiveFile = resourceType(
  {
    type: v.literal('zip'),
    source_dir: v.string(),
    output_path: v.string(),
    output_file_mode: v.optional(v.pipe(v.string(), v.regex(/^0?[0-7]{3}$/)), '0644'),
  },
  async ({ source_dir, output_path, output_file_mode }) => {
    const zip = await zipFolder(source_dir, Number.parseInt(output_file_mode, 8));
    await mkdir(dirname(output_path), { recursive: true });
    await writeFile(output_path, zip);
    const hash = (algorithm: string, encoding: 'hex' | 'base64') => createHash(algorithm).update(zip).digest(encoding);
    return {
      id: hash('sha1', 'hex'),
      output_size: zip.length,
      output_md5: hash('md5', 'hex'),
      output_sha: hash('sha1', 'hex'),
      output_sha256: hash('sha256', 'hex'),
      output_base64sha256: hash('sha256', 'base64'),
    };
  },
);

async function zipFolder(folder: string, mode: number): Promise<Uint8Array> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = found
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
  const entries: Zippable = {};
  for (const name of names.sort()) {
    const attrs = (REGULAR_FILE | mode) << 16;
    entries[name] = [await readFile(join(folder, name)), { mtime: MODIFIED, os: UNIX, attrs }];
  }
  return zipSync(entries);
}
