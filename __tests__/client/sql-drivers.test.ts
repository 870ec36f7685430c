import { afterAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AdapterOptions, isRefusedLogin } from '../../client/adapter-options.ts';
import { type RotatingSecret, secretsCache } from '../../client/index.ts';
import { rotatingKnex } from '../../client/knex.ts';
import { loginGuard } from '../../client/login-guard.ts';
import { rotatingPool } from '../../client/mysql2.ts';
import { rotatingClient } from '../../client/pg.ts';
import { rotatingSequelize } from '../../client/sequelize.ts';
import { hasMariadb, type ThrowAwayMariadb, throwAwayMariadb } from '../../harness/throw-away-mariadb.ts';
import { postgresServer } from '../postgres-server.ts';
import { driver, hasDrivers, load, noDrivers } from './drivers.ts';
import { type Login, login, newLogin, type ReadingAccount, readingAccount } from './reading-account.ts';

interface Connection {
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}
interface Mysql {
  createPool(
    options: object,
  ): Connection & { getConnection(): Promise<{ query: Connection['query']; destroy(): void }> };
  createConnection(options: object): Promise<Connection>;
}
interface Knex {
  readonly client: object;
  raw(sql: string): Promise<unknown>;
  destroy(): Promise<void>;
}
interface Sequelize {
  query(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

type Secret = RotatingSecret<Login>;
type Options = AdapterOptions<Login, never>;

/** One driver: opens a session on a connection of its own, and closes it. */
interface Opened {
  session(): Promise<unknown>;
  close(): Promise<unknown>;
}

const postgres = await postgresServer({ tls: false });
const mariadb: ThrowAwayMariadb | undefined = hasMariadb && hasDrivers ? await throwAwayMariadb() : undefined;
afterAll(() => mariadb?.stop());

async function asRoot(...statements: string[]) {
  const { createConnection } = await driver<Mysql>('mysql2/promise');
  const { host, port, username: user, password } = mariadb as ThrowAwayMariadb;
  const connection = await createConnection({ host, port, user, password });
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

/** Of an error of a driver, which Sequelize wraps. */
interface ErrorOfDriver {
  readonly code?: unknown;
  readonly errno?: unknown;
  readonly parent?: ErrorOfDriver;
}

interface Server {
  readonly refusals: () => number;
  /** Makes a login that is refused, but not for its password: no adapter knows that by itself. */
  createRefused(login: Login): Promise<unknown>;
  readonly refusal: { readonly words: RegExp; readonly field: 'code' | 'errno'; readonly code: unknown };
  create(login: Login): Promise<unknown>;
  change(login: Login): Promise<unknown>;
  drop(login: Login): Promise<unknown>;
}

const servers: Readonly<Record<'postgres' | 'mariadb', Server>> = {
  postgres: {
    refusals: () => postgres.log().match(/password authentication failed for user "app"/g)?.length ?? 0,
    createRefused: ({ username, password }) =>
      postgres.query(`CREATE ROLE "${username}" LOGIN CONNECTION LIMIT 0 PASSWORD '${password}'`),
    refusal: { words: /too many connections for role/, field: 'code', code: '53300' },
    create: ({ username, password }) => postgres.query(`CREATE ROLE ${username} LOGIN PASSWORD '${password}'`),
    change: ({ username, password }) => postgres.query(`ALTER ROLE ${username} PASSWORD '${password}'`),
    drop: ({ username }) => postgres.query(`DROP ROLE ${username}`),
  },
  mariadb: {
    refusals: () => mariadb?.log().match(/Access denied for user 'app'/g)?.length ?? 0,
    createRefused: ({ username, password }) =>
      asRoot(`CREATE USER \`${username}\` IDENTIFIED BY '${password}'`, `ALTER USER \`${username}\` ACCOUNT LOCK`),
    refusal: { words: /account is locked/i, field: 'errno', code: 4151 },
    create: ({ username, password }) => asRoot(`CREATE USER ${username} IDENTIFIED BY '${password}'`),
    change: ({ username, password }) => asRoot(`ALTER USER ${username} IDENTIFIED BY '${password}'`),
    drop: ({ username }) => asRoot(`DROP USER ${username}`),
  },
};

const place = (server: 'postgres' | 'mariadb') => {
  const { host, port } = server === 'postgres' ? postgres : (mariadb as ThrowAwayMariadb);
  return { host, port, database: server === 'postgres' ? 'postgres' : undefined };
};

type Driver = readonly [
  name: string,
  server: 'postgres' | 'mariadb',
  open: (secret: Secret, options?: Options) => Promise<Opened>,
];

/** Through a rotation under load, `__tests__/docs/read-sql.test.ts` leads those that have a page. */
const IN_NO_PAGE = ['Sequelize 6 with the client of pg', 'Sequelize 6 with MariaDB', 'Knex 3 with mysql2'];

const drivers: readonly Driver[] = [
  [
    'Sequelize 6 with PostgreSQL',
    'postgres',
    async (db, how) => {
      const { Sequelize } = await driver<{ Sequelize: new (options: object) => Sequelize }>('sequelize');
      const options = { dialect: 'postgres', logging: false, pool: { maxUses: 1 }, ...place('postgres') };
      const sequelize = rotatingSequelize(new Sequelize(options), db, how);
      return { session: () => sequelize.query('SELECT 1'), close: () => sequelize.close() };
    },
  ],
  [
    'Sequelize 6 with the client of pg',
    'postgres',
    async (db, how) => {
      const { Sequelize } = await driver<{ Sequelize: new (options: object) => Sequelize }>('sequelize');
      const { default: pg } = await driver<{ default: { readonly Client: typeof import('pg').Client } }>('pg');
      const dialectModule = { ...pg, Client: rotatingClient(pg.Client, db, how) };
      const options = {
        dialect: 'postgres',
        dialectModule,
        logging: false,
        pool: { maxUses: 1 },
        ...place('postgres'),
      };
      const sequelize = new Sequelize(options);
      return { session: () => sequelize.query('SELECT 1'), close: () => sequelize.close() };
    },
  ],
  [
    'Sequelize 6 with MariaDB',
    'mariadb',
    async (db, how) => {
      const { Sequelize } = await driver<{ Sequelize: new (options: object) => Sequelize }>('sequelize');
      const options = { dialect: 'mysql', logging: false, pool: { maxUses: 1 }, ...place('mariadb') };
      const sequelize = rotatingSequelize(new Sequelize(options), db, how);
      return { session: () => sequelize.query('SELECT 1'), close: () => sequelize.close() };
    },
  ],
  ...(['pg', 'mysql2'] as const).map(
    (client): Driver => [
      `Knex 3 with ${client}`,
      client === 'pg' ? 'postgres' : 'mariadb',
      async (db, how) => {
        const { default: knex } = await driver<{ default: (options: object) => Knex }>('knex');
        const options = {
          client,
          connection: place(client === 'pg' ? 'postgres' : 'mariadb'),
        };
        const session = async () => {
          const pool = rotatingKnex(knex(options), db, how);
          await pool.raw('SELECT 1').finally(() => pool.destroy());
        };
        return { session, close: async () => {} };
      },
    ],
  ),
  [
    'mysql2',
    'mariadb',
    async (db, how) => {
      const { createPool } = await driver<Mysql>('mysql2/promise');
      const pool = rotatingPool(createPool({ ...place('mariadb'), connectionLimit: 5 }), db, how);
      const session = async () => {
        const connection = await pool.getConnection();
        await connection.query('SELECT 1');
        connection.destroy();
      };
      return { session, close: () => pool.end() };
    },
  ],
  [
    'mariadb, by loginGuard',
    'mariadb',
    async (db, how) => {
      const { createConnection } = await driver<Mysql>('mariadb');
      const connect = loginGuard(
        db,
        ({ username: user, password }) => createConnection({ ...place('mariadb'), user, password }),
        { refused: (error) => isRefusedLogin(error) || how?.refused?.(error) === true },
      );
      const session = async () => {
        const connection = await connect();
        await connection.query('SELECT 1');
        await connection.end();
      };
      return { session, close: async () => {} };
    },
  ],
];

for (const [name, kind, open] of drivers) {
  const isHere = hasDrivers && (kind === 'postgres' || hasMariadb);
  const server = servers[kind];
  const missing = isHere ? '' : hasDrivers ? ' (skipped: no mariadb-server on this machine)' : noDrivers;

  describe.skipIf(!isHere)(`${name}, through rotations${missing}`, () => {
    let account: ReadingAccount;
    let first: Login;
    let firstId: string;

    beforeEach(async () => {
      account = await readingAccount();
      first = newLogin();
      await server.create(first);
      firstId = await account.put(first);
      return async () => void (await server.drop(first));
    });

    if (IN_NO_PAGE.includes(name))
      it('loses no login to a rotation of a single user', async () => {
        const before = server.refusals();
        const opened = await open(account.cache.secret('db', { schema: login }));
        const sessions = load(opened.session);
        await sessions.after(10);
        const second = newLogin();
        const secondId = await account.put(second, { stages: ['AWSPENDING'] });
        await server.change(second);
        await sessions.after(20);
        await account.promote(secondId, firstId);
        await sessions.after(10);
        const { failed, errors } = await sessions.stop();
        await opened.close();
        expect(errors).toEqual([]);
        expect(failed).toBe(0);
        if (kind === 'postgres') expect(server.refusals() - before).toBeGreaterThan(0);
        expect(server.refusals() - before).toBeLessThanOrEqual(6);
        expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
      });

    it('logs in with the next version after an error that its option refused names', async () => {
      const [refusedLogin, next] = [newLogin('locked'), first];
      await server.createRefused(refusedLogin);
      onTestFinished(async () => void (await server.drop(refusedLogin)));
      await account.put(refusedLogin, { name: 'refused' });
      await account.put(next, { name: 'refused', stages: ['AWSPENDING'] });
      const secret = () => secretsCache({ client: account.client }).secret('refused', { schema: login });
      const without = await open(secret());
      await expect(without.session()).rejects.toThrow(server.refusal.words);
      await without.close();
      const codeOf = (error: unknown) =>
        (error as ErrorOfDriver).parent?.[server.refusal.field] ?? (error as ErrorOfDriver)[server.refusal.field];
      const opened = await open(secret(), { refused: (error) => codeOf(error) === server.refusal.code });
      await opened.session();
      await opened.close();
    });

    it("throws the server's own error if no version is accepted", async () => {
      await server.change(newLogin());
      const cache = secretsCache({ client: account.client });
      const secret = cache.secret('db', { schema: login });
      const opened = await open(secret);
      const began = performance.now();
      // Whoever comes second does not search as long.
      await expect(opened.session()).rejects.toThrow(/authentication failed|Access denied/);
      await expect(opened.session()).rejects.toThrow(/authentication failed|Access denied/);
      expect(performance.now() - began).toBeLessThan(9_000);
      await opened.close();
      cache.close();
    });
  });
}
