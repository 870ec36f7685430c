import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import { postgresServer } from '../../postgres-server.ts';
import { rdsServer } from '../../rds-server.ts';
import { ALTERNATING, rotatedUser, SINGLE, SINGLE_BY_ADMIN } from './rotated-user.ts';

const server = await rdsServer();
const plainServer = await postgresServer({ tls: false });
const PLAINTEXT = { ...SINGLE, ALLOW_PLAINTEXT: 'true' };
const other = selfSignedCertificate('localhost').certificate;

/** A process that listens on a port, and does nothing else at all. @returns the port */
async function unansweredPort(): Promise<number> {
  const code = `const s = require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => console.log(s.address().port))`;
  const child: ChildProcess = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = child.stdout ? await once(child.stdout, 'data') : [];
  child.kill('SIGSTOP');
  const port = Number(line);
  // What fills the queue is accepted by nobody; the packets of whoever comes then are dropped.
  for (let at = 0; at < 4; at += 1) {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    onTestFinished(() => void socket.destroy());
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  return port;
}

/** A server that takes connections, and never says a word. @returns its port */
async function silentPort(): Promise<number> {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  return (silent.address() as AddressInfo).port;
}

describe('A PostgreSQL server that cannot be trusted', { timeout: 120_000 }, () => {
  it.each([
    ['has a certificate from an unknown root', { ca: undefined }, /self.signed certificate.*give tls\.ca/],
    ['has a certificate from a root that is not the trusted one', { ca: other }, /certificate.*give tls\.ca/],
    [
      'is reached by a name that is not in its certificate',
      { servername: 'db.example.com' },
      /altnames|does not match/i,
    ],
  ])('and that %s gets no password', async (_, secret, message) => {
    const user = await rotatedUser(server, { environment: SINGLE, secret });
    expect(await user.failure()).toMatchObject({ code: 'TLS', message: expect.stringMatching(message) });
    expect(await server.accepts(user.first)).toBe(true);
  });

  it('is trusted by its address, or by another name, if its certificate contains it', async () => {
    for (const secret of [{ host: '127.0.0.1' }, { host: '127.0.0.1', servername: 'localhost' }]) {
      const user = await rotatedUser(server, { environment: SINGLE, secret });
      expect(await server.accepts(await user.rotated())).toBe(true);
    }
  });

  it('is trusted by the root and the name in the environment if the secret has none', async () => {
    const secret = { host: '127.0.0.1', ca: undefined };
    const environment = { ...SINGLE, TLS_CA: server.ca, TLS_SERVERNAME: 'localhost' };
    const user = await rotatedUser(server, { environment, secret });
    expect(await server.accepts(await user.rotated())).toBe(true);
  });

  it('gets nothing without TLS, unless the secret says "ssl": false and the declaration allows it', async () => {
    const user = await rotatedUser(plainServer, { environment: SINGLE });
    expect(await user.failure()).toMatchObject({ code: 'TLS', message: expect.stringMatching(/does not support SSL/) });
    for (const ssl of [false, 'false']) {
      const refused = await rotatedUser(plainServer, { environment: SINGLE, secret: { ssl } });
      expect(await refused.failure()).toMatchObject({
        code: 'CONFIGURATION',
        message: expect.stringMatching(/declare allowPlaintext/),
      });
      const plain = await rotatedUser(plainServer, { environment: PLAINTEXT, secret: { ssl } });
      expect(await plainServer.accepts(await plain.rotated())).toBe(true);
    }
  });

  it('that requires TLS is reported as such if the secret says "ssl": false', async () => {
    const { hba_file: file } = (await server.superuser.query('SHOW hba_file'))[0] ?? {};
    await server.superuser.query(`COPY (SELECT 'hostssl all all all scram-sha-256') TO '${file}'`);
    await server.superuser.query('SELECT pg_reload_conf()');
    const user = await rotatedUser(server, { environment: PLAINTEXT, secret: { ssl: false } });
    expect(await user.failure()).toMatchObject({
      code: 'TLS',
      message: expect.stringMatching(/remove "ssl": false/),
    });
  });
});

describe('A PostgreSQL server that does not answer', { timeout: 120_000 }, () => {
  it('is told apart from one that drops packets, before the function runs out of time', async () => {
    const [dropping, silent] = await Promise.all([unansweredPort(), silentPort()]);
    const failures = await Promise.all(
      [dropping, silent].map(async (port) => {
        const user = await rotatedUser(server, { environment: SINGLE, secret: { host: '127.0.0.1', port } });
        return user.failure();
      }),
    );
    expect(failures).toEqual([
      { code: 'NETWORK', message: expect.stringMatching(/was not reached within 8 s.*security group/) },
      { code: 'NETWORK', message: expect.stringMatching(/was reached, but did not answer within 8 s/) },
    ]);
  });

  it('is named if nothing listens, or if the host does not exist', async () => {
    const free = await silentPort();
    for (const secret of [{ port: free === 1 ? 2 : 1 }, { host: 'nowhere.invalid' }]) {
      const user = await rotatedUser(server, { environment: SINGLE, secret });
      expect(await user.failure()).toMatchObject({ code: 'NETWORK', message: expect.stringMatching(/security group/) });
    }
  });

  it('has no connection left, and the rotation is tried again', async () => {
    const small = await postgresServer({
      settings: { max_connections: '4', superuser_reserved_connections: '1', reserved_connections: '0' },
    });
    const user = await rotatedUser(small, { environment: SINGLE });
    const sessions = await Promise.all([1, 2, 3].map(() => small.login(user.first)));
    const failure = await user.failure();
    await Promise.all(sessions.map((session) => session.end()));
    expect(failure).toMatchObject({ code: 'SERVICE', message: expect.stringMatching(/raise max_connections/) });
    expect(await small.accepts(await user.login())).toBe(true);
  });

  it('restarts during a rotation, and the next attempt succeeds', async () => {
    const restarted = await rdsServer();
    const user = await rotatedUser(restarted, { environment: ALTERNATING });
    const { username } = user.first;
    const blocker = await restarted.login(restarted);
    await blocker.query(`SELECT pg_advisory_lock(hashtext('rotaform'), hashtext('${username} ${username}_clone'))`);
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    const under = user.step('setSecret', versionId);
    await vi.waitFor(async () => {
      const waiting =
        "SELECT 1 FROM pg_stat_activity WHERE wait_event = 'advisory' AND application_name LIKE 'rotaform %'";
      expect(await restarted.query(waiting)).toHaveLength(1);
    }, 20_000);
    await restarted.restart();
    expect(await under).toMatchObject({
      failure: { errorMessage: expect.stringMatching(/Secrets Manager tries again/) },
    });
    expect(await user.step('setSecret', versionId)).not.toHaveProperty('failure');
    expect(await restarted.accepts(await user.login(versionId))).toBe(true);
  });

  it('makes the rotation try for eight seconds to get a lock, and the next attempt succeeds', async () => {
    const user = await rotatedUser(server, { environment: ALTERNATING });
    const { username } = user.first;
    await server.superuser.query(`CREATE TABLE of_${username} (); ALTER TABLE of_${username} OWNER TO ${username}`);
    const session = await server.login(server.superuser);
    await session.query(`BEGIN; LOCK TABLE of_${username}`);
    const versionId = await user.pendingVersion();
    await user.step('createSecret', versionId);
    expect(await user.step('setSecret', versionId)).toMatchObject({
      failure: { errorMessage: expect.stringMatching(/REASSIGN OWNED.*lock timeout.*tries again/) },
    });
    await session.end();
    expect(await user.step('setSecret', versionId)).not.toHaveProperty('failure');
    expect(await server.accepts(await user.login(versionId))).toBe(true);
  });
});

describe('The error says what is wrong with a login:', { timeout: 120_000 }, () => {
  it.each([
    ['the database', SINGLE, { dbname: 'nowhere' }, 'CONFIGURATION', /does not exist.*Correct the secret's dbname/],
    ['the user', SINGLE, { username: 'nobody_here' }, 'AUTHENTICATION', /refuses every stored password of nobody_here/],
    [
      'the engine',
      SINGLE,
      { engine: 'mysql' },
      'SECRET_VALUE',
      /"engine": expected postgres or postgresql or aurora-postgresql/,
    ],
    ['the port', SINGLE, { port: 'five' }, 'SECRET_VALUE', /"port": expected a port from 1 to 65535/],
    ['ssl', SINGLE, { ssl: 'perhaps' }, 'SECRET_VALUE', /"ssl": expected true or false/],
    ['a missing host', SINGLE, { host: undefined }, 'SECRET_VALUE', /"host" is missing/],
    ['a missing password', SINGLE, { password: undefined }, 'SECRET_VALUE', /"password" is missing/],
    ['a name of 60 letters', ALTERNATING, { username: 'a'.repeat(60) }, 'CONFIGURATION', /more than 63 bytes/],
  ])('%s', async (_, environment, secret, code, message) => {
    const user = await rotatedUser(server, { environment, secret });
    expect(await user.failure()).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('an administrator who may not set passwords', async () => {
    await server.query("CREATE ROLE clerk LOGIN PASSWORD 'the password of the clerk'");
    const admin = { username: 'clerk', password: 'the password of the clerk' };
    for (const environment of [SINGLE_BY_ADMIN, ALTERNATING]) {
      const user = await rotatedUser(server, { environment, admin });
      expect(await user.failure()).toMatchObject({
        code: 'PRIVILEGE',
        message: expect.stringMatching(/clerk|permission denied/),
      });
    }
  });

  it.each([
    ['a single user', SINGLE],
    ['alternating users', ALTERNATING],
  ])('%s with read-only transactions by default is not reported as a replica', async (_, environment) => {
    const user = await rotatedUser(server, { environment });
    await server.query(`ALTER ROLE ${user.first.username} SET default_transaction_read_only = on`);
    expect(await server.accepts(await user.rotated())).toBe(true);
    expect(await user.query('SHOW default_transaction_read_only')).toEqual([{ default_transaction_read_only: 'on' }]);
  });
});
