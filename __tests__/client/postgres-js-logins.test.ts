import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { rotatingSql } from '../../client/postgres-js.ts';
import { sdkError } from './answering-client.ts';
import { driver, hasDrivers, noDrivers } from './drivers.ts';
import { postgresStandIn } from './postgres-stand-in.ts';
import { secretOf } from './secret-of.ts';

interface Sql {
  (strings: TemplateStringsArray): { simple(): Promise<readonly unknown[]> };
  end(options: { readonly timeout: number }): Promise<void>;
  close: Sql['end'];
}
type Postgres = (url: string, options?: object) => Sql;

const [first, second] = [
  { username: 'app', password: 'first' },
  { username: 'app', password: 'second' },
];
const soon = { interval: 1, timeout: 5000 };
const postgres = hasDrivers ? (await driver<{ default: Postgres }>('postgres')).default : undefined;
const run = (sql: Sql) => sql`SELECT 1`.simple();

/** A pool of one connection, with a secret whose reads bring these values. */
function sqlOf(values: readonly unknown[], options: object, how: Parameters<typeof rotatingSql>[3] = {}) {
  const { secret, asked } = secretOf(...values);
  const given = { host: '127.0.0.1', database: 'shop', max: 1, fetch_types: false, user: 'root', ...options };
  const sql = rotatingSql(postgres as Postgres, secret, given, { timeoutSeconds: 0.02, ...how } as never);
  onTestFinished(() => sql.end({ timeout: 0 }));
  return { sql, secret, asked };
}

