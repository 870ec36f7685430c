import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { createClient } from 'redis';
import { afterAll } from 'vitest';

export interface RedisServer {
  /** Of its Unix socket. */
  readonly path: string;
  /** Runs a command as the default user, who may do all. */
  run(...command: string[]): Promise<unknown>;
}

/** Whether this machine has a `redis-server`. */
export const hasRedisServer = (() => {
  try {
    execFileSync('redis-server', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

/** A Redis of its own for the tests of one file, on a Unix socket, stopped after them. */
export async function redisServer(): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-redis-'));
  const socket = path.join(folder, 'redis.sock');
  const options = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface(server.stdout);
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => /ready to accept connections/i.test(line) && resolve());
    server.once('exit', (code) => reject(new Error(`redis-server ended with ${code}`)));
  });
  const admin = createClient({ socket: { path: socket, tls: false } });
  await admin.connect();
  afterAll(async () => {
    admin.destroy();
    const exited = once(server, 'exit');
    server.kill();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  });
  return { path: socket, run: (...command) => admin.sendCommand(command) };
}
