import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { hasMariadb, throwAwayMariadb } from '../../harness/throw-away-mariadb.ts';
import { cachedTool } from '../cached-tool.ts';
import { driver, hasDrivers, load, noDrivers } from '../client/drivers.ts';
import { type Login, newLogin } from '../client/reading-account.ts';
import { postgresServer } from '../postgres-server.ts';
import { built, recipe, recipeFolder, rotateUnder, surroundingAccount } from './recipe.ts';

/** Whatever a page exports. */
// biome-ignore lint/suspicious/noExplicitAny: each page has another driver
type Page = any;

interface Recipe {
  readonly page: string;
  readonly file: string;
  /** What ends each connection after one query, where the page lets it live. */
  readonly edits: Readonly<Record<string, string>>;
  session(page: Page): Promise<unknown>;
  close(page: Page): Promise<unknown>;
  readonly open?: (page: Page) => Promise<unknown>;
}

const server = await postgresServer({ tls: false });
const mariadb = hasMariadb && hasDrivers ? await throwAwayMariadb() : undefined;
afterAll(() => mariadb?.stop());
await server.query('CREATE DATABASE shop');

const host = "host: 'db.internal'";
const at = { [host]: `host: '${server.host}', port: ${server.port}` };
const once = { ...at, 'maxLifetimeSeconds: 3600': 'maxUses: 1' };
const onceSql = { ...at, 'max_lifetime: 3600': 'max_lifetime: 0.001' };

const recipes: Readonly<Record<string, Recipe>> = {
  pg: {
    page: 'pg.md',
    file: 'pool.ts',
    edits: once,
    session: ({ pool }) => pool.query('SELECT 1'),
    close: ({ pool }) => pool.end(),
  },
  'Drizzle on pg': {
    page: 'pg.md',
    file: 'drizzle.ts',
    edits: once,
    session: ({ orders }) => orders.execute('SELECT 1'),
    close: ({ orders }) => orders.$client.end(),
  },
  Kysely: {
    page: 'pg.md',
    file: 'kysely.ts',
    edits: once,
    session: ({ orders }) => orders.selectFrom('pg_class').select('relname').limit(1).execute(),
    close: ({ orders }) => orders.destroy(),
  },
  TypeORM: {
    page: 'pg.md',
    file: 'typeorm.ts',
    edits: once,
    open: ({ orders }) => orders.initialize(),
    session: ({ orders }) => orders.query('SELECT 1'),
    close: ({ orders }) => orders.destroy(),
  },
  'Postgres.js': {
    page: 'postgres-js.md',
    file: 'sql.ts',
    edits: onceSql,
    session: ({ sql }) => sql`SELECT 1`,
    close: ({ sql }) => sql.end(),
  },
  'Drizzle on Postgres.js': {
    page: 'postgres-js.md',
    file: 'drizzle.ts',
    edits: onceSql,
    session: ({ orders }) => orders.execute('SELECT 1'),
    close: ({ orders }) => orders.$client.end(),
  },
  Sequelize: {
    page: 'sequelize.md',
    file: 'sequelize.ts',
    edits: { ...at, 'maxUses: 1000': 'maxUses: 1', "dialect: 'postgres'": "logging: false, dialect: 'postgres'" },
    session: ({ orders }) => orders.query('SELECT 1'),
    close: ({ orders }) => orders.close(),
  },
  Knex: {
    page: 'knex.md',
    file: 'knex.ts',
    edits: { ...at, "client: 'pg'": "client: 'pg', pool: { min: 0, idleTimeoutMillis: 1, reapIntervalMillis: 1 }" },
    session: async ({ orders }) => {
      await orders.raw('SELECT 1');
      await sleep(10);
    },
    close: ({ orders }) => orders.destroy(),
  },
};

const mysqlRecipes: Readonly<Record<string, Recipe>> = {
  mysql2: {
    page: 'mysql.md',
    file: 'mysql2.ts',
    edits: { "host: 'mysql.internal'": `host: '127.0.0.1', port: ${mariadb?.port}` },
    session: async ({ pool }) => {
      const connection = await pool.getConnection();
      await connection.query('SELECT 1');
      connection.destroy();
    },
    close: ({ pool }) => pool.end(),
  },
  'Drizzle on mysql2': {
    page: 'mysql.md',
    file: 'drizzle.ts',
    edits: { "host: 'mysql.internal'": `host: '127.0.0.1', port: ${mariadb?.port}` },
    session: async ({ orders }) => {
      const connection = await orders.$client.getConnection();
      await orders.execute('SELECT 1');
      connection.destroy();
    },
    close: ({ orders }) => orders.$client.end(),
  },
  'TypeORM on mysql2': {
    page: 'mysql.md',
    file: 'typeorm.ts',
    edits: { "host: 'mysql.internal'": `host: '127.0.0.1', port: ${mariadb?.port}` },
    open: ({ orders }) => orders.initialize(),
    session: async ({ orders }) => {
      const runner = orders.createQueryRunner();
      const connection = await runner.connect();
      await orders.query('SELECT 1');
      connection.destroy();
    },
    close: ({ orders }) => orders.destroy(),
  },
  mariadb: {
    page: 'mysql.md',
    file: 'mariadb.ts',
    edits: { "host: 'mysql.internal'": `host: '127.0.0.1', port: ${mariadb?.port}` },
    session: async ({ connect }) => {
      const connection = await connect();
      await connection.query('SELECT 1');
      await connection.end();
    },
    close: async () => {},
  },
};

