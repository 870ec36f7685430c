import { lstatSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const MANIFEST = 'package.json';

/**
 * Writes new files and changes package.json: all of that, or nothing. No file that is there is written to, and none through a link.
 * @param manifest what is in package.json, and what is to be; undefined if it stays
 * @throws Error a file is there, or cannot be written
 */
export function writeAll(
  files: Readonly<Record<string, string>>,
  manifest: { readonly before: string; readonly after: string } | undefined,
): void {
  refuseExisting(Object.keys(files));
  const written: string[] = [];
  // Ctrl-C waits until everything is written, which takes a moment: nothing here lets go of the process before.
  const wait = () => {};
  process.on('SIGINT', wait).on('SIGTERM', wait);
  try {
    for (const [file, text] of Object.entries(files)) create(file, text, written);
    if (manifest !== undefined) changeManifest(manifest, written);
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    throw error;
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', wait);
  }
}

function refuseExisting(files: readonly string[]): void {
  const wanted = new Set(files.map((file) => file.toLowerCase()));
  // By its name, so that a link that leads nowhere counts; in any case of letters, since most disks do not tell these apart.
  const there = readdirSync('.').filter((file) => wanted.has(file.toLowerCase()));
  if (there.length === 0) return;
  throw new Error(
    `${there.join(', ')} already ${there.length === 1 ? 'exists' : 'exist'}. init does not overwrite files, so it wrote nothing. ` +
      'Run it in another folder; in a CDKTF project it writes next to cdktf.json.',
  );
}

/** Not over a file that came meanwhile. */
function create(file: string, text: string, written: string[], mode = 0o666): void {
  try {
    writeFileSync(file, text, { flag: 'wx', mode });
    written.push(file);
  } catch (error) {
    // Half of it may be there, if the disk is full. What was there before is somebody else's.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') written.push(file);
    throw notWritten(file, error);
  }
}

/** The old text stays until the new one is whole. */
function changeManifest(
  { before, after }: { readonly before: string; readonly after: string },
  written: string[],
): void {
  const found = lstatSync(MANIFEST, { throwIfNoEntry: false });
  if (found === undefined) {
    create(MANIFEST, after, written);
    return;
  }
  if (found.isSymbolicLink()) {
    throw new Error(
      `${MANIFEST} is a link. Nothing was written, since init changes no file elsewhere. Run it where the file is.`,
    );
  }
  if (readFileSync(MANIFEST, 'utf8') !== before) {
    throw new Error(`${MANIFEST} has changed meanwhile. Nothing was written. Run this again.`);
  }
  const unfinished = `.${MANIFEST}.${process.pid}`;
  create(unfinished, after, written, found.mode);
  try {
    renameSync(unfinished, MANIFEST);
  } catch (error) {
    throw notWritten(MANIFEST, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'this folder cannot be written to',
  EPERM: 'this folder cannot be written to',
  EROFS: 'this folder cannot be written to',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  EFBIG: 'the file size limit was reached',
};

/** Why a file or a folder was not written, and that nothing else was. */
export function notWritten(file: string, error: unknown): Error {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return new Error(`${file} was not written: ${REASONS[code] ?? message} (${code}). Nothing was written.`);
}
