import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** Who has a file: a process, and when it began, so that a later process with the same id is not taken for it. */
interface Owner {
  readonly processId: number;
  /** Absent where the system does not tell. */
  readonly began: string | undefined;
}

/** What this process holds. One that was killed may have had its id: in a container all begin with the same ones. */
const held = new Set<string>();

/**
 * Takes a state file for this process, by a file beside it that names the process. The lock of a process that has ended is taken over.
 *
 * @throws Error another process has it, or the folder cannot be written.
 */
export function lockFile(file: string): void {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if (makeLock(file)) return;
    const owner = ownerOf(lockOf(file));
    // Its owner has made it and not yet written into it, or has just removed it.
    if (owner === undefined && attempt < 20) pause(50);
    else if (owner !== undefined && isRunning(owner, file)) {
      throw new Error(
        `The state file ${file} is used by the process ${owner.processId}. Stop that one, or name another file. ` +
          `If that process is not a local AWS, remove ${lockOf(file)}.`,
      );
    } else removeLock(file, owner);
  }
  throw new Error(`The state file ${file} is being taken by another process. Try again.`);
}

export function unlockFile(file: string): void {
  held.delete(file);
  rmSync(lockOf(file), { force: true });
}

/** The code of an error of the system, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

function lockOf(file: string): string {
  return `${file}.lock`;
}

/** @returns whether there was none yet */
function makeLock(file: string): boolean {
  try {
    writeFileSync(lockOf(file), `${process.pid} ${beginningOf(process.pid) ?? ''}`.trim(), { flag: 'wx', mode: 0o600 });
    held.add(file);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') return false;
    throw new Error(`The state file ${file} cannot be written (${codeOf(cause)}). Name one in a folder of yours.`, {
      cause,
    });
  }
}

function ownerOf(lock: string): Owner | undefined {
  try {
    const [processId, began] = readFileSync(lock, 'utf8').split(' ');
    return Number(processId) ? { processId: Number(processId), began } : undefined;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw cause;
  }
}

/** Another process may do the same at the same time, and have made its own lock by now: that one is put back. */
function removeLock(file: string, owner: Owner | undefined): void {
  const aside = `${lockOf(file)}.${process.pid}`;
  try {
    renameSync(lockOf(file), aside);
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return;
    throw cause;
  }
  const taken = ownerOf(aside);
  if (taken?.processId === owner?.processId && taken?.began === owner?.began) rmSync(aside);
  else renameSync(aside, lockOf(file));
}

function isRunning({ processId, began }: Owner, file: string): boolean {
  if (processId === process.pid) return held.has(file);
  if (!Number.isInteger(processId) || processId <= 0) return false;
  const begins = beginningOf(processId);
  if (began !== undefined && begins !== undefined && began !== begins) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** When a process began, in the system's own count. Linux alone tells it in a file. */
function beginningOf(processId: number): string | undefined {
  try {
    // The name of the program is in parentheses, and may contain anything.
    return readFileSync(`/proc/${processId}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19];
  } catch {
    return undefined;
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
