import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { type MysqldProcess, startMysqld } from './start-mysqld.ts';

/** Where the program is: in the PATH, or where Debian's `mariadb-server` puts it. */
function found(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/bin'];
  return folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
}

const SERVER = found('mariadbd');
const INSTALL = found('mariadb-install-db');
/** MariaDB does not run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Whether this machine has one. */
export const hasMariadb = SERVER !== undefined && INSTALL !== undefined;

export interface ThrowAwayMariadbOptions {
  /** Settings of the server, such as `{ max_connections: '500' }`. @default its own */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A throw-away MariaDB, with TLS for clients that ask for it. */
export interface ThrowAwayMariadb extends MysqldProcess {}

/**
 * Starts the MariaDB of this machine in a temporary folder, on a free port of 127.0.0.1; as root, in the name of `nobody`. It was tried
 * with Debian's.
 * @throws Error if there is none, or it does not start: with what it said
 */
export async function throwAwayMariadb({ settings = {} }: ThrowAwayMariadbOptions = {}): Promise<ThrowAwayMariadb> {
  if (SERVER === undefined || INSTALL === undefined) {
    throw new Error('There is no MariaDB on this machine. Install it: apt-get install mariadb-server on Debian.');
  }
  const user = process.getuid?.() === 0 ? NOBODY : {};
  return startMysqld({
    name: 'MariaDB',
    program: SERVER,
    user,
    makeData(folder) {
      const options = [
        '--no-defaults',
        `--datadir=${path.join(folder, 'data')}`,
        // Servers that are made at a time would share the names of temporary tables.
        `--tmpdir=${folder}`,
        '--skip-test-db',
        '--auth-root-authentication-method=socket',
      ];
      return promisify(execFile)(INSTALL, options, { ...user, cwd: folder });
    },
    settings: { 'log-warnings': '2', ...settings },
  });
}
