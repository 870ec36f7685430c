import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { RedisClientOptions } from 'redis';
import * as redis from 'redis';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { rotatingOptions } from '../../client/redis.ts';
import { closingProxy } from './closing-proxy.ts';
import { driver, hasDrivers } from './drivers.ts';
import { type Login, login, newLogin, type ReadingAccount, readingAccount } from './reading-account.ts';
import { hasRedisServer, type RedisServer, redisServer, refusingProxy } from './redis-server.ts';

const missing = hasRedisServer ? '' : ' (skipped: no redis-server on this machine)';

const server: RedisServer = hasRedisServer ? await redisServer() : { path: '', run: async () => {} };

/** With the one before the newest. */
const version5 = hasDrivers ? [['node-redis 5', await driver<typeof redis>('redis-5')] as const] : [];
const versions = [['node-redis', redis] as const, ...version5];

describe.skipIf(!hasRedisServer).each(versions)(`A %s client${missing}`, (name, { createClient, createClientPool }) => {
  let account: ReadingAccount;
  let first: Login;
  let firstId: string;
  let errors: string[];

  beforeEach(async () => {
    account = await readingAccount();
    first = newLogin();
    errors = [];
    await accept(first);
    firstId = await account.put(first);
  });

  afterEach(async () => {
    await server.run('ACL', 'DELUSER', 'app', 'app_clone');
  });

  /** That password of the user's, and no other. */
  const accept = ({ username, password }: Login) =>
    server.run('ACL', 'SETUSER', username, 'on', 'resetpass', `>${password}`, '~*', '+@all');

  const socket = { path: server.path, tls: false } as const;
  const clientOf = () => {
    const secret = account.cache.secret('db', { schema: login });
    const ours = rotatingOptions({ socket }, secret);
    return createClient(ours).on('error', (error: Error) => errors.push(error.message));
  };
  const whoami = async () => {
    const client = clientOf();
    await client.connect();
    const user = await client.sendCommand(['ACL', 'WHOAMI']);
    client.destroy();
    return user;
  };

  /** Logs in again and again, until told to stop. */
  function load() {
    const users: unknown[] = [];
    let running = true;
    const worker = async () => {
      while (running) users.push(await whoami());
    };
    const done = Promise.all([worker(), worker()]);
    return {
      users,
      async after(more: number) {
        const until = users.length + more;
        while (users.length < until) await Promise.race([sleep(5), done]);
      },
      async stop() {
        running = false;
        await done;
      },
    };
  }

  it('loses no login to a rotation of a single user, with at most one refusal per login in progress', async () => {
    const live = clientOf();
    await live.connect();
    const logins = load();
    await logins.after(10);
    const second = newLogin();
    const secondId = await account.put(second, { stages: ['AWSPENDING'] });
    await accept(second);
    await logins.after(20);
    await account.promote(secondId, firstId);
    await logins.after(10);
    await logins.stop();
    expect(errors.length).toBeGreaterThan(0);
    expect(errors.length).toBeLessThanOrEqual(2);
    expect(errors.every((message) => message.startsWith('WRONGPASS'))).toBe(true);
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
    expect(await live.sendCommand(['ACL', 'WHOAMI'])).toBe('app');
    live.destroy();
  });

  it('loses no login, and none is refused, if two users alternate', async () => {
    const logins = load();
    await logins.after(10);
    const second = newLogin('app_clone');
    await accept(second);
    await account.put(second);
    await account.cache.secret('db', { schema: login }).refresh();
    await logins.after(10);
    await logins.stop();
    expect(new Set(logins.users)).toEqual(new Set(['app', 'app_clone']));
    expect(errors).toEqual([]);
  });

  it('logs in with the new password when a connection is lost', async () => {
    const client = clientOf();
    await client.connect();
    const second = newLogin();
    await account.put(second);
    await accept(second);
    const reconnected = new Promise((resolve) => client.once('ready', resolve));
    await server.run('CLIENT', 'KILL', 'USER', 'app');
    await reconnected;
    expect(await client.ping()).toBe('PONG');
    expect(errors.filter((message) => message.startsWith('WRONGPASS'))).toHaveLength(1);
    client.destroy();
  });

  it('follows its own reconnectStrategy if nothing is left to try', async () => {
    await accept(newLogin());
    const secret = account.cache.secret('db', { schema: login });
    const asked: number[] = [];
    const reconnectStrategy = (retries: number) => {
      asked.push(retries);
      return retries < 2 && 1;
    };
    const options = { socket: { ...socket, reconnectStrategy } };
    const client = createClient(rotatingOptions(options, secret, { timeoutSeconds: 0.1 }));
    client.on('error', (error: Error) => errors.push(error.message));
    await expect(client.connect()).rejects.toThrow(/^WRONGPASS/);
    expect(asked).toEqual([1, 2]);
  });

  it('tries the next version after an error that its option refused names', async () => {
    const second = newLogin();
    await accept(second);
    await account.put(second, { stages: ['AWSPENDING'] });
    const options = { socket: { path: await refusingProxy(server, second.password), tls: false } } as const;
    const open = (how: { refused?: (error: unknown) => boolean }) => {
      const secret = account.cache.secret('db', { schema: login });
      const socket = { ...options.socket, reconnectStrategy: false } as const;
      return createClient(rotatingOptions({ socket }, secret, how)).on('error', () => {});
    };
    await expect(open({}).connect()).rejects.toThrow('ERR invalid password');
    const client = open({ refused: (error) => /^ERR invalid password/.test((error as Error).message) });
    await client.connect();
    expect(await client.sendCommand(['ACL', 'WHOAMI'])).toBe('app');
    client.destroy();
  });

  it('also does so if a proxy closes the connection without an error message', async () => {
    await account.put(newLogin('nobody'), { name: 'refused' });
    await account.put(first, { name: 'refused', stages: ['AWSPENDING'] });
    const { host, port } = await closingProxy({ path: server.path }, (sent) => sent.includes('nobody'));
    const secret = account.cache.secret('refused', { schema: login });
    const socket = { host, port, tls: false, reconnectStrategy: false } as const;
    const without = createClient(rotatingOptions({ socket }, secret)).on('error', () => {});
    await expect(without.connect()).rejects.toThrow('Socket closed unexpectedly');
    const client = createClient(rotatingOptions({ socket }, secret, { refused: () => true })).on('error', () => {});
    await client.connect();
    expect(await client.sendCommand(['ACL', 'WHOAMI'])).toBe('app');
    client.destroy();
  });

  it('throws what the cache throws, and works again when that is over', async () => {
    const secret = account.cache.secret('absent', { schema: login });
    const options = { socket: { ...socket, reconnectStrategy: false } } as const;
    const failing = createClient(rotatingOptions(options, secret)).on('error', () => {});
    await expect(failing.connect()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const waiting = createClient(rotatingOptions({ socket }, secret)).on('error', () => {});
    const connected = waiting.connect();
    await account.put(first, { name: 'absent' });
    await connected;
    expect(await waiting.sendCommand(['ACL', 'WHOAMI'])).toBe('app');
    waiting.destroy();
  });

  it('stays closed if it is told so while it looks for another version', async () => {
    await accept(newLogin());
    const cache = secretsCache({ client: account.client });
    const secret = cache.secret('db', { schema: login });
    const client = createClient(rotatingOptions({ socket }, secret, { timeoutSeconds: 900 })).on('error', () => {});
    const connected = client.connect().then(
      () => 'connected',
      () => 'ended',
    );
    await expect.poll(() => cache.stats().refusals).toBe(1);
    client.destroy();
    await accept(first);
    cache.close();
    // Version 5 says that it connected, and is closed all the same.
    expect(await connected).toBe(name === 'node-redis 5' ? 'connected' : 'ended');
    expect(String(await server.run('CLIENT', 'LIST'))).not.toContain('user=app');
  });

  it('logs in again as one of a pool, whose connections share their options', async () => {
    const secret = account.cache.secret('db', { schema: login });
    const options = rotatingOptions({ socket }, secret, { timeoutSeconds: 1 });
    const pool = createClientPool(options, { minimum: 5 }).on('error', () => {});
    await pool.connect();
    const second = newLogin();
    await account.put(second, { stages: ['AWSPENDING'] });
    await accept(second);
    await server.run('CLIENT', 'KILL', 'USER', 'app');
    const whoami = () => pool.execute((client) => client.sendCommand(['ACL', 'WHOAMI']));
    const all = () => Promise.all(Array.from({ length: 5 }, () => whoami().catch(() => 'lost')));
    await expect.poll(all, { timeout: 20_000 }).toEqual(Array(5).fill('app'));
    pool.destroy();
  });

  it('uses a secret that is only a password, for the user default', async () => {
    await account.put('not-used-by-anybody', { name: 'plain' });
    const secret = account.cache.secret('plain', { schema: v.string() });
    const { credentialsProvider } = rotatingOptions<RedisClientOptions, string>({}, secret, {
      login: (password) => ({ password }),
    });
    if (credentialsProvider?.type !== 'async-credentials-provider') throw new Error('no provider');
    expect(await credentialsProvider.credentials()).toEqual({ password: 'not-used-by-anybody' });
  });

  it('prints no password', async () => {
    const client = clientOf();
    await client.connect();
    expect(inspect(client, { depth: 10, showHidden: true })).not.toContain(first.password);
    client.destroy();
  });
});
