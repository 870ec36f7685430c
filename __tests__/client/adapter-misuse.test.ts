import { createPoolCluster } from 'mysql2';
import pg from 'pg';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type RotatingSecret, secretsCache } from '../../client/index.ts';
import { rotatingCluster, rotatingRedis } from '../../client/ioredis.ts';
import { rotatingKnex } from '../../client/knex.ts';
import { rotatingPool } from '../../client/mysql2.ts';
import { rotatingClient } from '../../client/pg.ts';
import { rotatingSql } from '../../client/postgres-js.ts';
import { redacted } from '../../client/redacted.ts';
import { rotatingOptions } from '../../client/redis.ts';
import { rotatingSequelize } from '../../client/sequelize.ts';
import { answering, version } from './answering-client.ts';

/** What a program without types may pass. */
// biome-ignore lint/suspicious/noExplicitAny: that is what is tried
type Anything = any;

const wrong = (message: string) => expect.objectContaining({ name: 'SecretReadError', code: 'CONFIGURATION', message });
const secretOf = (value: unknown): RotatingSecret<Anything> =>
  secretsCache({ client: answering(version('1', value)).client }).secret('db');

// Stand-ins for drivers, as far as the adapters use them before a login.
const knex = (connectionSettings: object | undefined) => ({
  client: { connectionSettings, acquireRawConnection: async () => 'connected' },
});
const sequelize = () => ({ connectionManager: { _connect: async () => 'connected' } });
const pool = () => ({
  config: { connectionConfig: {}, connectionLimit: 0 },
  _freeConnections: [],
  _allConnections: [],
  getConnection: (callback: (error: null, connection: string) => void) => callback(null, 'connected'),
});
class Redis {
  on() {}
  async connect() {}
}

/** Each adapter, and how a connection is made with it. */
const adapters: Readonly<Record<string, (secret: Anything, options?: Anything) => () => Promise<unknown>>> = {
  pg: (secret, options) => {
    const Client = rotatingClient(pg.Client, secret, options);
    return () => new Client({ host: '127.0.0.1', port: 1 }).connect();
  },
  Knex: (secret, options) => rotatingKnex(knex({}), secret, options).client.acquireRawConnection,
  Sequelize: (secret, options) => rotatingSequelize(sequelize(), secret, options).connectionManager._connect,
  mysql2: (secret, options) => {
    const made = rotatingPool(pool(), secret, options);
    return () =>
      new Promise((resolve, reject) =>
        made.getConnection((error: unknown, connection: unknown) => (error ? reject(error) : resolve(connection))),
      );
  },
  'node-redis': (secret, options) => {
    const { credentialsProvider } = rotatingOptions({}, secret, options) as Anything;
    return () => credentialsProvider.credentials();
  },
};

describe.each(Object.entries(adapters))('The adapter for %s', (_, adapt) => {
  it.each([
    ['undefined', undefined, 'undefined'],
    ['a cache', secretsCache({ client: answering().client }), 'an object'],
    ['a value', 'a text', 'a string'],
    ['the promise of a value', secretOf(1).get(), 'an object'],
  ])('refuses %s instead of a secret', (_, secret, found) => {
    expect(() => adapt(secret)).toThrow(wrong(`The secret is ${found}; expected what cache.secret() returns.`));
  });

  it('refuses options that are unknown, or not as expected', () => {
    const options: readonly (readonly [object, string])[] = [
      [{ timeout: 1 }, 'option timeout is unknown; expected login, timeoutSeconds, refused'],
      [{ timeoutSeconds: Number.NaN }, 'option timeoutSeconds is NaN; expected a number from 0 to Infinity'],
      [{ timeoutSeconds: '5' }, 'option timeoutSeconds is a string; expected a number from 0 to Infinity'],
      [{ refused: true }, 'option refused is a boolean; expected a function'],
      [{ login: 'app' }, 'option login is a string; expected a function'],
    ];
    for (const [option, problem] of options)
      expect(() => adapt(secretOf({}), option)).toThrow(wrong(`The ${problem}.`));
  });

  it.each([
    ['is a text', 'a text', 'undefined'],
    ['has no password', { username: 'app' }, 'undefined'],
    ['has a number for a password', { username: 'app', password: 7 }, '7'],
  ])('does not log in without a password if the secret %s', async (_, value, found) => {
    const problem = new RegExp(
      `field (username|password) of the secret is ${found}; expected a text, or the option login`,
    );
    await expect(adapt(secretOf(value))()).rejects.toThrow(problem);
  });

  it('says that a redacted password has to be revealed by the option login', async () => {
    const schema = v.pipe(
      v.object({ username: v.string(), password: v.string() }),
      v.transform(({ username, password }) => ({ username, password: redacted(password) })),
    );
    const { client } = answering(version('1', { username: 'app', password: 'of db' }));
    const problem = 'The field password of the secret is an object; expected a text, or the option login';
    await expect(adapt(secretsCache({ client }).secret('db', { schema }))()).rejects.toThrow(problem);
  });

  it.each([
    ['a promise', async () => ({ password: 'of db' })],
    ['nothing', () => undefined],
    ['null', () => null],
    ['a text', () => 'app:of db'],
  ])('refuses a login that returns %s', async (_, login) => {
    const connect = adapt(secretOf({}), { login });
    await expect(connect()).rejects.toThrow(/The result of the option login is .*; expected an object, and no promise/);
  });
});