const changeRole = ({ username, password }: Login) =>
  server.query(`ALTER ROLE ${username} PASSWORD ${pg.escapeLiteral(password)}`);

async function asRoot(statement: string) {
  const { createConnection } = await driver<Page>('mysql2/promise');
  const { port, username: user, password } = mariadb as NonNullable<typeof mariadb>;
  const connection = await createConnection({ host: '127.0.0.1', port, user, password });
  await connection.query(statement);
  await connection.end();
}

async function throughRotation(
  { session, close, open }: Recipe,
  page: () => Promise<Page>,
  create: (login: Login) => Promise<unknown>,
  accept: (login: Login) => Promise<unknown>,
) {
  const account = await surroundingAccount();
  const first = newLogin();
  await create(first);
  const firstId = await account.put(first, { name: 'my-app/db' });
  const module = await page();
  await open?.(module);
  const { errors } = await rotateUnder(
    load(() => session(module)),
    account,
    { name: 'my-app/db', accept },
    firstId,
  );
  await close(module);
  expect(errors).toEqual([]);
  expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
}

describe.skipIf(!hasDrivers)(`docs/read/, through a rotation under load${hasDrivers ? '' : noDrivers}`, () => {
  const createRole = ({ password }: Login) => server.query(`CREATE ROLE app LOGIN PASSWORD '${password}'`);
  const dropRole = async () => {
    await server.query("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'app'");
    await server.query('DROP ROLE IF EXISTS app');
  };
  const refusals = () => server.log().match(/password authentication failed for user "app"/g)?.length ?? 0;

  it.each(Object.keys(recipes))('%s loses no query', async (name) => {
    const each = recipes[name] as Recipe;
    const before = refusals();
    await throughRotation(each, () => recipe(each.page, each.file, each), createRole, changeRole).finally(dropRole);
    expect(refusals() - before).toBeGreaterThan(0);
  });

  const prisma = cachedTool('prisma/node_modules/.bin/prisma');
  const noPrisma = ' (skipped: Prisma is not installed; .ci/install-tools does it)';
  it.skipIf(!prisma)(`Prisma 7 loses no query${prisma ? '' : noPrisma}`, async () => {
    const schema = `generator client {
      provider = "prisma-client"
      output   = "./generated"
    }
    datasource db {
      provider = "postgresql"
    }
    model Order {
      id Int @id
    }`;
    const folder = recipeFolder('pg.md', { edits: once, more: { 'schema.prisma': schema }, tool: 'prisma' });
    // Nothing of it runs here: without it, Prisma's command line would download what only migrations need.
    const environment = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
    const generate = ['generate', '--schema', path.join(folder, 'schema.prisma')];
    execFileSync(prisma ?? '', generate, { env: environment, stdio: 'pipe', cwd: folder });
    const each: Recipe = {
      page: 'pg.md',
      file: 'prisma.ts',
      edits: once,
      session: ({ orders }) => orders.$queryRawUnsafe('SELECT 1'),
      close: ({ orders }) => orders.$disconnect(),
    };
    const page = async () => import(pathToFileURL(await built(folder, each.file)).href);
    await throughRotation(each, page, createRole, changeRole).finally(dropRole);
  });

  it.skipIf(!mariadb).each(Object.keys(mysqlRecipes))(
    `%s loses no query${mariadb ? '' : ' (skipped: no mariadb-server on this machine)'}`,
    async (name) => {
      const each = mysqlRecipes[name] as Recipe;
      await throughRotation(
        each,
        () => recipe(each.page, each.file, each),
        ({ password }) => asRoot(`CREATE USER app IDENTIFIED BY '${password}'`),
        ({ password }) => asRoot(`ALTER USER app IDENTIFIED BY '${password}'`),
      ).finally(() => asRoot('DROP USER IF EXISTS app'));
    },
  );

  it('an address logs in, whatever characters its password has', async () => {
    const account = await surroundingAccount();
    const password = `p@ss:w/rd?#[]%20&=+ 'quoted' "\\ ü€😀`;
    await server.query(`CREATE ROLE app LOGIN PASSWORD ${pg.escapeLiteral(password)}`);
    const address = `postgres://app:${encodeURIComponent(password)}@${server.host}:${server.port}/shop`;
    await account.put(address, { name: 'my-app/db-url' });
    const { pool } = await recipe<Page>('pg.md', 'address.ts');
    const { rows } = await pool.query('SELECT current_user AS user, current_database() AS database');
    await pool.end();
    await dropRole();
    expect(rows).toEqual([{ user: 'app', database: 'shop' }]);
  });
});
