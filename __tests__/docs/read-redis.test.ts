import { describe, expect, it } from 'vitest';
import { freePort } from '../../harness/free-port.ts';
import { hasDrivers, noDrivers } from '../client/drivers.ts';
import { type Login, newLogin } from '../client/reading-account.ts';
import { clusterNode, hasRedisServer } from '../client/redis-server.ts';
import { recipe, surroundingAccount } from './recipe.ts';

interface Redis {
  readonly isReady?: boolean;
  connect(): Promise<unknown>;
  get(key: string): Promise<unknown>;
  quit(): Promise<unknown>;
}

const isHere = hasRedisServer && hasDrivers;
const missing = isHere ? '' : hasRedisServer ? noDrivers : ' (skipped: no redis-server on this machine)';
const port = isHere ? await freePort() : 0;
const server = isHere ? await clusterNode(port) : undefined;
const run = async (...command: string[]) => server?.run(...command);
const accept = ({ username, password }: Login) =>
  run('ACL', 'SETUSER', username, 'on', 'resetpass', `>${password}`, '~*', '+@all');

describe.skipIf(!isHere)(`docs/read/redis.md${missing}`, () => {
  it.each([
    ['node-redis', 'redis.ts', { 'redis://cache.internal': `redis://127.0.0.1:${port}` }],
    ['ioredis', 'ioredis.ts', { "host: 'cache.internal' ": `host: '127.0.0.1', port: ${port} ` }],
    ['ioredis behind a proxy', 'proxied.ts', { "host: 'cache.internal' ": `host: '127.0.0.1', port: ${port} ` }],
    ['its Cluster', 'cluster.ts', { "host: 'cache.internal', port: 6379": `host: '127.0.0.1', port: ${port}` }],
  ])(
    '%s logs in with the version that a rotation prepares, after its connection was lost',
    async (name, file, edits) => {
      const account = await surroundingAccount();
      const [first, second] = [newLogin(), newLogin()];
      await accept(first);
      await account.put(first, { name: 'my-app/db' });
      const { redis } = await recipe<{ redis: Redis }>('redis.md', file, { edits });
      if (name === 'node-redis') await redis.connect();
      expect(await redis.get('key')).toBeNull();
      await account.put(second, { name: 'my-app/db', stages: ['AWSPENDING'] });
      await accept(second);
      await run('CLIENT', 'KILL', 'USER', 'app');
      await expect.poll(() => redis.get('key').catch(() => 'lost')).toBeNull();
      // A command that waits is sent together with a login that may be refused: here, the default user answers it.
      await expect.poll(() => account.reads, { timeout: 10_000 }).toHaveLength(3);
      await expect.poll(() => redis.isReady ?? true).toBe(true);
      await redis.quit();
      await run('ACL', 'DELUSER', 'app');
      expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
    },
  );
});

describe('docs/read/another-driver.md', () => {
  const refuse = `Object.assign(new Error('no'), { code: 'LOGIN_REFUSED' })`;
  const options = (code: string) => ({ more: { 'driver.ts': code } });

  it('loginGuard logs in again with the next version', async () => {
    const account = await surroundingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await account.put(first, { name: 'my-app/db' });
    await account.put(second, { name: 'my-app/db', stages: ['AWSPENDING'] });
    const driver = `export const driver = {
      async connect(login) { if (login.password !== '${second.password}') throw ${refuse}; return login; },
    };`;
    const { connect } = await recipe<{ connect(): Promise<unknown> }>('another-driver.md', 'guard.ts', options(driver));
    expect(await connect()).toEqual({ user: 'app', password: second.password });
  });

  it('credentialGuard gives the next version after a refusal', async () => {
    const account = await surroundingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await account.put(first, { name: 'my-app/db' });
    await account.put(second, { name: 'my-app/db', stages: ['AWSPENDING'] });
    const driver = `export const driver = {
      async open({ credentials, onError }) {
        const login = await credentials();
        if (login.password === '${second.password}') return login;
        onError(${refuse});
        return this.open({ credentials, onError });
      },
    };`;
    const page = await recipe<{ session: unknown }>('another-driver.md', 'asking.ts', options(driver));
    expect(await page.session).toEqual(second);
  });
});
