import { afterAll, afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { rotatingPool } from '../../client/mysql2.ts';
import { freePort } from '../../harness/free-port.ts';
import { hasMariadb, type ThrowAwayMariadb, throwAwayMariadb } from '../../harness/throw-away-mariadb.ts';
import { postgresServer } from '../postgres-server.ts';
import { closingProxy } from './closing-proxy.ts';
import { driver, hasDrivers, load, noDrivers } from './drivers.ts';
import { type Login, login, newLogin, type ReadingAccount, readingAccount } from './reading-account.ts';
import { type Mysql, type Options, type Secret, sqlDrivers } from './sql-drivers.ts';

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

/** Through a rotation under load, `__tests__/docs/read-sql.test.ts` leads those that have a page. */
const IN_NO_PAGE = ['Sequelize 6 with the client of pg', 'Sequelize 6 with MariaDB', 'Knex 3 with mysql2'];

/** What does not end hangs, in the eyes of an application. */
function settled<Result>(work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('hangs')), 15_000);
    work.finally(() => clearTimeout(timer)).then(resolve, reject);
  });
}

const noMariadb = mariadb ? '' : hasDrivers ? ' (skipped: no mariadb-server on this machine)' : noDrivers;

it.skipIf(!mariadb)(`mysql2 gives an open connection although the secret cannot be read${noMariadb}`, async () => {
  const account = await readingAccount({ maxAgeSeconds: 0, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 });
  const first = newLogin();
  await servers.mariadb.create(first);
  onTestFinished(async () => void (await servers.mariadb.drop(first)));
  await account.put(first);
  const { createPool } = await driver<Mysql>('mysql2/promise');
  const secret = account.cache.secret('db', { schema: login });
  const pool = rotatingPool(createPool({ ...place('mariadb'), connectionLimit: 1 }), secret);
  const connection = await pool.getConnection();
  account.fail('fail-before');
  const waiting = pool.getConnection();
  connection.release();
  (await waiting).release();
  await pool.query('SELECT 1');
  await pool.end();
});

for (const [name, kind, openAt] of sqlDrivers) {
  const isHere = hasDrivers && (kind === 'postgres' || hasMariadb);
  const server = servers[kind];
  const missing = isHere ? '' : hasDrivers ? ' (skipped: no mariadb-server on this machine)' : noDrivers;

  describe.skipIf(!isHere)(`${name}, through rotations${missing}`, () => {
    const open = (secret: Secret, how?: Options) => openAt(place(kind), secret, how);
    let account: ReadingAccount;
    let first: Login;
    let firstId: string;

    beforeEach(async () => {
      account = await readingAccount();
      first = newLogin();
      await server.create(first);
      firstId = await account.put(first);
    });
    afterEach(async () => void (await server.drop(first)));

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

    it('ends with an error if the server is gone, or a proxy closes the connection without an error message', async () => {
      const secret = account.cache.secret('db', { schema: login });
      const atOnce = await closingProxy(place(kind), () => true);
      const atLogin = await closingProxy(place(kind), (sent) => sent.length > 0);
      const gone = { host: place(kind).host, port: await freePort() };
      for (const { host, port } of [atOnce, atLogin, gone]) {
        const opened = await openAt({ ...place(kind), host, port }, secret);
        await expect(settled(opened.session())).rejects.toThrow(/closed|terminated|ECONNREFUSED/i);
        await settled(opened.close());
      }
      expect(atOnce.connections() + atLogin.connections()).toBeLessThan(10);
    });

    it('logs in with the next version if its option refused names the error of such a proxy', async () => {
      const proxy = await closingProxy(place(kind), (sent) => sent.includes('nobody'));
      await account.put(newLogin('nobody'), { name: 'refused' });
      await account.put(first, { name: 'refused', stages: ['AWSPENDING'] });
      const secret = account.cache.secret('refused', { schema: login });
      const opened = await openAt({ ...place(kind), host: proxy.host, port: proxy.port }, secret, {
        refused: () => true,
      });
      await settled(opened.session());
      await settled(opened.close());
    });

    it('ends while it looks for another version', async () => {
      await server.change(newLogin());
      const cache = secretsCache({ client: account.client });
      const opened = await open(cache.secret('db', { schema: login }), { timeoutSeconds: 900 });
      const session = expect(settled(opened.session())).rejects.toThrow(/authentication failed|Access denied/);
      await expect.poll(() => cache.stats().refusals).toBe(1);
      cache.close();
      await session;
      await settled(opened.close());
    });
  });
}