describe('An adapter', () => {
  const login = secretOf({ username: 'app', password: 'of db' });

  it.each<[string, () => unknown, string]>([
    ['mysql2, given options', () => rotatingPool({ host: 'db' }, login), 'pool is an object; expected what createPool'],
    ['mysql2, given nothing', () => rotatingPool(undefined as Anything, login), 'pool is undefined; expected'],
    ['mysql2, given a cluster', () => rotatingPool(createPoolCluster(), login), 'pool is an object; expected what'],
    ['Knex, given options', () => rotatingKnex({ client: 'pg' }, login), 'knex is undefined; expected what knex()'],
    ['Sequelize, given options', () => rotatingSequelize({}, login), 'expected an instance of Sequelize 6'],
    ['ioredis, given a value', () => rotatingRedis(Redis, 'x' as Anything, {}), 'secret is a string; expected'],
    ['ioredis, for a cluster', () => rotatingCluster(Redis as Anything, {} as Anything, [], {}), 'secret is an object'],
    [
      'Postgres.js, given an option that it does not know',
      () => rotatingSql((() => ({})) as Anything, login, {}, { timeout: 1 } as Anything),
      'option timeout is unknown',
    ],
  ])('refuses what it cannot use: %s', (_, make, problem) => {
    expect(make).toThrow(problem);
  });

  it('for Knex refuses an address, whose own user would win, and does not show it', () => {
    const make = () => rotatingKnex(knex({ connectionString: 'postgres://app:stale@db' }), login);
    expect(rotatingKnex(knex(undefined), login)).toBeDefined(); // its connection is a function
    expect(make).toThrow(
      wrong('The connectionString of the connection is a string; expected host, port and database instead.'),
    );
  });

  it('for node-redis leaves the login out of an address, which would win', () => {
    const url = (given: string) => rotatingOptions({ url: given }, login).url;
    expect(url('rediss://old:st@le@cache.internal:6380/2')).toBe('rediss://cache.internal:6380/2');
    expect(url('redis://cache.internal')).toBe('redis://cache.internal');
    expect(rotatingOptions({}, login)).not.toHaveProperty('url');
  });

  it('for node-redis connects again as the driver does by itself, and not after a socket timeout', () => {
    const { socket } = rotatingOptions({}, login) as Anything;
    expect(socket.reconnectStrategy(0, new Error("Socket timeout timeout. Expecting data, but didn't"))).toBe(false);
    for (const [retries, least] of [
      [0, 50],
      [20, 2000],
    ] as const) {
      const pause = socket.reconnectStrategy(retries, new Error('closed'));
      expect(pause).toBeGreaterThanOrEqual(least);
      expect(pause).toBeLessThanOrEqual(least + 200);
    }
  });

  it.each([{ password: 'of db' }, { username: 'app', password: 'of db' }])(
    'for node-redis names a user only if the secret has one: %j',
    async (value) => {
      const { credentialsProvider } = rotatingOptions({}, secretOf(value)) as Anything;
      expect(await credentialsProvider.credentials()).toStrictEqual(value);
    },
  );
});