describe.skipIf(!hasDrivers)(`Postgres.js, of a stand-in for its server${hasDrivers ? '' : noDrivers}`, () => {
  it("logs in with the secret's user and password", async () => {
    const { port, logins } = await postgresStandIn('app:first@shop');
    const { sql, asked } = sqlOf([first], { port });
    expect(await run(sql)).toEqual([]);
    expect(await run(sql)).toEqual([]);
    expect(logins).toEqual(['app:first@shop']);
    expect(asked).toHaveLength(1);
  });

  it('logs in with the next version if the first one is refused', async () => {
    const { port, logins, open } = await postgresStandIn('app:second@shop');
    const { sql, asked } = sqlOf([first, second], { port });
    expect(await run(sql)).toEqual([]);
    expect(logins).toEqual(['app:first@shop', 'app:second@shop']);
    expect(asked).toHaveLength(2);
    await vi.waitFor(() => expect(open()).toBe(1), soon);
  });

  it('begins with what is current when it connects again', async () => {
    const server = await postgresStandIn('app:second@shop');
    const { sql, secret } = sqlOf([first, second, first], { port: server.port, backoff: 0 });
    await run(sql);
    server.accepted.add('app:first@shop').delete('app:second@shop');
    server.endAll();
    await vi.waitFor(() => expect(server.open()).toBe(0), soon);
    await secret.refresh();
    await run(sql);
    expect(server.logins.slice(1).every((login) => /first|second/.test(login))).toBe(true);
    expect(server.logins.at(-1)).toBe('app:first@shop');
  });

  it('fails as the server refused it if no version is accepted, and loses no place of its pool by that', async () => {
    const server = await postgresStandIn();
    const { sql } = sqlOf([first, second], { port: server.port, backoff: 0 });
    const error = { name: 'PostgresError', code: '28P01', severity: 'FATAL', message: 'no entry' };
    for (let times = 0; times < 3; times += 1) await expect(run(sql)).rejects.toMatchObject(error);
    server.accepted.add('app:second@shop');
    expect(await run(sql)).toEqual([]);
  });

  it('fails with any other error at once', async () => {
    const server = await postgresStandIn();
    server.refusal = '3D000';
    const absent = sqlOf([first, second], { port: server.port });
    await expect(run(absent.sql)).rejects.toMatchObject({ code: '3D000' });
    const gone = sqlOf([first, second], { port: 1 });
    await expect(run(gone.sql)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(server.logins).toEqual(['app:first@shop']);
    expect([absent.asked.length, gone.asked.length]).toEqual([1, 1]);
  });

  it('fails as the cache fails', async () => {
    const { port, met } = await postgresStandIn('app:first@shop');
    const { sql } = sqlOf([sdkError('AccessDeniedException')], { port });
    await expect(run(sql)).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(met()).toBe(0);
  });

  it.each([
    ['the end of a login', 'CONNECTION_CLOSED'],
    ['a server that is not there', 'ECONNREFUSED'],
  ])('takes %s for a refused one if the option refused does', async (_, code) => {
    const server = await postgresStandIn('app:second@shop');
    server.refusal = undefined;
    const login = ({ username: user, password }: typeof first) => ({
      ...{ user, password },
      port: code === 'ECONNREFUSED' && password === 'first' ? 1 : server.port,
      host: '127.0.0.1',
    });
    const refused = (error: unknown) => (error as { code: string }).code === code;
    const { sql } = sqlOf([first, second], { host: 'never' }, { login, refused } as never);
    expect(await run(sql)).toEqual([]);
    expect(server.logins.at(-1)).toBe('app:second@shop');
  });

  it('fails after one connection if the server ends it without a message', async () => {
    const server = await postgresStandIn();
    server.refusal = undefined;
    const message = `write CONNECTION_CLOSED 127.0.0.1:${server.port}`;
    const { sql } = sqlOf([first], { port: server.port });
    await expect(run(sql)).rejects.toMatchObject({ code: 'CONNECTION_CLOSED', message });
    expect(server.met()).toBe(1);
  });

  it.each<[string, object, (port: number) => object]>([
    ['the host and the port of the secret', { host: 'never', port: 1 }, (port) => ({ host: '127.0.0.1', port })],
    ['the host of the secret, and the port of the options', { host: 'never' }, () => ({ host: '127.0.0.1' })],
    ['the host of the options, and the port of the secret', { port: 1 }, (port) => ({ port })],
    ['the database of the secret', { database: 'other' }, () => ({ database: 'shop' })],
  ])('connects to %s', async (_, options, place) => {
    const { port } = await postgresStandIn('app:first@shop');
    const login = () => ({ user: 'app', password: 'first', ...place(port) });
    expect(await run(sqlOf([first], { port, ...options }, { login } as never).sql)).toEqual([]);
  });

  it('connects to the first of several servers that can be reached, each with its port', async () => {
    const [one, other] = [await postgresStandIn('app:first@shop'), await postgresStandIn('app:first@shop')];
    const host = ['127.0.0.1', '127.0.0.1'];
    await run(sqlOf([first], { host, port: [1, one.port] }).sql);
    const { sql } = sqlOf([first], { host, port: [other.port, one.port], max: 3 });
    await Promise.all([run(sql), run(sql), run(sql)]);
    expect([one.met(), other.met()]).toEqual([1, 3]);
    await run(sqlOf([first], { host: ['::1', '127.0.0.1'], port: [one.port] }).sql); // the same port for both
  });

  it('connects to one server after the other until one is as target_session_attrs says', async () => {
    const [reader, writer] = [await postgresStandIn('app:first@shop'), await postgresStandIn('app:first@shop')];
    reader.isReadOnly = true;
    const options = { host: ['127.0.0.1', '127.0.0.1'], port: [reader.port, writer.port] };
    expect(await run(sqlOf([first], { ...options, target_session_attrs: 'read-write' }).sql)).toEqual([]);
    expect([reader.met(), writer.met()]).toEqual([1, 1]);
  });

  it.each([
    ['ends a connection without a message', false],
    ['is not there', true],
  ])('waits a second before it connects again if the server that it chose %s', async (_, isGone) => {
    const server = await postgresStandIn();
    server.refusal = undefined;
    const port = isGone ? [1, 1] : [server.port, server.port];
    const options = { host: ['127.0.0.1', '127.0.0.1'], port, target_session_attrs: 'read-write', backoff: 0 };
    const login = vi.fn(() => ({ user: 'app', password: 'first' }));
    const started = performance.now();
    run(sqlOf([first], options, { login } as never).sql).catch(() => {});
    await vi.waitFor(() => expect(login).toHaveBeenCalled(), soon);
    await sleep(100);
    const seconds = (performance.now() - started) / 1000;
    expect(login.mock.calls.length).toBeLessThanOrEqual(1 + seconds);
    expect(server.met() > 0).toBe(!isGone);
  });

  it('tells the server an empty password if the login has none', async () => {
    const { port } = await postgresStandIn('app:@shop');
    const login = () => ({ user: 'app' });
    expect(await run(sqlOf([first], { port, pass: 'stale' }, { login } as never).sql)).toEqual([]);
  });

  it.each(['end', 'close'] as const)('closes what it opens after %s(), and asks nobody about it', async (name) => {
    const server = await postgresStandIn('app:second@shop');
    const refused = vi.fn(() => true);
    let find = (_: typeof second) => {};
    const later = new Promise<typeof second>((resolve) => {
      find = resolve;
    });
    const { sql, asked } = sqlOf([first, later], { port: server.port }, { refused, timeoutSeconds: 5 });
    const failure = expect(run(sql)).rejects.toMatchObject({ code: 'CONNECTION_DESTROYED' });
    await vi.waitFor(() => expect(asked).toHaveLength(2), soon);
    await sql[name]({ timeout: 0 });
    await failure;
    find(second);
    await vi.waitFor(() => expect([server.met(), server.open()]).toEqual([2, 0]), soon);
    await sleep(5);
    expect([server.met(), server.logins]).toEqual([2, ['app:first@shop']]);
    expect(refused).not.toHaveBeenCalled();
  });
});
