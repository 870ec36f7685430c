import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { bundleFunction } from '../constructs/code/bundle-function.ts';

const archives = new Map<string, Uint8Array>();

/** The entry's zip, built once in a process; once for all that share the folder `ROTAFORM_ARCHIVES`, where there is one. */
export function archiveOf(entry: string, trim = false): Uint8Array {
  const key = `${entry} ${trim}`;
  const archive = archives.get(key) ?? sharedArchive(path.resolve(entry), trim);
  archives.set(key, archive);
  return archive;
}

function sharedArchive(entry: string, trim: boolean): Uint8Array {
  const folder = process.env.ROTAFORM_ARCHIVES;
  if (folder === undefined) return buildArchive(entry, trim);
  const file = path.join(folder, `${createHash('sha256').update(`${entry} ${trim}`).digest('hex')}.zip`);
  if (existsSync(file)) return readFileSync(file);
  const archive = buildArchive(entry, trim);
  // Whoever reads the file finds it whole.
  const made = `${file}-${randomUUID()}`;
  writeFileSync(made, archive);
  renameSync(made, file);
  return archive;
}

/** The entry's zip as it is deployed. */
export function buildArchive(entry: string, trim = false): Uint8Array {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-strategy-'));
  try {
    bundleFunction(entry, outdir, { trim });
    return zipSync({ 'index.js': readFileSync(path.join(outdir, 'index.js')) });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
