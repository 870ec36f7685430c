import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { open, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Account } from '../account.ts';
import { codeOf, lockFile, unlockFile } from './lock-file.ts';
import { realFile } from './real-file.ts';
import { restore, type WrittenSnapshot } from './restore.ts';
import { STATE_VERSION, snapshot } from './snapshot.ts';
import { brokenPart } from './state-schema.ts';

/**
 * A file that keeps what all accounts hold. It is replaced as a whole, so it is never half-written: a process that is killed leaves the
 * old file or the new one. The archives of functions are beside it, each under its hash. Only its owner may read it: it holds values.
 */
export class StateFile {
  readonly #path: string;
  readonly #accounts: () => readonly Account[];
  #writing: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;
  #isClosed = false;

  /**
   * Takes the file for this process, and restores what it holds.
   *
   * @throws Error another process uses it, or it cannot be read or written.
   */
  static open(file: string, home: Account, accounts: () => readonly Account[]): StateFile {
    const state = new StateFile(realFile(file), accounts);
    lockFile(state.#path);
    try {
      state.#restore(home);
    } catch (error) {
      unlockFile(state.#path);
      throw error;
    }
    return state;
  }

  private constructor(file: string, accounts: () => readonly Account[]) {
    this.#path = file;
    this.#accounts = accounts;
  }

  get #archives(): string {
    return `${this.#path}.archives`;
  }

  /** Writes the state as it is now. Calls that come while it is being written share the next write. */
  async save(): Promise<void> {
    if (this.#isClosed) return;
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

  /** Saves for the last time, and gives the file free, which another process may take at once. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    try {
      await this.save();
    } finally {
      this.#isClosed = true;
      unlockFile(this.#path);
    }
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
        { cause },
      );
    }
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
  if (version !== STATE_VERSION) {
    throw new Error(`${notTaken(file)} It has the version ${JSON.stringify(version)}; expected ${STATE_VERSION}.`);
  }
  const broken = brokenPart(state);
  if (broken === undefined) return state as WrittenSnapshot;
  throw new Error(`${notTaken(file)} A part of it is missing or not as expected: ${broken}.`);
}

function notTaken(file: string): string {
  return `The file ${file} is not a state that this local AWS can take up. Move it away, or name another.`;
}
