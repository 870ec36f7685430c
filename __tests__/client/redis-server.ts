import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterAll, onTestFinished } from 'vitest';

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
export function redisServer(): Promise<RedisServer> {
  return startRedis('--port', '0');
}

/**
 * A stand-in for a proxy before a Redis, which refuses a login in words of its own, as Twemproxy does: whoever begins without that
 * password. Until the test ends.
 *
 * @returns the path of its socket
 */
export async function refusingProxy(behind: RedisServer, password: string): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-redis-'));
  const proxy = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (first) => {
      if (!first.includes(password)) return void socket.end('-ERR invalid password\r\n');
      const redis = connect(behind.path).on('error', () => {});
      redis.write(first);
      socket.pipe(redis).pipe(socket);
    });
  });
  const socket = path.join(folder, 'proxy.sock');
  await new Promise<void>((resolve) => proxy.listen(socket, resolve));
  onTestFinished(() => {
    proxy.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return socket;
}

/** A cluster of one node, which has all slots. */
export async function clusterNode(port: number): Promise<RedisServer> {
  const node = await startRedis(
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--cluster-enabled',
    'yes',
    '--cluster-announce-ip',
    '127.0.0.1',
  );
  await node.run('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  while (!String(await node.run('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(50);
  return node;
}

async function startRedis(...more: readonly string[]): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-redis-'));
  const socket = path.join(folder, 'redis.sock');
  const options = [...more, '--unixsocket', socket, '--dir', folder, '--save', '', '--appendonly', 'no'];
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
