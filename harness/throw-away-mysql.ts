import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type MysqldProcess, startMysqld } from './start-mysqld.ts';

/** Where `.ci/install-mysql` unpacks a version. */
const folderOf = (version: MysqlVersion) =>
  fileURLToPath(new URL(`../node_modules/.cache/rotaform/mysql-${version}`, import.meta.url));

/** Those that `.ci/install-mysql` unpacks. */
export type MysqlVersion = '9' | '8.4' | '8.0';

/** Whether this machine has it. */
export const hasMysql = (version: MysqlVersion): boolean => existsSync(path.join(folderOf(version), 'mysqld'));

export interface ThrowAwayMysqlOptions {
  readonly version: MysqlVersion;
  /** Settings of the server, such as `{ 'max-connections': '500' }`. @default its own */
  readonly settings?: Readonly<Record<string, string>>;
}

/**
 * Starts a MySQL that `.ci/install-mysql` has unpacked in a temporary folder, on a free port of 127.0.0.1, with TLS for clients that ask
 * for it.
 * @throws Error if there is none, or it does not start: with what it said
 */
export function throwAwayMysql({ version, settings = {} }: ThrowAwayMysqlOptions): Promise<MysqldProcess> {
  const program = path.join(folderOf(version), 'mysqld');
  return startMysqld({
    name: 'MySQL',
    program,
    async makeData(folder) {
      // Made once by whoever unpacked it.
      await promisify(execFile)('cp', ['-R', path.join(folderOf(version), 'data'), folder]);
    },
    settings: {
      ...(process.getuid?.() === 0 && { user: 'root' }),
      mysqlx: 'OFF',
      'secure-file-priv': 'NULL',
      'innodb-buffer-pool-size': '32M',
      'innodb-doublewrite': 'OFF',
      'sync-binlog': '0',
      'log-error-verbosity': '3',
      ...settings,
    },
  });
}
