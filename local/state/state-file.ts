import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from '../account.ts';
import { restore, type WrittenSnapshot } from './restore.ts';
import { STATE_VERSION, snapshot } from './snapshot.ts';

/**
 * A file that keeps what all accounts hold. It is replaced as a whole, so it is never half-written: a process that is killed leaves the
 * old file or the new one. The archives of functions are beside it, each under its hash. Only its owner may read it: it holds values.
 */
export class StateFile {
  readonly #path: string;
  readonly #accounts: () => readonly Account[];
  #writing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;

  /**
   * Takes the file for this process, and restores what it holds.
   *
   * @throws Error another process uses it, or it cannot be read or written.
   */
  static open(file: string, home: Account, accounts: () => readonly Account[]): StateFile {
    const state = new StateFile(path.resolve(file), accounts);
    state.#lock();
    try {
      state.#restore(home);
    } catch (error) {
      rmSync(state.#lockPath, { force: true });
      throw error;
    }
    return state;
  }

  private constructor(file: string, accounts: () => readonly Account[]) {
    this.#path = file;
    this.#accounts = accounts;
  }

  get #lockPath(): string {
    return `${this.#path}.lock`;
  }

  get #archives(): string {
    return `${this.#path}.archives`;
  }

  /** Writes the state as it is now. Calls that come while it is being written share the next write. */
  async save(): Promise<void> {
    if (this.#writing === undefined) {
      this.#writing = this.#write().finally(() => {
        this.#writing = undefined;
      });
      return this.#writing;
    }
    this.#waiting ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#waiting = undefined;
        return this.save();
      });
    return this.#waiting;
  }

  /** Saves, and gives the file free. */
  async close(): Promise<void> {
    await this.save();
    await rm(this.#lockPath, { force: true });
  }

  async #write(): Promise<void> {
    for (const { functions } of this.#accounts()) {
      for (const { configuration, archive } of functions.all()) {
        const file = this.#archivePath(configuration.CodeSha256);
        if (archive === undefined || existsSync(file)) continue;
        mkdirSync(this.#archives, { recursive: true, mode: 0o700 });
        await writeFile(`${file}.new`, archive, { mode: 0o600 });
        await rename(`${file}.new`, file);
      }
    }
    // Taken in one go, after the last archive: what it names is there.
    const text = JSON.stringify(snapshot(this.#accounts()));
    const temporary = `${this.#path}.new`;
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, this.#path);
  }

  #archivePath(codeSha256: string): string {
    return path.join(this.#archives, `${codeSha256.replaceAll('/', '_')}.zip`);
  }

  #restore(home: Account): void {
    const text = this.#read();
    if (text === undefined) return;
    const state = parsed(text, this.#path);
    try {
      restore(state, home, (hash) => readFileSync(this.#archivePath(hash)));
    } catch (cause) {
      throw new Error(`${notTaken(this.#path)} A part of it is missing or not as expected.`, { cause });
    }
  }

  #read(): string | undefined {
    try {
      return readFileSync(this.#path, 'utf8');
    } catch (cause) {
      if (codeOf(cause) === 'ENOENT') return undefined;
      throw new Error(
        `The state file ${this.#path} cannot be read (${codeOf(cause)}). Give it to your user, or name another.`,
        {
          cause,
        },
      );
    }
  }

  /** A lock of a process that has ended is taken over. */
  #lock(): void {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        const descriptor = openSync(this.#lockPath, 'wx', 0o600);
        writeFileSync(descriptor, String(process.pid));
        closeSync(descriptor);
        return;
      } catch (cause) {
        if (codeOf(cause) !== 'EEXIST') {
          throw new Error(
            `The state file ${this.#path} cannot be written (${codeOf(cause)}). Name one in a folder of yours.`,
            { cause },
          );
        }
      }
      const owner = Number(readFileSync(this.#lockPath, 'utf8'));
      if (isRunning(owner)) {
        throw new Error(
          `The state file ${this.#path} is used by the process ${owner}. Stop that one, or name another file.`,
        );
      }
      rmSync(this.#lockPath, { force: true });
    }
    throw new Error(`The state file ${this.#path} is being taken by another process. Try again.`);
  }
}

function parsed(text: string, file: string): WrittenSnapshot {
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch {
    // Not the parser's own message: it quotes the file.
    throw new Error(`${notTaken(file)} It is not JSON.`);
  }
  const version: unknown = Object(state).version;
  if (version === STATE_VERSION) return state as WrittenSnapshot;
  throw new Error(`${notTaken(file)} It has the version ${JSON.stringify(version)}; expected ${STATE_VERSION}.`);
}

function notTaken(file: string): string {
  return `The file ${file} is not a state that this local AWS can take up. Move it away, or name another.`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

function isRunning(processId: number): boolean {
  if (!Number.isInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}
