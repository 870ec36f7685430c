import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

/** In whose name a server runs; nothing for the user of this process. */
interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

export interface MysqldOptions {
  /** The product, for errors. */
  readonly name: string;
  readonly program: string;
  /** @default the user of this process */
  readonly user?: RunAs;
  /** Makes the files of a new server in the folder's `data`. */
  makeData(folder: string): Promise<unknown>;
  readonly settings: Readonly<Record<string, string>>;
}

/** A throw-away server, with TLS for clients that ask for it. */
export interface MysqldProcess {
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
 * Starts a server of MySQL's kind in a temporary folder, on a free port of 127.0.0.1.
 * @throws Error if it does not start: with what it said
 */
export async function startMysqld({
  name,
  program,
  user = {},
  makeData,
  settings,
}: MysqldOptions): Promise<MysqldProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), `rotaform-${name.toLowerCase()}-`));
  const file = (each: string) => path.join(folder, each);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const { uid, gid } = user;
  const give = (each: string) => uid !== undefined && gid !== undefined && chownSync(file(each), uid, gid);
  const write = (each: string, text: string) => {
    writeFileSync(file(each), text, { mode: 0o600 });
    give(each);
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
    await makeData(folder);
    const port = await freePort();
    const all = {
      datadir: file('data'),
      tmpdir: folder,
      socket: file('mysqld.sock'),
      'pid-file': file('mysqld.pid'),
      port: String(port),
      'bind-address': '127.0.0.1',
      'skip-name-resolve': '1',
      'ssl-cert': file('server.crt'),
      'ssl-key': file('server.key'),
      'init-file': file('init.sql'),
      'innodb-flush-log-at-trx-commit': '0',
      ...settings,
    };
    const flags = Object.entries(all).map(([option, value]) => `--${option}=${value}`);
    const lines: string[] = [];
    const server = spawn(program, ['--no-defaults', ...flags], {
      ...user,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await ready(name, server, lines);
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

function ready(name: string, server: ChildProcess, lines: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`${name} did not start (exit code ${code}):\n${lines.join('')}`)));
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(text);
      if (lines.join('').includes('ready for connections')) resolve();
    });
  });
}
