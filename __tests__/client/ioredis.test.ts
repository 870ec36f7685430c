import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RotatingSecret } from '../../client/index.ts';
import { rotatingCluster, rotatingRedis } from '../../client/ioredis.ts';
import { freePort } from '../../harness/free-port.ts';
import { closingProxy } from './closing-proxy.ts';
import { hasDrivers, load, noDrivers } from './drivers.ts';
import { heard, versions } from './ioredis-versions.ts';
import { type Login, login, newLogin, type ReadingAccount, readingAccount } from './reading-account.ts';
import { clusterNode, hasRedisServer, type RedisServer, redisServer, refusingProxy } from './redis-server.ts';

const isHere = hasRedisServer && hasDrivers;
const missing = isHere ? '' : hasRedisServer ? noDrivers : ' (skipped: no redis-server on this machine)';
const server: RedisServer | undefined = isHere ? await redisServer() : undefined;
const port = isHere ? await freePort() : 0;
const node = isHere ? await clusterNode(port) : undefined;
type Secret = RotatingSecret<Login>;

const address = `redis://old:stale@127.0.0.1:${port}`;
const clients = versions.flatMap(
  ([name, { Redis, Cluster }]) =>
    [
      [`${name} client`, (secret: Secret) => rotatingRedis(Redis, secret, { path: server?.path }), server],
      [`${name} client of an address`, (secret: Secret) => rotatingRedis(Redis, secret, address), node],
      [
        `${name} cluster`,
        (secret: Secret) => rotatingCluster(Cluster, secret, [{ host: '127.0.0.1', port }], {}),
        node,
      ],
    ] as const,
);

describe.skipIf(!isHere).each(clients)(`An %s${missing}`, (_, open, of) => {
  let account: ReadingAccount;
  let first: Login;
  let firstId: string;
  const run = (...command: string[]) => (of as RedisServer).run(...command);
  const accept = ({ username, password }: Login) =>
    run('ACL', 'SETUSER', username, 'on', 'resetpass', `>${password}`, '~*', '+@all');

  beforeEach(async () => {
    account = await readingAccount();
    first = newLogin();
    await accept(first);
    firstId = await account.put(first);
  });
  afterEach(() => run('ACL', 'DELUSER', 'app'));

  const session = async () => {
    const redis = open(account.cache.secret('db', { schema: login }));
    redis.on('error', () => {});
    try {
      expect(await redis.get('key')).toBeNull();
    } finally {
      redis.disconnect();
    }
  };

  it('loses no command to a rotation of a single user', async () => {
    const sessions = load(session);
    await sessions.after(10);
    const second = newLogin();
    const secondId = await account.put(second, { stages: ['AWSPENDING'] });
    await accept(second);
    await sessions.after(20);
    await account.promote(secondId, firstId);
    await sessions.after(10);
    const { errors } = await sessions.stop();
    expect(errors).toEqual([]);
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
  });

  it('logs in with the new password when a connection is lost', async () => {
    const redis = open(account.cache.secret('db', { schema: login }));
    redis.on('error', () => {});
    expect(await redis.get('key')).toBeNull();
    const second = newLogin();
    await account.put(second, { stages: ['AWSPENDING'] });
    await accept(second);
    await run('CLIENT', 'KILL', 'USER', 'app');
    expect(await redis.get('key')).toBeNull();
    redis.disconnect();
  });
});

describe.skipIf(!isHere).each(versions)(`An %s client that may not log in${missing}`, (_, { Redis }) => {
  const run = (...command: string[]) => (server as RedisServer).run(...command);
  const accept = ({ username, password }: Login) =>
    run('ACL', 'SETUSER', username, 'on', 'resetpass', `>${password}`, '~*', '+@all');
  let account: ReadingAccount;
  let secret: Secret;

  beforeEach(async () => {
    account = await readingAccount();
    secret = account.cache.secret('db', { schema: login });
  });
  afterEach(() => run('ACL', 'DELUSER', 'app'));

  /** With its first version refused, the second one not. */
  async function inRotation(username: string) {
    const second = newLogin();
    await account.put(newLogin(username));
    await account.put(second, { stages: ['AWSPENDING'] });
    await accept(second);
    return second;
  }
  function opened(options: object, how?: Parameters<typeof rotatingRedis>[3]) {
    const redis = rotatingRedis(Redis, secret, options, how as never);
    heard(redis);
    return redis;
  }

  it('tells its commands and its connect() why', async () => {
    await account.put(newLogin());
    const redis = opened({ path: server?.path }, { timeoutSeconds: 0.2 });
    await expect(redis.get('key')).rejects.toThrow(/^WRONGPASS/);
    const lazy = opened({ path: server?.path, lazyConnect: true }, { timeoutSeconds: 0.2 });
    await expect(lazy.connect()).rejects.toThrow(/^WRONGPASS/);
  });

  it('logs in with the next version if its option refused names the error of a proxy', async () => {
    const path = await refusingProxy(server as RedisServer, (await inRotation('app')).password);
    const without = opened({ path, maxRetriesPerRequest: 1 });
    await expect(without.get('key')).rejects.toThrow(/max retries per request|ERR invalid password/);
    const redis = opened({ path }, { refused: (error) => /^ERR invalid password/.test((error as Error).message) });
    expect(await redis.get('key')).toBeNull();
  });

  it('also does so if the proxy closes the connection without an error message', async () => {
    await inRotation('nobody');
    const { host, port } = await closingProxy({ path: server?.path ?? '' }, (sent) => sent.includes('nobody'));
    const without = opened({ host, port, maxRetriesPerRequest: 1 });
    await expect(without.get('key')).rejects.toThrow('max retries per request');
    const redis = opened({ host, port, maxRetriesPerRequest: 0 }, { refused: () => true });
    expect(await redis.get('key')).toBeNull();
  });

  it('keeps the retries that its options allow', async () => {
    await inRotation('app');
    const redis = opened({ path: server?.path, maxRetriesPerRequest: 0 });
    expect(await redis.get('key')).toBeNull();
    const gone = opened({ port: await freePort(), maxRetriesPerRequest: 0 });
    await expect(gone.get('key')).rejects.toThrow('max retries per request');
  });

  it('throws what the cache throws, and works again when that is over', async () => {
    const redis = opened({ path: server?.path, lazyConnect: true });
    await expect(redis.connect()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(redis.get('key')).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await accept(await inRotation('app'));
    await expect.poll(() => redis.get('key').catch(() => 'not yet'), { timeout: 20_000 }).toBeNull();
  });

  it('stays disconnected if it is told so while it reads the secret', async () => {
    await inRotation('app');
    account.fail('delay', { delayMs: 300, times: 1 });
    const redis = opened({ path: server?.path });
    const command = redis.get('key').catch((error: Error) => error.message);
    redis.disconnect();
    expect(await command).toBe('Connection is closed.');
    expect(String(await run('CLIENT', 'LIST'))).not.toContain('user=app');
  });

  it('has duplicates that log in on their own', async () => {
    await inRotation('app');
    const asked: number[] = [];
    const retryStrategy = (times: number) => void asked.push(times);
    const redis = opened({ path: server?.path, retryStrategy });
    const other = redis.duplicate();
    other.on('error', () => {});
    expect(await Promise.all([redis.get('key'), other.get('key')])).toEqual([null, null]);
    expect(asked).toEqual([]);
    await run('CLIENT', 'KILL', 'USER', 'app');
    await expect.poll(() => asked).toEqual([1, 1]);
  });
});
