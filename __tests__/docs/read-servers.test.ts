import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasDrivers, load, noDrivers } from '../client/drivers.ts';
import { type Login, newLogin } from '../client/reading-account.ts';
import { postgresServer } from '../postgres-server.ts';
import { recipe, rotateUnder, surroundingAccount } from './recipe.ts';

const server = await postgresServer({ tls: false });
await server.query('CREATE DATABASE shop');
const name = 'my-app/db';
const edits = {
  "host: 'db.internal'": `host: '${server.host}', port: ${server.port}`,
  'maxLifetimeSeconds: 3600': 'maxUses: 1',
};

/** An account with the login of a role, until the test ends. */
async function withRole() {
  const account = await surroundingAccount();
  const first = newLogin();
  await server.query(`CREATE ROLE app LOGIN PASSWORD '${first.password}'`);
  onTestFinished(async () => {
    await server.query("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'app'");
    await server.query('DROP ROLE app');
  });
  const firstId = await account.put(first, { name });
  const accept = ({ password }: Login) => server.query(`ALTER ROLE app PASSWORD '${password}'`);
  const rotate = (ask: () => Promise<unknown>) => rotateUnder(load(ask), account, { name, accept }, firstId);
  return { account, rotate };
}

/** Asks until the answer is not one that a server may give. */
async function json(url: string): Promise<unknown> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.json();
}

describe.skipIf(!hasDrivers)(`docs/read/servers.md${hasDrivers ? '' : noDrivers}`, () => {
  it('Fastify answers every request through a rotation, tells its health, and ends', async () => {
    const { account, rotate } = await withRole();
    const { app } = await recipe<{ app: { listen(at: object): Promise<string>; close(): Promise<void> } }>(
      'servers.md',
      'fastify.ts',
      { edits },
    );
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    expect(account.reads).toEqual(['AWSCURRENT']);
    expect(await rotate(() => json(`${url}/user`))).toMatchObject({ errors: [] });
    expect(await json(`${url}/user`)).toEqual({ user: 'app' });
    expect(await json(`${url}/health`)).toEqual({ db: 'healthy' });
    await app.close();
    await expect(fetch(url)).rejects.toThrow();
  });

  it('Fastify does not start if it cannot read', async () => {
    await surroundingAccount();
    const { app } = await recipe<{ app: { ready(): Promise<unknown>; close(): Promise<void> } }>(
      'servers.md',
      'fastify.ts',
      { edits },
    );
    await expect(app.ready()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await app.close();
  });

  it('Express answers every request through a rotation, tells its health, and ends with SIGTERM', async () => {
    const { rotate } = await withRole();
    const others = process.listeners('SIGTERM');
    const { start } = await recipe<{ start(port: number): Promise<Server> }>('servers.md', 'express.ts', { edits });
    const app = await start(0);
    if (!app.listening) await once(app, 'listening');
    const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    expect(await rotate(() => json(`${url}/user`))).toMatchObject({ errors: [] });
    expect(await json(`${url}/health`)).toEqual({ db: 'healthy' });
    const ended = new Promise((resolve) => app.once('close', resolve));
    const [shutdown] = process.listeners('SIGTERM').filter((listener) => !others.includes(listener));
    shutdown?.('SIGTERM');
    app.closeIdleConnections();
    await ended;
    process.removeListener('SIGTERM', shutdown ?? (() => {}));
  });
});

describe.skipIf(!hasDrivers)(`docs/read/lambda.md${hasDrivers ? '' : noDrivers}`, () => {
  it('a handler answers every invocation through a rotation', async () => {
    const { account, rotate } = await withRole();
    const { handler } = await recipe<{ handler(): Promise<unknown> }>('lambda.md', 'handler.ts', { edits });
    expect(account.reads).toEqual([]);
    expect(await rotate(handler)).toMatchObject({ errors: [] });
    expect(await handler()).toEqual({ user: 'app' });
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
  });

  it('a handler answers although its connection ended while it was frozen', async () => {
    const { rotate } = await withRole();
    const { 'maxLifetimeSeconds: 3600': _, ...at } = edits;
    const { handler } = await recipe<{ handler(): Promise<unknown> }>('lambda.md', 'handler.ts', { edits: at });
    await handler();
    await rotate(() => sleep(5)); // others use the secret meanwhile
    await server.query("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'app'");
    await expect.poll(() => handler().catch(() => undefined)).toEqual({ user: 'app' });
  });

  it('middy gives a handler the value, from memory', async () => {
    const { account } = await withRole();
    type Handler = (event: unknown, context: object) => Promise<string>;
    const { handler } = await recipe<{ handler: Handler }>('lambda.md', 'middy.ts');
    const invoke = () => handler({}, { getRemainingTimeInMillis: () => 1000 });
    expect([await invoke(), await invoke()]).toEqual(['app', 'app']);
    expect(account.reads).toEqual(['AWSCURRENT']);
  });
});
