import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

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
export interface ThrowAwayMariadb {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Its administrator. */
  readonly username: 'root';
  readonly password: string;
  /** What to trust, PEM. */
  readonly ca: string;
  /** What the server has logged so far. */
  log(): string;
  /** Ends it, and removes all that it had. */
  stop(): Promise<void>;
}

/**
 * Starts the MariaDB of this machine in a temporary folder, on a free port of 127.0.0.1; as root, in the name of `nobody`. It was tried
 * with Debian's.
 * @throws Error if there is none, or it does not start: with what it said
 */
export async function throwAwayMariadb({ settings = {} }: ThrowAwayMariadbOptions = {}): Promise<ThrowAwayMariadb> {
  if (SERVER === undefined || INSTALL === undefined) {
    throw new Error('There is no MariaDB on this machine. Install it: apt-get install mariadb-server on Debian.');
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-mariadb-'));
  const file = (name: string) => path.join(folder, name);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const user = process.getuid?.() === 0 ? NOBODY : {};
  const give = (name: string) => user === NOBODY && chownSync(file(name), NOBODY.uid, NOBODY.gid);
  const write = (name: string, text: string) => {
    writeFileSync(file(name), text, { mode: 0o600 });
    give(name);
  };
  try {
    give('');
    const password = randomBytes(24).toString('base64url');
    const { certificate, privateKey } = selfSignedCertificate('localhost', '127.0.0.1');
    write('server.crt', certificate);
    write('server.key', privateKey);
    write(
      'init.sql',
      `CREATE USER root@'127.0.0.1' IDENTIFIED BY '${password}';\nGRANT ALL ON *.* TO root@'127.0.0.1' WITH GRANT OPTION;\n`,
    );
    const install = [
      '--no-defaults',
      `--datadir=${file('data')}`,
      // Servers that are made at a time would share the names of temporary tables.
      `--tmpdir=${folder}`,
      '--skip-test-db',
      '--auth-root-authentication-method=socket',
    ];
    await promisify(execFile)(INSTALL, install, { ...user, cwd: folder });
    const port = await freePort();
    const all = {
      datadir: file('data'),
      tmpdir: folder,
      socket: file('mariadb.sock'),
      'pid-file': file('mariadb.pid'),
      port: String(port),
      'bind-address': '127.0.0.1',
      'skip-name-resolve': '1',
      'ssl-cert': file('server.crt'),
      'ssl-key': file('server.key'),
      'init-file': file('init.sql'),
      'innodb-flush-log-at-trx-commit': '0',
      'log-warnings': '2',
      ...settings,
    };
    const flags = Object.entries(all).map(([name, value]) => `--${name}=${value}`);
    const lines: string[] = [];
    const server = spawn(SERVER, ['--no-defaults', ...flags], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await ready(server, lines);
    const abandon = () => {
      server.kill('SIGKILL');
      remove();
    };
    process.once('exit', abandon);
    return {
      host: '127.0.0.1',
      port,
      username: 'root',
      password,
      ca: certificate,
      log: () => lines.join(''),
      async stop() {
        process.off('exit', abandon);
        const ended = new Promise((resolve) => server.once('close', resolve));
        server.kill('SIGTERM');
        await ended;
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

function ready(server: ChildProcess, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`MariaDB did not start (exit code ${code}):\n${lines.join('')}`)));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(text);
      if (lines.join('').includes('ready for connections')) resolve();
    });
  });
}
