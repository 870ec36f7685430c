import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RotatingSecret } from '../../client/index.ts';
import { rotatingCluster, rotatingRedis } from '../../client/ioredis.ts';
import { freePort } from '../../harness/free-port.ts';
import { driver, hasDrivers, load, noDrivers } from './drivers.ts';
import { type Login, login, newLogin, type ReadingAccount, readingAccount } from './reading-account.ts';
import { clusterNode, hasRedisServer, type RedisServer, redisServer } from './redis-server.ts';

interface Redis {
  call(...command: string[]): Promise<unknown>;
  get(key: string): Promise<unknown>;
  connect(): Promise<unknown>;
  disconnect(): void;
  on(event: 'error', listener: (error: Error) => void): unknown;
}
interface Ioredis {
  readonly Redis: new (options: object) => Redis;
  readonly Cluster: new (nodes: object[], options: object) => Redis;
}

const isHere = hasRedisServer && hasDrivers;
const missing = isHere ? '' : hasRedisServer ? noDrivers : ' (skipped: no redis-server on this machine)';
const server: RedisServer | undefined = isHere ? await redisServer() : undefined;
const port = isHere ? await freePort() : 0;
const node = isHere ? await clusterNode(port) : undefined;
const { Redis, Cluster } = isHere ? await driver<Ioredis>('ioredis') : ({} as Ioredis);

const clients = [
  ['client', (secret: Secret) => rotatingRedis(Redis, secret, { path: server?.path }), () => server],
  ['cluster', (secret: Secret) => rotatingCluster(Cluster, secret, [{ host: '127.0.0.1', port }], {}), () => node],
] as const;
type Secret = RotatingSecret<Login>;

describe.skipIf(!isHere).each(clients)(`An ioredis %s${missing}`, (_, open, of) => {
  let account: ReadingAccount;
  let first: Login;
  let firstId: string;
  const run = (...command: string[]) => (of() as RedisServer).run(...command);
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

describe.skipIf(!isHere)(`An ioredis client that may not log in${missing}`, () => {
  it('tells its commands why', async () => {
    const account = await readingAccount();
    await account.put(newLogin());
    const secret = account.cache.secret('db', { schema: login });
    const redis = rotatingRedis(Redis, secret, { path: server?.path }, { timeoutSeconds: 0.2 });
    redis.on('error', () => {});
    await expect(redis.get('key')).rejects.toThrow(/^WRONGPASS/);
    redis.disconnect();
  });
});
