import { createHash, randomUUID } from 'node:crypto';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import {
  ALTERNATING,
  type RotatedUser,
  rotatedUser,
  SINGLE,
  SINGLE_BY_ADMIN,
} from '../lambda/postgres/rotated-user.ts';
import { rdsServer } from '../rds-server.ts';
import { type Listener, listener } from './listener.ts';

const server = await rdsServer({ settings: { log_statement: 'all', log_connections: 'on' } });

/** Whoever may write the secret, and nothing else, changes what is current. */
async function edited(user: RotatedUser, change: Readonly<Record<string, unknown>>): Promise<void> {
  const document = { ...JSON.parse((await user.value()) ?? '{}'), ...change };
  const SecretString = JSON.stringify(document);
  await user.client.send(new PutSecretValueCommand({ SecretId: user.secretArn, SecretString }));
}

/** What the server's log says of sessions and statements since. */
function sinceNow(): () => string {
  const from = server.log().length;
  return () => server.log().slice(from);
}

const md5 = (username: string, password: string) => {
  const hex = (text: string | Buffer) => createHash('md5').update(text).digest('hex');
  return hex(Buffer.concat([Buffer.from(hex(password + username)), Buffer.from([1, 2, 3, 4])]));
};

/** What a listener must never hear: a password, or what it is easily guessed from. */
function expectUnheard({ heard }: Listener, username: string, password: string): void {
  for (const text of [password, md5(username, password), Buffer.from(password).toString('base64')]) {
    expect(heard).not.toContain(text);
  }
}

const strategies = [
  ['single-user with an administrator', SINGLE_BY_ADMIN],
  ['alternating-users', ALTERNATING],
] as const;

describe.each(strategies)('An attacker who can write the secret of %s', { timeout: 120_000 }, (_, environment) => {
  it.each<[string, (at: Listener) => Readonly<Record<string, unknown>>]>([
    ['another port', ({ port }) => ({ port })],
    ['another port with a root of their own', ({ port, ca }) => ({ port, ca, servername: 'localhost' })],
    ['another host', () => ({ host: '127.0.0.1' })],
    ['another host and port', ({ port }) => ({ host: '127.0.0.1', port })],
    ['another administrator', ({ port }) => ({ port, masterarn: 'administrator' })],
  ])('gets no connection by storing %s', async (_name, change) => {
    const user = await rotatedUser(server, { environment });
    const trap = await listener('clear text');
    await edited(user, change(trap));
    const log = sinceNow();
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/Expected the same server in both/),
    });
    expect([trap.connections, log()]).toEqual([0, '']);
  });

  it.each<[string, (at: Listener) => Readonly<Record<string, unknown>>]>([
    ['nothing else', () => ({})],
    ['another port', ({ port }) => ({ port })],
    ['another host and port', ({ port }) => ({ host: '127.0.0.1', port })],
  ])('and stores "ssl": false and %s there gets no connection', async (_name, change) => {
    const user = await rotatedUser(server, { environment });
    const trap = await listener('clear text');
    await edited(user, { ...change(trap), ssl: false });
    const log = sinceNow();
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/allowPlaintext/),
    });
    expect([trap.connections, log()]).toEqual([0, '']);
  });

  it('and stores "ssl": false as the declaration allows does not weaken the administrator\'s login', async () => {
    const user = await rotatedUser(server, { environment: { ...environment, ALLOW_PLAINTEXT: 'true' } });
    await edited(user, { ssl: false });
    const log = sinceNow();
    expect(await user.failure()).toBeUndefined();
    const logins = log().match(/connection authorized: user=\S+ .*/g) ?? [];
    const [administrators, users] = [/user=master /, /user=app_/].map((of) => logins.filter((line) => of.test(line)));
    expect(administrators).toEqual([expect.stringContaining('SSL enabled')]);
    expect(users?.length).toBeGreaterThan(0);
    for (const line of users ?? []) expect(line).not.toContain('SSL enabled');
  });

  it('and stores an administrator that is not declared gets no connection', async () => {
    const user = await rotatedUser(server, { environment });
    await edited(user, { masterarn: user.secretArn });
    const log = sinceNow();
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/masterarn is/),
    });
    expect(log()).toBe('');
  });

  it("and stores another ca and servername does not weaken the administrator's login", async () => {
    const user = await rotatedUser(server, { environment });
    const trap = await listener('clear text');
    await edited(user, { ca: trap.ca });
    expect(await user.failure()).toBeUndefined(); // What the declaration says of TLS wins.
    await edited(user, { servername: 'elsewhere' });
    expect(await user.failure()).toMatchObject({ code: 'TLS', message: expect.stringMatching(/login of app_/) });
  });

  it.each([
    ['another user', (name: string) => name],
    ['a superuser', () => 'postgres'],
  ])('and stores the name of %s gets no credentials for it', async (_name, victimOf) => {
    const user = await rotatedUser(server, { environment });
    const billing = `billing_${randomUUID().slice(0, 8)}`;
    await server.query(`CREATE ROLE ${billing} LOGIN PASSWORD 'of billing'`);
    await edited(user, { username: victimOf(billing), alternateusername: undefined });
    const log = sinceNow();
    const before = await user.labels();
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/username is ".*": expected/),
    });
    expect(log()).toBe('');
    expect(await user.labels()).toMatchObject(before);
    expect(await server.accepts({ username: billing, password: 'of billing' })).toBe(true);
  });

  it('and stores the name of another database cannot change anything there', async () => {
    const user = await rotatedUser(server, { environment });
    await edited(user, { dbname: 'template1' });
    const log = sinceNow();
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(/dbname is/) });
    expect(log()).toBe('');
  });

  it.each([
    ['superusers', 'SUPERUSER', /is a superuser/],
    ['users who may make roles', 'CREATEROLE', /has CREATEROLE/],
    ['users who may replicate', 'REPLICATION', /has REPLICATION/],
    ['users whom no row security holds', 'BYPASSRLS', /has BYPASSRLS/],
    ['members of such roles', 'IN ROLE mighty', /is a member of mighty, which has CREATEROLE/],
    ["members of the server's own roles", 'IN ROLE pg_execute_server_program', /which acts for the server/],
  ])('does not get %s, although the declaration names them', async (_name, power, message) => {
    const user = await rotatedUser(server, { environment });
    await server.superuser.query(
      `DO $$ BEGIN CREATE ROLE mighty CREATEROLE; EXCEPTION WHEN duplicate_object THEN END $$`,
    );
    const { username } = user.first;
    await server.superuser.query(
      power.startsWith('IN ROLE') ? `GRANT ${power.slice(8)} TO ${username}` : `ALTER ROLE ${username} ${power}`,
    );
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('does not get the administrator, although the declaration names it', async () => {
    const user = await rotatedUser(server, { environment: { ...environment, USERS: '["master"]' } });
    await edited(user, { username: 'master' });
    const log = sinceNow();
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/master is the administrator itself/),
    });
    expect(log()).toBe('');
  });
});

