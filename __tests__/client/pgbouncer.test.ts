import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rotatingClient } from '../../client/pg.ts';
import { rotatingSql } from '../../client/postgres-js.ts';
import { hasPgbouncer, type ThrowAwayPgbouncer, throwAwayPgbouncer } from '../../harness/throw-away-pgbouncer.ts';
import { postgresServer } from '../postgres-server.ts';
import { driver, hasDrivers, load } from './drivers.ts';
import { login, newLogin, readingAccount } from './reading-account.ts';

interface Sql {
  (strings: TemplateStringsArray): Promise<unknown>;
  end(): Promise<void>;
}

const server = await postgresServer();
const reason = hasPgbouncer ? '' : ' (skipped: no pgbouncer on this machine)';

describe.skipIf(!hasPgbouncer)(`A PgBouncer between the application and its server${reason}`, () => {
  let pooler: ThrowAwayPgbouncer;
  beforeAll(async () => {
    pooler = await throwAwayPgbouncer(server, 'transaction');
  });
  afterAll(() => pooler?.stop());

  const place = () => ({
    host: '127.0.0.1',
    port: pooler.port,
    database: 'postgres',
    ssl: { ca: pooler.ca, servername: 'localhost' },
  });

  it('rejects an old password with its own error message', async () => {
    await server.query("CREATE ROLE bounced LOGIN PASSWORD 'right'");
    const client = new pg.Client({ ...place(), user: 'bounced', password: 'wrong' });
    await expect(client.connect()).rejects.toMatchObject({ code: '08P01', message: 'SASL authentication failed' });
    await server.query('DROP ROLE bounced');
  });

  it.each(['pg', 'Postgres.js'].filter((name) => name === 'pg' || hasDrivers))(
    'loses no query of %s to a rotation of a single user',
    async (name) => {
      const account = await readingAccount();
      const [first, second] = [newLogin(), newLogin()];
      await server.query(`CREATE ROLE app LOGIN PASSWORD '${first.password}'`);
      const firstId = await account.put(first);
      const secret = account.cache.secret('db', { schema: login });
      const opened = name === 'pg' ? poolOf() : await sqlOf();

      function poolOf() {
        const pool = new pg.Pool({ ...place(), Client: rotatingClient(pg.Client, secret), maxUses: 1 });
        return { query: () => pool.query('SELECT 1'), end: () => pool.end() };
      }
      async function sqlOf() {
        const { default: postgres } = await driver<{ default: (url: string, options?: object) => Sql }>('postgres');
        const sql = rotatingSql(postgres, secret, { ...place(), max_lifetime: 0.001, prepare: false });
        return { query: () => sql`SELECT 1`, end: () => sql.end() };
      }

      const queries = load(opened.query);
      await queries.after(10);
      const secondId = await account.put(second, { stages: ['AWSPENDING'] });
      await server.query(`ALTER ROLE app PASSWORD '${second.password}'`);
      await queries.after(20);
      await account.promote(secondId, firstId);
      await queries.after(10);
      expect(await queries.stop()).toMatchObject({ errors: [] });
      expect(account.cache.stats().refusals).toBeGreaterThan(0);
      expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
      await opened.end();
      await server.query("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename = 'app'");
      await server.query('DROP ROLE app');
    },
  );
});
