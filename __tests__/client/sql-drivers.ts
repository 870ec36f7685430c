import { type AdapterOptions, isRefusedLogin } from '../../client/adapter-options.ts';
import type { RotatingSecret } from '../../client/index.ts';
import { rotatingKnex } from '../../client/knex.ts';
import { loginGuard } from '../../client/login-guard.ts';
import { rotatingPool } from '../../client/mysql2.ts';
import { rotatingClient } from '../../client/pg.ts';
import { rotatingSql } from '../../client/postgres-js.ts';
import { rotatingSequelize } from '../../client/sequelize.ts';
import { driver } from './drivers.ts';
import type { Login } from './reading-account.ts';

interface Connection {
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}
export interface Mysql {
  createPool(
    options: object,
  ): Connection & { getConnection(): Promise<{ query: Connection['query']; destroy(): void; release(): void }> };
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

interface Sql {
  (strings: TemplateStringsArray): Promise<unknown>;
  end(options: { readonly timeout: number }): Promise<void>;
}

export type Secret = RotatingSecret<Login>;
export type Options = AdapterOptions<Login, never>;

/** One driver: a session is a connection of its own, which is closed again. */
interface Opened {
  session(): Promise<unknown>;
  close(): Promise<unknown>;
}

interface Place {
  readonly host: string;
  readonly port: number;
  readonly database: string | undefined;
}

export type SqlDriver = readonly [
  name: string,
  server: 'postgres' | 'mariadb',
  open: (place: Place, secret: Secret, options?: Options) => Promise<Opened>,
];

export const sqlDrivers: readonly SqlDriver[] = [
  [
    'pg',
    'postgres',
    async (place, db, how) => {
      const { default: pg } = await driver<{ default: typeof import('pg') }>('pg');
      const pool = new pg.Pool({ ...place, Client: rotatingClient(pg.Client, db, how), maxUses: 1 });
      return { session: () => pool.query('SELECT 1'), close: () => pool.end() };
    },
  ],
  [
    'Postgres.js',
    'postgres',
    async (place, db, how) => {
      const { default: postgres } = await driver<{ default: (url: string, options?: object) => Sql }>('postgres');
      const sql = rotatingSql(postgres, db, { ...place, max_lifetime: 0.001, backoff: 0 } as never, how);
      return { session: () => sql`SELECT 1`, close: () => sql.end({ timeout: 1 }) };
    },
  ],
  [
    'Sequelize 6 with PostgreSQL',
    'postgres',
    async (place, db, how) => {
      const { Sequelize } = await driver<{ Sequelize: new (options: object) => Sequelize }>('sequelize');
      const options = { dialect: 'postgres', logging: false, pool: { maxUses: 1 }, ...place };
      const sequelize = rotatingSequelize(new Sequelize(options), db, how);
      return { session: () => sequelize.query('SELECT 1'), close: () => sequelize.close() };
    },
  ],
  [
    'Sequelize 6 with the client of pg',
    'postgres',
    async (place, db, how) => {
      const { Sequelize } = await driver<{ Sequelize: new (options: object) => Sequelize }>('sequelize');
      const { default: pg } = await driver<{ default: { readonly Client: typeof import('pg').Client } }>('pg');
      const dialectModule = { ...pg, Client: rotatingClient(pg.Client, db, how) };
      const options = {
        dialect: 'postgres',
        dialectModule,
        logging: false,
        pool: { maxUses: 1 },
        ...place,
      };
      const sequelize = new Sequelize(options);
      return { session: () => sequelize.query('SELECT 1'), close: () => sequelize.close() };
    },
  ],
  [
    'Sequelize 6 with MariaDB',
    'mariadb',
    async (place, db, how) => {
      const { Sequelize } = await driver<{ Sequelize: new (options: object) => Sequelize }>('sequelize');
      const options = { dialect: 'mysql', logging: false, pool: { maxUses: 1 }, ...place };
      const sequelize = rotatingSequelize(new Sequelize(options), db, how);
      return { session: () => sequelize.query('SELECT 1'), close: () => sequelize.close() };
    },
  ],
  ...(['pg', 'mysql2'] as const).map(
    (client): SqlDriver => [
      `Knex 3 with ${client}`,
      client === 'pg' ? 'postgres' : 'mariadb',
      async (place, db, how) => {
        const { default: knex } = await driver<{ default: (options: object) => Knex }>('knex');
        const options = {
          client,
          connection: place,
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
    async (place, db, how) => {
      const { createPool } = await driver<Mysql>('mysql2/promise');
      const pool = rotatingPool(createPool({ ...place, connectionLimit: 5 }), db, how);
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
    async (place, db, how) => {
      const { createConnection } = await driver<Mysql>('mariadb');
      const connect = loginGuard(db, ({ username: user, password }) => createConnection({ ...place, user, password }), {
        refused: (error) => isRefusedLogin(error) || how?.refused?.(error) === true,
      });
      const session = async () => {
        const connection = await connect();
        await connection.query('SELECT 1');
        await connection.end();
      };
      return { session, close: async () => {} };
    },
  ],
];
