import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import * as v from 'valibot';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SecretReadError, secretsCache } from '../../client/index.ts';
import { rotatingSql } from '../../client/postgres-js.ts';
import { postgresServer } from '../postgres-server.ts';
import { closingProxy } from './closing-proxy.ts';
import { driver, hasDrivers, load, noDrivers } from './drivers.ts';
import {
  allowReads,
  type Login,
  login,
  newLogin,
  type ReadingAccount,
  readerClient,
  readingAccount,
} from './reading-account.ts';

type Rows = Promise<readonly Readonly<Record<string, unknown>>[]>;
interface Sql {
  (strings: TemplateStringsArray, ...values: unknown[]): Rows & { cancel(): void; simple(): Rows };
  begin<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  reserve(): Promise<Sql & { release(): void }>;
  listen(channel: string, heard: (payload: string) => void): Promise<unknown>;
  notify(channel: string, payload: string): Promise<unknown>;
  end(options?: { readonly timeout: number }): Promise<void>;
}
type Postgres = (url: string, options?: object) => Sql;

const server = await postgresServer();
const quoted = (password: string) => pg.escapeLiteral(password);

describe.skipIf(!hasDrivers)(`Postgres.js${hasDrivers ? '' : noDrivers}`, () => {
  let postgres: Postgres;
  let account: ReadingAccount;
  let first: Login;
  let firstId: string;
  const open: Sql[] = [];

  beforeEach(async () => {
    postgres = (await driver<{ default: Postgres }>('postgres')).default;
    account = await readingAccount();
    first = newLogin();
    await server.query(`CREATE ROLE app LOGIN PASSWORD ${quoted(first.password)}; CREATE ROLE app_clone LOGIN`);
    firstId = await account.put(first);
  });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((sql) => sql.end({ timeout: 1 })));
    await server.query('DROP ROLE app; DROP ROLE app_clone');
  });

  const tls = () => ({ ca: server.ca, servername: 'localhost' });
  const place = () => ({ host: server.host, port: server.port, database: 'postgres' });
  function sqlOf(options: object = {}, how: Parameters<typeof rotatingSql>[3] = {}) {
    const secret = account.cache.secret('db', { schema: login });
    const sql = rotatingSql(postgres, secret, { ...place(), ssl: tls(), max: 3, ...options }, how as never);
    open.push(sql);
    return sql;
  }
  /** The same, in which each connection does one thing and closes. */
  const shortLived = (options: object = {}) => sqlOf({ max_lifetime: 0.001, ...options });
  const refusals = () => server.log().match(/FATAL: {2}password authentication failed for user "app/g)?.length ?? 0;
  const change = ({ username, password }: Login) =>
    server.query(`ALTER ROLE ${username} LOGIN PASSWORD ${quoted(password)}`);
  const endSessions = () =>
    server.query("SELECT pg_terminate_backend(pid, 2000) FROM pg_stat_activity WHERE usename LIKE 'app%'");

  it('loses no query to a rotation of a single user, with at most one refusal per login in progress', async () => {
    const sql = shortLived();
    const before = refusals();
    const queries = load(() => sql`SELECT pg_backend_pid()`);
    await queries.after(10);
    const second = newLogin();
    const secondId = await account.put(second, { stages: ['AWSPENDING'] });
    await change(second);
    await queries.after(30); // Secrets Manager still calls the first one current.
    await account.promote(secondId, firstId);
    await queries.after(10);
    expect(await queries.stop()).toMatchObject({ errors: [] });
    expect(refusals() - before).toBeGreaterThan(0);
    expect(refusals() - before).toBeLessThanOrEqual(3);
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
  });

  it('loses no query to two rotations in a second', async () => {
    const sql = shortLived({ max: 5 });
    const queries = load(() => sql`SELECT 1`);
    await queries.after(10);
    let fromId = firstId;
    for (const next of [newLogin(), newLogin()]) {
      const id = await account.put(next, { stages: ['AWSPENDING'] });
      await change(next);
      await account.promote(id, fromId);
      fromId = id;
    }
    await queries.after(30);
    expect(await queries.stop()).toMatchObject({ errors: [] });
  });

  it('follows two users that alternate, and no login is refused', async () => {
    const sql = shortLived();
    const before = refusals();
    const whoami = async () => (await sql`SELECT current_user AS user`)[0]?.user;
    const queries = load(whoami);
    await queries.after(10);
    const second = newLogin('app_clone');
    await change(second);
    await account.put(second);
    await queries.after(10);
    await account.cache.secret('db', { schema: login }).refresh();
    await queries.after(10);
    expect(await queries.stop()).toMatchObject({ errors: [] });
    expect(await whoami()).toBe('app_clone');
    expect(refusals() - before).toBe(0);
  });

  it('begins transactions, reserves connections and listens with the next version', async () => {
    const sql = sqlOf({ max: 2 });
    const heard: string[] = [];
    await sql.listen('news', (payload) => heard.push(payload));
    const second = newLogin();
    await account.put(second, { stages: ['AWSPENDING'] });
    await change(second);
    await endSessions();
    await expect
      .poll(() => sql.begin(async (within) => (await within`SELECT 1 AS one`)[0]).catch(() => 0))
      .toEqual({ one: 1 });
    const reserved = await sql.reserve();
    expect(await reserved`SELECT 2 AS two`).toEqual([{ two: 2 }]);
    reserved.release();
    await expect
      .poll(async () => {
        await sql.notify('news', 'again');
        return heard;
      })
      .toContain('again');
  });

  it('uses one connection for all, if it has only one', async () => {
    const sql = shortLived({ max: 1 });
    const queries = load(() => sql`SELECT 1`);
    await queries.after(10);
    const second = newLogin();
    await account.put(second, { stages: ['AWSPENDING'] });
    await change(second);
    await queries.after(10);
    expect(await queries.stop()).toMatchObject({ errors: [] });
  });

  it('does not try a query again, not even one that fails with the code of a refused login', async () => {
    const sql = sqlOf({ onnotice: () => {} });
    await server.query('CREATE SEQUENCE calls; GRANT ALL ON SEQUENCE calls TO app');
    const refuse = sql`DO $$ BEGIN PERFORM nextval('calls'); RAISE 'no' USING ERRCODE = '28P01'; END $$`.simple();
    await expect(refuse).rejects.toMatchObject({ code: '28P01', message: 'no' });
    expect(await server.query('SELECT last_value::int FROM calls')).toEqual([{ last_value: 1 }]);
    await server.query('DROP SEQUENCE calls');
    expect(account.reads).toEqual(['AWSCURRENT']);
  });

  it("throws PostgreSQL's own error if no version is accepted, and loses no place of its pool by that", async () => {
    const sql = sqlOf({ max: 2 }, { timeoutSeconds: 0.1 });
    await change(newLogin());
    for (let times = 0; times < 5; times += 1)
      await expect(sql`SELECT 1`).rejects.toMatchObject({ name: 'PostgresError', code: '28P01', severity: 'FATAL' });
    await change(first);
    expect(await Promise.all([sql`SELECT 1 AS one`, sql`SELECT 1 AS one`])).toEqual([[{ one: 1 }], [{ one: 1 }]]);
  });

  it('throws other errors at once', async () => {
    await expect(sqlOf({ database: 'absent' })`SELECT 1`).rejects.toMatchObject({ code: '3D000' });
    await expect(sqlOf({ port: 1 })`SELECT 1`).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(account.reads).toEqual(['AWSCURRENT']);
  });

  it('tries one of several servers after the other, and finds the one with the right attributes', async () => {
    const hosts = { host: [server.host, server.host], port: [1, server.port] };
    for (const target_session_attrs of [undefined, 'read-write'])
      expect(await sqlOf({ ...hosts, target_session_attrs })`SELECT 1 AS one`).toEqual([{ one: 1 }]);
  });

  it('throws what the cache throws, and works again when that is over', async () => {
    const client = readerClient(account.aws.account, { 'aws:PrincipalTag/never': 'x' });
    const cache = secretsCache({ client });
    const sql = rotatingSql(postgres, cache.secret('db', { schema: login }), { ...place(), ssl: tls(), max: 1 });
    open.push(sql);
    for (let times = 0; times < 3; times += 1) await expect(sql`SELECT 1`).rejects.toBeInstanceOf(SecretReadError);
    allowReads(account.aws.account, {});
    await expect.poll(() => sql`SELECT 1 AS one`.catch(() => 0), { timeout: 20_000 }).toEqual([{ one: 1 }]);
    cache.close();
  });

  it('reconnects after a server restart with the version that is current then', async () => {
    const sql = sqlOf();
    expect(await sql`SELECT 1 AS one`).toEqual([{ one: 1 }]);
    const second = newLogin();
    await account.put(second, { stages: ['AWSPENDING'] });
    await change(second);
    await server.restart();
    await expect.poll(() => sql`SELECT 1 AS one`.catch(() => 0), { timeout: 20_000 }).toEqual([{ one: 1 }]);
  });

  it('answers a server that asks for MD5 with the user of the secret', async () => {
    const file = "current_setting('hba_file')";
    const write = `COPY (SELECT 'host all all 127.0.0.1/32 md5') TO %L`;
    await server.query(`DO $$ BEGIN EXECUTE format('${write.replaceAll("'", "''")}', ${file}); END $$`);
    await server.query('SELECT pg_reload_conf()');
    await server.query(`SET password_encryption = 'md5'; ALTER ROLE app PASSWORD ${quoted(first.password)}`);
    await expect.poll(() => sqlOf({ max: 1 })`SELECT current_user AS user`).toEqual([{ user: 'app' }]);
    expect(
      await server.query("SELECT 1 FROM pg_authid WHERE rolname = 'app' AND rolpassword LIKE 'md5%'"),
    ).toHaveLength(1);
    await change(newLogin());
    await expect(sqlOf({}, { timeoutSeconds: 0.1 })`SELECT 1`).rejects.toMatchObject({ code: '28P01' });
  });

  it('fails after one connection if the server closes it without an error message', async () => {
    const { host, port, connections } = await closingProxy(server, (sent) => sent.length > 0);
    const sql = sqlOf({ host, port, ssl: false });
    const error = { code: 'CONNECTION_CLOSED', message: `write CONNECTION_CLOSED 127.0.0.1:${port}` };
    await expect(sql`SELECT 1`).rejects.toMatchObject(error);
    expect(connections()).toBe(1);
  });

  it('waits between the servers among which target_session_attrs has it choose', async () => {
    const { host, port, connections } = await closingProxy(server, () => true);
    const sql = sqlOf({
      host: [host, host],
      port: [port, port],
      ssl: false,
      target_session_attrs: 'read-write',
      max: 1,
    });
    sql`SELECT 1`.catch(() => {});
    await sleep(1500);
    expect(connections()).toBe(2);
  });

  it('stays ended if it finds another version later', async () => {
    const second = newLogin();
    await change(second);
    const sql = sqlOf();
    const query = sql`SELECT 1`.catch((error: { code: string }) => error.code);
    await expect.poll(() => account.cache.stats().refusals).toBe(1);
    await sql.end({ timeout: 0 });
    await account.put(second);
    expect(await query).toBe('CONNECTION_DESTROYED');
    await sleep(1500);
    expect(await server.query("SELECT 1 FROM pg_stat_activity WHERE usename = 'app'")).toEqual([]);
  });

  it('takes the login, the server and the database from other fields, such as an address', async () => {
    const { host, port } = server;
    const password = `p@ss:w/rd?#[]%20 'quoted' "\\ ü€😀`;
    await change({ ...first, password });
    await account.put(`postgres://app:${encodeURIComponent(password)}@${host}:${port}/postgres`, { name: 'address' });
    const sql = rotatingSql(
      postgres,
      account.cache.secret('address', {
        schema: v.pipe(
          v.string(),
          v.transform((text) => new URL(text)),
        ),
      }),
      { ssl: tls(), database: 'another' },
      {
        login: ({ username: user, password: encoded, hostname, port: at, pathname }) => ({
          user,
          password: decodeURIComponent(encoded),
          host: hostname,
          port: Number(at),
          database: pathname.slice(1),
        }),
      },
    );
    open.push(sql);
    expect(await sql`SELECT current_user AS user, current_database() AS database`).toEqual([
      { user: 'app', database: 'postgres' },
    ]);
  });

  it('takes an address instead of options', async () => {
    const secret = account.cache.secret('db', { schema: login });
    const sql = rotatingSql(
      postgres,
      secret,
      `postgres://old:stale@${server.host}:${server.port}/postgres?sslmode=require`,
    );
    open.push(sql);
    expect(await sql`SELECT current_user AS user, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`).toEqual([
      { user: 'app', ssl: true },
    ]);
  });

  it('verifies a certificate unless its options say otherwise', async () => {
    for (const ssl of ['verify-full', true])
      await expect(sqlOf({ ssl })`SELECT 1`).rejects.toThrow(/self.signed|certificate/);
    for (const ssl of ['require', 'prefer', 'allow'])
      expect(await sqlOf({ ssl })`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`).toEqual([{ ssl: true }]);
    expect(await sqlOf({ ssl: false })`SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()`).toEqual([
      { ssl: false },
    ]);
  });

  it('cancels a query', async () => {
    const sql = sqlOf({ max: 1 });
    await sql`SELECT 1`;
    const long = sql`SELECT pg_sleep(60)`;
    const outcome = expect(long).rejects.toMatchObject({ code: '57014' });
    await sleep(100);
    long.cancel();
    await outcome;
  });

  it('ends while it logs in', async () => {
    const sql = sqlOf();
    const query = sql`SELECT 1`.catch((error: { code: string }) => error.code);
    await sql.end({ timeout: 0 });
    expect(await query).toBe('CONNECTION_DESTROYED');
    await expect.poll(() => server.query("SELECT 1 FROM pg_stat_activity WHERE usename = 'app'")).toEqual([]);
  });
});