describe('An administrator', { timeout: 120_000 }, () => {
  it.each([
    [
      'neither its secret nor the declaration names its server',
      { host: undefined },
      {},
      /Declare it as admin: \{ host \}/,
    ],
    [
      'its secret and the declaration name different hosts',
      {},
      { host: 'db.example.com' },
      /has the host db\.example\.com, the/,
    ],
    ['its secret and the declaration name different ports', {}, { port: 1 }, /has the port 1, the declaration has/],
  ])('is refused if %s', async (_, declared, stored, message) => {
    const admin = { secretArn: 'administrator', host: 'localhost', port: server.port, ...declared };
    const environment = { ...ALTERNATING, ADMINS: JSON.stringify([admin]), USERS: '["{name}"]' };
    const user = await rotatedUser(server, { environment, username: 'my-app/login' });
    await server.query('DROP ROLE "my-app/login"');
    const SecretString = JSON.stringify({ username: server.username, password: server.password, ...stored });
    await user.client.send(new PutSecretValueCommand({ SecretId: 'administrator', SecretString }));
    expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
  });

  it('goes where its own secret says, if the declaration is silent', async () => {
    const username = `app_${randomUUID().slice(0, 8)}`;
    const environment = {
      ...{ ...ALTERNATING, ADMINS: '[{"secretArn":"administrator"}]' },
      ...{ USERS: JSON.stringify([username]), TLS_CA: undefined },
    };
    const user = await rotatedUser(server, { environment, username });
    const login = { username: server.username, password: server.password, host: 'LOCALHOST', port: server.port };
    const SecretString = JSON.stringify({ ...login, ca: server.ca });
    await user.client.send(new PutSecretValueCommand({ SecretId: 'administrator', SecretString }));
    expect(await user.failure()).toBeUndefined();
  });

  it('is refused if its secret is the rotated one', async () => {
    const username = `app_${randomUUID().slice(0, 8)}`;
    const admin = { secretArn: 'my-app/login', host: 'localhost', port: server.port };
    const environment = { ...SINGLE, ADMINS: JSON.stringify([admin]), USERS: JSON.stringify([username]) };
    const user = await rotatedUser(server, { environment, username });
    expect(await user.failure()).toMatchObject({
      code: 'CONFIGURATION',
      message: expect.stringMatching(/is the rotated secret itself/),
    });
    expect(await server.accepts(user.first)).toBe(true);
  });
});

describe('A server that a password is sent to', { timeout: 120_000 }, () => {
  it.each([
    ['clear text', /asks for the password in the clear/],
    ['MD5', /asks for the password as MD5/],
  ] as const)('gets no answer if it asks for it as %s', async (asks, message) => {
    const trap = await listener(asks);
    for (const TLS of [{ ca: trap.ca }, { ssl: false, ca: undefined }]) {
      const environment = { ...SINGLE, ALLOW_PLAINTEXT: 'true' };
      const user = await rotatedUser(server, { environment, secret: { port: trap.port, ...TLS } });
      expect(await user.failure()).toMatchObject({ code: 'CONFIGURATION', message: expect.stringMatching(message) });
      expectUnheard(trap, user.first.username, user.first.password);
    }
    expect(trap.connections).toBe(2);
  });

  it('gets an MD5 answer if the declaration allows it', async () => {
    const trap = await listener('MD5');
    const environment = { ...SINGLE, ALLOW_MD5: 'true' };
    const user = await rotatedUser(server, { environment, secret: { port: trap.port, ca: trap.ca } });
    const failing = user.failure();
    await expect.poll(() => trap.heard, { timeout: 20_000 }).toContain(md5(user.first.username, user.first.password));
    await failing;
  });

  it('is told apart from an earlier server by port and TLS, not only by its name', async () => {
    const user = await rotatedUser(server, { environment: { ...SINGLE, ALLOW_MD5: 'true' } });
    const now = await user.rotated();
    const trap = await listener('MD5');
    await edited(user, { port: trap.port, ca: trap.ca, password: 'what the writer knows' });
    await user.failure();
    expect(trap.connections).toBeGreaterThan(0);
    for (const { username, password } of [user.first, now]) expectUnheard(trap, username, password);
  });

  it('proves that it is the server at the end of the TLS channel', async () => {
    const user = await rotatedUser(server, { environment: SINGLE });
    const log = sinceNow();
    await user.rotated();
    expect(log()).toMatch(/authenticated: identity="app_\w+" method=scram-sha-256/);
  });
});
