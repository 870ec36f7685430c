import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import pg from 'pg';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rotatingClient } from '../../client/pg.ts';
import { postgresServer } from '../postgres-server.ts';
import { type Login, login, newLogin, type ReadingAccount, readingAccount } from './reading-account.ts';

const server = await postgresServer();
const quoted = (password: string) => pg.escapeLiteral(password);

describe('A pool of pg', () => {
  let account: ReadingAccount;
  let pool: pg.Pool;
  let first: Login;
  let firstId: string;

  beforeEach(async () => {
    account = await readingAccount();
    first = newLogin();
    await server.query(`CREATE ROLE app LOGIN PASSWORD ${quoted(first.password)}`);
    await server.query('CREATE ROLE app_clone LOGIN');
    firstId = await account.put(first);
    pool = poolOf({ max: 5 });
  });

  afterEach(async () => {
    await pool.end();
    await server.query('DROP ROLE app; DROP ROLE app_clone');
  });

  const poolOf = (config: pg.PoolConfig) => {
    const { host, port, ca } = server;
    const secret = account.cache.secret('db', { schema: login });
    const Client = rotatingClient(pg.Client, secret);
    return new pg.Pool({ host, port, database: 'postgres', ssl: { ca, servername: 'localhost' }, Client, ...config });
  };
  const whoami = async (of = pool) => (await of.query<{ user: string }>('SELECT current_user AS user')).rows[0]?.user;
  /** Each on a connection of its own. */
  const loginOnce = async () => {
    const client = await pool.connect();
    client.release(true);
  };

  it('has a client that stays ended, even if it finds another login later', async () => {
    const second = newLogin();
    await server.query(`ALTER ROLE app PASSWORD ${quoted(second.password)}`);
    const { host, port, ca } = server;
    const Client = rotatingClient(pg.Client, account.cache.secret('db', { schema: login }));
    const client = new Client({ host, port, database: 'postgres', ssl: { ca, servername: 'localhost' } });
    const outcome = client.connect().then(
      () => 'connected',
      (error: Error) => error.message,
    );
    await sleep(300);
    await client.end();
    await account.put(second);
    expect(await outcome).toBe('The client was ended while it looked for another login.');
    expect(await server.query("SELECT 1 FROM pg_stat_activity WHERE usename = 'app'")).toEqual([]);
  });

  /** Logs in again and again, until told to stop. @returns how many times it did */
  function load() {
    let running = true;
    let count = 0;
    const worker = async () => {
      while (running) {
        await loginOnce();
        count += 1;
      }
    };
    const done = Promise.all([worker(), worker(), worker()]);
    return {
      /** After so many more. */
      async after(more: number) {
        const until = count + more;
        while (count < until) await Promise.race([sleep(10), done]);
      },
      async stop() {
        running = false;
        await done;
        return count;
      },
    };
  }

  const refusedLogins = () =>
    server.log().match(/FATAL: {2}password authentication failed for user "app/g)?.length ?? 0;

  it('loses no login to a rotation of a single user, with at most one refusal per login in progress', async () => {
    const before = refusedLogins();
    const logins = load();
    await logins.after(10);
    const second = newLogin();
    const secondId = await account.put(second, { stages: ['AWSPENDING'] });
    await server.query(`ALTER ROLE app PASSWORD ${quoted(second.password)}`);
    await logins.after(30); // Secrets Manager still calls the first one current.
    await account.promote(secondId, firstId);
    await logins.after(10);
    expect(await logins.stop()).toBeGreaterThanOrEqual(50);
    expect(refusedLogins() - before).toBeGreaterThan(0);
    expect(refusedLogins() - before).toBeLessThanOrEqual(3);
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
  });

  it('loses no login, and none is refused, if two users alternate', async () => {
    const before = refusedLogins();
    const logins = load();
    await logins.after(10);
    const second = newLogin('app_clone');
    await server.query(`ALTER ROLE app_clone PASSWORD ${quoted(second.password)}`);
    await account.put(second);
    await logins.after(10);
    await account.cache.secret('db', { schema: login }).refresh();
    await logins.after(10);
    expect(await whoami()).toBe('app_clone');
    await logins.stop();
    expect(refusedLogins() - before).toBe(0);
  });

  it('keeps its open connections through a rotation', async () => {
    const client = await pool.connect();
    const second = newLogin();
    await account.put(second);
    await server.query(`ALTER ROLE app PASSWORD ${quoted(second.password)}`);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
  });

  it.each([
    ['with an address', (of: string) => ({ connectionString: of })],
    [
      'with an address that has another login',
      (of: string) => ({ connectionString: of.replace('//', '//old:stale@') }),
    ],
  ])('works %s', async (_, config) => {
    const other = poolOf({
      host: undefined,
      port: undefined,
      ...config(`postgres://${server.host}:${server.port}/postgres`),
    });
    expect(await whoami(other)).toBe('app');
    await other.end();
  });

  it('connects a single client, with or without a callback', async () => {
    const { host, port, ca } = server;
    const Client = rotatingClient(pg.Client, account.cache.secret('db', { schema: login }));
    const config = { host, port, database: 'postgres', ssl: { ca, servername: 'localhost' } };
    const promised = new Client(config);
    expect(await promised.connect()).toBe(promised);
    const called = new Client(config);
    await new Promise<void>((resolve, reject) =>
      called.connect((error: Error | null) => (error ? reject(error) : resolve())),
    );
    const answers = [promised, called].map((client) => client.query('SELECT current_user AS user'));
    for (const { rows } of await Promise.all(answers)) expect(rows).toEqual([{ user: 'app' }]);
    await promised.end();
    await new Promise<void>((resolve) => called.end(() => resolve()));
  });

  it('takes its login and the server from other fields', async () => {
    const { host, port, ca } = server;
    await account.put({ user: 'app', pass: first.password, at: { host, port } }, { name: 'other' });
    const schema = v.object({
      user: v.string(),
      pass: v.string(),
      at: v.object({ host: v.string(), port: v.number() }),
    });
    const Client = rotatingClient(pg.Client, account.cache.secret('other', { schema }), {
      login: ({ user, pass, at }) => ({ user, password: pass, ...at }),
    });
    const other = new pg.Pool({ database: 'postgres', ssl: { ca, servername: 'localhost' }, Client });
    expect(await whoami(other)).toBe('app');
    await other.end();
  });

  it("throws PostgreSQL's own error if no version is accepted, and other errors at once", async () => {
    await server.query(`ALTER ROLE app PASSWORD ${quoted(newLogin().password)}`);
    const secret = account.cache.secret('db', { schema: login });
    const { host, port, ca } = server;
    const Client = rotatingClient(pg.Client, secret, { timeoutSeconds: 0.1 });
    const config = { host, port, database: 'postgres', ssl: { ca, servername: 'localhost' } };
    await expect(new Client(config).connect()).rejects.toMatchObject({ code: '28P01' });
    await expect(new Client({ ...config, database: 'absent' }).connect()).rejects.toMatchObject({ code: '28P01' });
    await server.query(`ALTER ROLE app PASSWORD ${quoted(first.password)}`);
    await expect(new Client({ ...config, database: 'absent' }).connect()).rejects.toMatchObject({ code: '3D000' });
  });

  const events = (client: pg.Client) => {
    const heard: string[] = [];
    for (const event of ['connect', 'end', 'error']) client.on(event as 'end', () => heard.push(event));
    return heard;
  };
  const clientOf = (timeoutSeconds: number, name = 'db', Driver = pg.Client) => {
    const { host, port, ca } = server;
    const secret = account.cache.secret(name, { schema: login });
    const Client = rotatingClient(Driver, secret, { timeoutSeconds });
    return new Client({ host, port, database: 'postgres', ssl: { ca, servername: 'localhost' } });
  };

  it('says that it has connected and ended, and nothing of a login that was refused before', async () => {
    const second = newLogin();
    await account.put(second, { stages: ['AWSPENDING'] });
    await server.query(`ALTER ROLE app PASSWORD ${quoted(second.password)}`);
    const client = clientOf(5);
    const heard = events(client);
    await client.connect().then(() => heard.push('resolved'));
    expect(heard).toEqual(['connect', 'resolved']);
    await client.end();
    expect(heard).toEqual(['connect', 'resolved', 'end']);
  });

  it('says that it has ended if no version is accepted, after the promise has settled', async () => {
    await server.query(`ALTER ROLE app PASSWORD ${quoted(newLogin().password)}`);
    const client = clientOf(0.1);
    const heard = events(client);
    await client.connect().catch(() => heard.push('rejected'));
    await expect.poll(() => heard).toEqual(['rejected', 'end']);
  });

  it('says of an error during the login only after the promise has settled', async () => {
    class Noisy extends pg.Client {
      override connect(): Promise<this>;
      override connect(): Promise<this> {
        this.emit('error', new Error('read ECONNRESET'));
        return super.connect() as Promise<this>;
      }
    }
    const client = clientOf(5, 'db', Noisy as typeof pg.Client);
    const heard = events(client);
    await client.connect().then(() => heard.push('resolved'));
    await expect.poll(() => heard).toEqual(['connect', 'resolved', 'error']);
    await client.end();
  });

  it('throws what the cache throws', async () => {
    const client = clientOf(5, 'absent');
    const heard = events(client);
    await expect(client.connect()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(heard).toEqual([]);
  });

  it('prints no password', async () => {
    const client = await pool.connect();
    for (const found of [client, pool]) {
      expect(inspect(found, { depth: 10 })).not.toContain(first.password);
    }
    expect(inspect(client, { depth: 10 })).toContain("user: 'app'");
    client.release();
  });
});
