import { spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';
import { selfSignedCertificate } from './self-signed-certificate.ts';
import type { ThrowAwayPostgres } from './throw-away-postgres.ts';

/** Where Debian's `pgbouncer` puts it. */
const POOLER = '/usr/sbin/pgbouncer';
/** PgBouncer does not run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

export const hasPgbouncer = existsSync(POOLER);

/** A PgBouncer of one's own before a server, with TLS for its clients. */
export interface ThrowAwayPgbouncer {
  readonly port: number;
  /** What to trust, PEM. */
  readonly ca: string;
  /** Ends it, and removes all that it had. */
  stop(): Promise<void>;
}

/**
 * Starts Debian's PgBouncer in a temporary folder, on a free port of 127.0.0.1; as root, in the name of `nobody`. It takes the
 * logins that the server takes.
 * @throws Error with what it said, if it does not start
 */
export async function throwAwayPgbouncer(
  server: Pick<ThrowAwayPostgres, 'port' | 'username' | 'password'>,
  mode: 'session' | 'transaction',
): Promise<ThrowAwayPgbouncer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-pgbouncer-'));
  const file = (name: string) => path.join(folder, name);
  const user = process.getuid?.() === 0 ? NOBODY : {};
  const { certificate, privateKey } = selfSignedCertificate('localhost', '127.0.0.1');
  const port = await freePort();
  const settings = {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: '',
    pool_mode: mode,
    auth_type: 'scram-sha-256',
    auth_file: file('users.txt'),
    auth_user: server.username,
    client_tls_sslmode: 'require',
    client_tls_cert_file: file('server.crt'),
    client_tls_key_file: file('server.key'),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
  const files = {
    'server.crt': certificate,
    'server.key': privateKey,
    'users.txt': `"${server.username}" "${server.password}"\n`,
    'pgbouncer.ini': `[databases]\n* = host=127.0.0.1 port=${server.port}\n[pgbouncer]\n${lines.join('\n')}\n`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(file(name), text, { mode: 0o600 });
  if (user === NOBODY) for (const name of ['', ...Object.keys(files)]) chownSync(file(name), NOBODY.uid, NOBODY.gid);

  const pooler = spawn(POOLER, [file('pgbouncer.ini')], { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise<void>((resolve) => pooler.once('close', () => resolve()));
  const abandon = () => {
    pooler.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', abandon);
  const stop = async () => {
    process.off('exit', abandon);
    abandon();
    await ended;
  };
  let said = '';
  const started = new Promise<void>((resolve, reject) => {
    pooler.once('error', reject);
    pooler.once('exit', (code) => reject(new Error(`PgBouncer did not start (exit code ${code}):\n${said}`)));
    pooler.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/process up/.test(said)) resolve();
    });
  });
  try {
    await started;
  } catch (error) {
    await stop();
    throw error;
  }
  return { port, ca: certificate, stop };
}
