import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type ConnectOptions, openSocket, type Server } from '../../client/open-socket.ts';
import { selfSignedCertificate } from '../../harness/self-signed-certificate.ts';
import { loopbackServer } from './loopback-server.ts';
import { tlsServer } from './tls-server.ts';

const soon = { interval: 1, timeout: 5000 };
const host = '127.0.0.1';
/** Nothing listens there. */
const gone: Server = { host, port: 1 };
/** @see https://www.postgresql.org/docs/current/protocol-message-formats.html#PROTOCOL-MESSAGE-FORMATS-SSLREQUEST */
const SSL_REQUEST = '0000000804d2162f';
const forName = selfSignedCertificate('localhost');
const forAddress = selfSignedCertificate(host);

async function open(servers: Server | readonly Server[], options: Partial<ConnectOptions> = {}, turn = 0) {
  const all = { path: false, ssl: false, sslnegotiation: null, connect_timeout: 30, ...options } as const;
  const socket = await openSocket([servers].flat(), all, turn);
  onTestFinished(() => void socket.destroy());
  return socket;
}

/** A server that says its name to whoever connects. */
async function named(name: string, at?: { readonly path: string }): Promise<Server> {
  return { host, port: await loopbackServer((socket) => void socket.write(name), at) };
}

/** Where a Unix socket may be, until the test ends. */
function unixSocket() {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-socket-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return { path: path.join(folder, '.s.PGSQL.5432') };
}

async function firstWord(socket: Socket): Promise<string> {
  const [said] = await once(socket, 'data');
  return String(said);
}

describe('Of several servers, openSocket', () => {
  it('begins with another one at each turn', async () => {
    const servers = [await named('first'), await named('second')];
    const met = async (turn: number) => firstWord(await open(servers, {}, turn));
    expect([await met(0), await met(1), await met(2)]).toEqual(['first', 'second', 'first']);
  });

  it('goes to the next one, and from the last to the first, if one cannot be reached', async () => {
    const there = await named('there');
    expect(await firstWord(await open([gone, there], {}, 0))).toBe('there');
    expect(await firstWord(await open([there, gone], {}, 1))).toBe('there');
  });

  it('throws the failure of the last one if none can be reached', async () => {
    const servers = [gone, { host, port: 2 }];
    await expect(open(servers, {}, 0)).rejects.toMatchObject({ code: 'ECONNREFUSED', port: 2 });
    await expect(open(servers, {}, 1)).rejects.toMatchObject({ code: 'ECONNREFUSED', port: 1 });
  });
});

describe('Without TLS, openSocket', () => {
  it('returns a socket that is connected and has said nothing', async () => {
    const seen = await tlsServer('N', forName);
    const socket = await open(seen.server);
    expect(socket.connecting).toBe(false);
    socket.write('the first word');
    await vi.waitFor(() => expect(seen.request).toBe(Buffer.from('the first word').toString('hex')), soon);
  });

  it('connects to a Unix socket, whatever the host is', async () => {
    const at = unixSocket();
    await named('by its path', at);
    expect(await firstWord(await open(gone, at))).toBe('by its path');
  });
});

