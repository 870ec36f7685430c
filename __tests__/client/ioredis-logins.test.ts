import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { rotatingCluster, rotatingRedis } from '../../client/ioredis.ts';
import { sdkError } from './answering-client.ts';
import { hasDrivers, noDrivers } from './drivers.ts';
import { heard, versions } from './ioredis-versions.ts';
import { respServer } from './resp-server.ts';
import { secretOf } from './secret-of.ts';

const [first, second] = [
  { username: 'app', password: 'first' },
  { username: 'app', password: 'second' },
];
const WRONGPASS = /^WRONGPASS/;
const soon = { interval: 1, timeout: 5000 };
const missing = hasDrivers ? '' : noDrivers;
describe.skipIf(!hasDrivers).each(versions)(`An %s client, of a stand-in for Redis${missing}`, (_, { Redis }) => {
  /** With a server that accepts that login, and a secret whose reads bring these. */
  async function opened(
    accepted: string,
    values: readonly unknown[],
    options: object = {},
    how: Parameters<typeof rotatingRedis>[3] = {},
  ) {
    const server = await respServer(accepted);
    const { secret, asked } = secretOf(...values);
    const given = { host: '127.0.0.1', port: server.port, ...options };
    const redis = rotatingRedis(Redis, secret, given, { timeoutSeconds: 0.02, ...how } as never);
    return { server, secret, asked, redis, errors: heard(redis) };
  }

  it.each([
    ['user and password', 'app:first', first],
    ['password, for the default user', 'default:first', { password: 'first' }],
  ])("logs in with the secret's %s", async (_, login, value) => {
    const { redis, server } = await opened(login, [value], { username: 'root', password: 'stale' });
    expect(await redis.get('key')).toBeNull();
    expect(server.logins).toEqual([login]);
  });

  it('takes an address, and connects at once', async () => {
    const server = await respServer('app:first');
    const redis = rotatingRedis(Redis, secretOf(first).secret, `redis://root:stale@127.0.0.1:${server.port}`);
    heard(redis);
    await vi.waitFor(() => expect(server.logins).toEqual(['app:first']), soon);
    expect(await redis.get('key')).toBeNull();
  });

  it('connects at once, or with its first command if its options say so', async () => {
    const now = await opened('app:first', [first]);
    const later = await opened('app:first', [first], { lazyConnect: true });
    await vi.waitFor(() => expect(now.redis.status).toBe('ready'), soon);
    expect(later.redis.status).toBe('wait');
    expect(later.asked).toEqual([]);
    expect(await later.redis.get('key')).toBeNull();
  });

  it('logs in with the next version if the first one is refused, and loses no command', async () => {
    const { redis, server, asked, errors } = await opened('app:second', [first, second], { maxRetriesPerRequest: 0 });
    expect(await redis.get('key')).toBeNull();
    expect(server.logins).toEqual(['app:first', 'app:second']);
    expect(asked).toHaveLength(2);
    expect(errors).toEqual([]);
    await vi.waitFor(() => expect(server.connections()).toBe(1), soon);
  });

  it('reads the secret again for the next connection, and may be refused there once more', async () => {
    const { redis, server, secret } = await opened('app:first', [first, second], { retryStrategy: () => 1 });
    expect(await redis.get('key')).toBeNull();
    server.accepted.clear();
    server.accepted.add('app:second');
    server.endAll();
    await vi.waitFor(() => expect(server.logins).toEqual(['app:first', 'app:first', 'app:second']), soon);
    await secret.refresh();
    expect(await redis.get('key')).toBeNull();
  });

  it('has a connect() that resolves when a version is accepted, and leaves no listener', async () => {
    const { redis, server } = await opened('app:second', [first, second], { lazyConnect: true });
    const listeners = () => ['ready', 'close'].map((event) => redis.listenerCount(event));
    const before = listeners();
    await redis.connect();
    expect(redis.status).toBe('ready');
    expect(server.logins).toEqual(['app:first', 'app:second']);
    expect(listeners()).toEqual(before);
  });

  it('has a connect() that fails as the server refused it if no version is accepted', async () => {
    const { redis } = await opened('nobody', [first, second], { lazyConnect: true, retryStrategy: () => null });
    const listeners = () => ['ready', 'close'].map((event) => redis.listenerCount(event));
    const before = listeners();
    await expect(redis.connect()).rejects.toThrow(WRONGPASS);
    expect(listeners()).toEqual(before);
  });

  it('has commands that fail as the server refused it if no version is accepted', async () => {
    const { redis, errors } = await opened('nobody', [first, second], { retryStrategy: () => null });
    await expect(redis.get('key')).rejects.toThrow(WRONGPASS);
    await vi.waitFor(() => expect(redis.status).toBe('end'), soon);
    expect(errors).toEqual([expect.stringMatching(WRONGPASS)]);
  });

  it('has a connect() and commands that fail as the cache fails, before it connects', async () => {
    const denied = sdkError('AccessDeniedException');
    const lazy = await opened('app:first', [denied], { lazyConnect: true });
    await expect(lazy.redis.connect()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    const { redis, server } = await opened('app:first', [denied]);
    await expect(redis.get('key')).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect([server.connections(), lazy.server.connections()]).toEqual([0, 0]);
  });

  it("has a connect() that fails with the driver's own error if there is no server", async () => {
    const { redis, errors } = await opened('nobody', [first], { port: 1, lazyConnect: true, retryStrategy: null });
    await expect(redis.connect()).rejects.toThrow('Connection is closed.');
    expect(errors).toEqual([expect.stringContaining('ECONNREFUSED')]);
  });

  it('takes no other error for a refused login', async () => {
    const { redis, server, asked } = await opened('nobody', [first, second], { retryStrategy: () => null });
    server.refusal = '-ERR max number of clients reached';
    await expect(redis.get('key')).rejects.toThrow('ERR max number of clients reached');
    expect(server.logins).toEqual(['app:first']);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['an error of its own', '-ERR invalid password', 'ERR invalid password', false, 3],
    ['an error of its own, and the end of the connection', '-ERR invalid password', 'ERR invalid password', true, 3],
    ['the same, of RESP 2', '-ERR invalid password', 'ERR invalid password', true, 2],
    ['only the end of the connection', '', 'Connection is closed.', false, 3],
  ])('takes %s for a refused login if the option refused does', async (_, refusal, message, endsRefused, protocol) => {
    const asked: string[] = [];
    const refused = (error: unknown) => {
      asked.push((error as Error).message);
      return asked.at(-1) === message;
    };
    const { redis, server } = await opened('app:second', [first, second], { protocol }, { refused });
    Object.assign(server, { refusal, endsRefused });
    expect(await redis.get('key')).toBeNull();
    expect(server.logins).toEqual(['app:first', 'app:second']);
  });

  it('takes no error for a refused login after the login', async () => {
    const retries: number[] = [];
    const retryStrategy = (times: number) => retries.push(times);
    const { redis, server, asked } = await opened('app:first', [first], { retryStrategy }, { refused: () => true });
    expect(await redis.get('key')).toBeNull();
    await expect(redis.auth('of somebody else')).rejects.toThrow(WRONGPASS);
    expect(redis.status).toBe('ready');
    server.endAll();
    await vi.waitFor(() => expect(server.logins.slice(2)).toEqual(['app:first']), soon);
    expect(await redis.get('key')).toBeNull();
    server.say('no RESP\r\n');
    await vi.waitFor(() => expect(retries).toEqual([1, 1]), soon);
    expect(await redis.get('key')).toBeNull();
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['a number of milliseconds', () => 1, 2],
    ['nothing', () => undefined, 1],
  ])('connects again as its own retryStrategy says: after %s', async (_, retryStrategy, connections) => {
    const { redis, server } = await opened('app:first', [first], { retryStrategy });
    expect(await redis.get('key')).toBeNull();
    server.endAll();
    await vi.waitFor(() => expect(redis.status).toBe(connections === 2 ? 'ready' : 'end'), soon);
    await vi.waitFor(() => expect(server.logins).toHaveLength(connections), soon);
  });

  it('fails a command after as many retries as its options allow, also after a refused login', async () => {
    const retryStrategy = () => 1;
    const { redis, server } = await opened('app:second', [first, second], { retryStrategy, maxRetriesPerRequest: 1 });
    expect(await redis.get('key')).toBeNull();
    server.refusal = '';
    server.accepted.clear();
    server.endAll();
    await vi.waitFor(() => expect(redis.status).not.toBe('ready'), soon);
    await expect(redis.get('key')).rejects.toThrow('max retries per request');
  });

  it('stays disconnected if it is told so while it reads the secret', async () => {
    const { redis, server } = await opened('app:first', [first]);
    redis.disconnect();
    await expect(redis.get('key')).rejects.toThrow('Connection is closed.');
    await sleep(10);
    expect(server.logins).toEqual([]);
    expect(redis.status).toBe('end');
  });

  it('has duplicates that log in on their own, at once or later as their options say', async () => {
    const { redis, server } = await opened('app:second', [first, second], { lazyConnect: true });
    const [same, other] = [redis.duplicate(), redis.duplicate({ lazyConnect: false })];
    heard(same);
    heard(other);
    await vi.waitFor(() => expect(other.status).toBe('ready'), soon);
    expect([redis.status, same.status]).toEqual(['wait', 'wait']);
    expect(await same.get('key')).toBeNull();
    expect(server.logins).toEqual(['app:first', 'app:second', 'app:second']);
  });
});

describe.skipIf(!hasDrivers).each(versions)(`An %s cluster, of a stand-in for Redis${missing}`, (_, { Cluster }) => {
  async function opened(options: object = {}) {
    const server = await respServer('app:second');
    const { secret, asked } = secretOf(first, second);
    const redis = rotatingCluster(Cluster, secret, [{ host: '127.0.0.1', port: server.port }], options);
    return { server, asked, redis, errors: heard(redis) };
  }

  it('connects at once, and logs in at each node with the next version if the first one is refused', async () => {
    const { redis, server } = await opened();
    await vi.waitFor(() => expect(redis.status).toBe('ready'), soon);
    expect(await redis.get('key')).toBeNull();
    expect(server.logins).toContain('app:second');
  });

  it('connects with its first command if its options say so', async () => {
    const { redis, server } = await opened({ lazyConnect: true });
    await sleep(5);
    expect(redis.status).toBe('wait');
    expect(await redis.get('key')).toBeNull();
    expect(server.logins).toContain('app:second');
  });

  it('raises no rejection that nobody can handle if no node is there', async () => {
    const { secret } = secretOf(first);
    const options = { clusterRetryStrategy: () => null };
    const redis = rotatingCluster(Cluster, secret, [{ host: '127.0.0.1', port: 1 }], options);
    heard(redis);
    await vi.waitFor(() => expect(redis.status).toBe('end'), soon);
  });
});