describe('With TLS, openSocket', () => {
  const ca = forName.certificate;

  it('asks the server first, and returns what is encrypted', async () => {
    const seen = await tlsServer('S', forName);
    const socket = (await open(seen.server, { ssl: 'require' })) as TLSSocket;
    expect(seen.request).toBe(SSL_REQUEST);
    expect(socket.encrypted).toBe(true);
    expect(await firstWord(socket)).toBe('secured');
    expect(seen.secured?.alpnProtocol).toBe(false);
  });

  it('asks nothing if the negotiation is direct, and says that it speaks PostgreSQL', async () => {
    const seen = await tlsServer('', forName);
    expect(await firstWord(await open(seen.server, { ssl: 'require', sslnegotiation: 'direct' }))).toBe('secured');
    expect(seen.secured?.alpnProtocol).toBe('postgresql');
  });

  it.each(['require', 'allow', 'prefer'] as const)('takes any certificate for %s', async (ssl) => {
    const { server } = await tlsServer('S', forName);
    expect(await open(server, { ssl })).toMatchObject({ encrypted: true, authorized: false });
  });

  it.each([[true], ['verify-full' as const], [{ servername: 'localhost' }]])(
    'takes no certificate that nobody vouches for with %j, and closes the connection',
    async (ssl) => {
      const seen = await tlsServer('S', forName);
      const error = { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' };
      await expect(open(seen.server, { ssl })).rejects.toMatchObject(error);
      await vi.waitFor(() => expect(seen.isClosed).toBe(true), soon);
    },
  );

  it('tells the server the name by which it was found, and verifies that', async () => {
    const seen = await tlsServer('S', forName);
    const socket = await open({ ...seen.server, host: 'localhost' }, { ssl: { ca } });
    expect(socket).toMatchObject({ authorized: true });
    expect(await firstWord(socket)).toBe('secured');
    expect(seen.secured?.servername).toBe('localhost');
    const other = await tlsServer('S', forAddress);
    const failure = open({ ...other.server, host: 'localhost' }, { ssl: { ca: forAddress.certificate } });
    await expect(failure).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID', host: 'localhost' });
  });

  it('verifies an address, which it does not tell the server', async () => {
    const seen = await tlsServer('S', forAddress);
    const socket = await open(seen.server, { ssl: { ca: forAddress.certificate } });
    expect(socket).toMatchObject({ authorized: true });
    expect(await firstWord(socket)).toBe('secured');
    expect(seen.secured?.servername).toBe(false);
  });

  it('does not take the certificate of localhost for that of an address', async () => {
    const { server } = await tlsServer('S', forName);
    const error = { code: 'ERR_TLS_CERT_ALTNAME_INVALID', host };
    await expect(open(server, { ssl: { ca } })).rejects.toMatchObject(error);
  });

  it('verifies another name if its own options say so', async () => {
    const { server } = await tlsServer('S', forName);
    expect(await open(server, { ssl: { ca, servername: 'localhost' } })).toMatchObject({ authorized: true });
  });

  it.each(['require', true] as const)('refuses a server without TLS for %s, and closes the connection', async (ssl) => {
    const seen = await tlsServer('N', forName);
    await expect(open(seen.server, { ssl })).rejects.toThrow(
      `The server at ${host}:${seen.server.port} does not take TLS connections; expected one that does, since ssl is set.`,
    );
    await vi.waitFor(() => expect(seen.isClosed).toBe(true), soon);
  });

  it('goes on without TLS for prefer, and leaves nothing behind on the socket', async () => {
    const seen = await tlsServer('N', forName);
    const socket = await open(seen.server, { ssl: 'prefer' });
    expect(seen.request).toBe(SSL_REQUEST);
    expect(socket).not.toHaveProperty('encrypted');
    const heard: string[] = [];
    socket.on('error', () => heard.push('error')).resume();
    seen.socket?.end();
    await once(socket, 'close');
    expect(heard).toEqual([]);
  });

  it('fails if the server closes the connection instead of an answer, and goes to the next one', async () => {
    const port = await loopbackServer((socket) => void socket.once('data', () => socket.end()));
    const closing = { host, port };
    const error = { code: 'CONNECTION_CLOSED', message: `write CONNECTION_CLOSED ${host}:${port}` };
    await expect(open(closing, { ssl: 'prefer' })).rejects.toMatchObject(error);
    const { server } = await tlsServer('S', forName);
    expect(await open([closing, server], { ssl: 'require' })).toMatchObject({ encrypted: true });
  });
});

describe('The connect_timeout', () => {
  it.each([
    ['that does not answer whether it takes TLS', '', null],
    ['that takes TLS, and says no more', 'S', null],
    ['that says nothing, if the negotiation is direct', '', 'direct'],
  ])('ends the wait for a server %s, and the connection', async (_, answer, sslnegotiation) => {
    let isClosed = false;
    const port = await loopbackServer((socket) => {
      socket.once('data', () => socket.write(answer)).resume();
      socket.once('close', () => {
        isClosed = true;
      });
    });
    const failure = open({ host, port }, { ssl: 'require', sslnegotiation, connect_timeout: 0.02 });
    const message = `connect CONNECT_TIMEOUT ${host}:${port}`;
    await expect(failure).rejects.toMatchObject({ code: 'CONNECT_TIMEOUT', message });
    await vi.waitFor(() => expect(isClosed).toBe(true), soon);
  });

  it('names a Unix socket by its path', async () => {
    const at = unixSocket();
    await loopbackServer((socket) => void socket.resume(), at);
    const failure = open(gone, { ...at, ssl: 'require', connect_timeout: 0.02 });
    await expect(failure).rejects.toThrow(`connect CONNECT_TIMEOUT ${at.path}`);
  });

  it('is over when the socket is open, or cannot be opened', async () => {
    const { server } = await tlsServer('S', forName);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    await open(server, { ssl: 'require' });
    await expect(open(gone)).rejects.toThrow('ECONNREFUSED');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is none if it is zero', async () => {
    const answer = (socket: Socket) => void socket.once('data', () => sleep(20).then(() => socket.write('N')));
    const port = await loopbackServer(answer);
    await expect(open({ host, port }, { ssl: true, connect_timeout: 0 })).rejects.toThrow('does not take TLS');
  });
});
