import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { lostConnection } from '../../client/lost-connection.ts';
import { type PostgresLogin, watchLogin } from '../../client/postgres-login.ts';
import { loopbackServer } from './loopback-server.ts';
import { fatal, message, ready } from './postgres-stand-in.ts';

const startup = (...words: readonly string[]) => message('', 196_608, `${words.join('\0')}\0\0`);
const cleartext = message('R', 3);
const authenticated = message('R', 0);
const [refusedLogin, absentDatabase] = [fatal('28P01'), fatal('3D000')];
const fieldsOf = (code: string) => ({
  ...{ severity_local: 'FATAL', severity: 'FATAL', code, message: 'no entry' },
  ...{ file: 'auth.c', line: '345', routine: 'auth_failed', P: '7' },
});
const bytes = (...all: readonly Buffer[]) => Buffer.concat(all).toString('latin1');

const refusesLogin = (found: Error) => (found as { code?: string }).code === '28P01';
const shown = (found: Error) => Object.assign({ message: found.message }, found);
const soon = { interval: 1, timeout: 5000 };

/** A connection whose login is watched, from both ends. */
async function watched(login: PostgresLogin = {}, isRefused: (error: Error) => boolean = refusesLogin) {
  const servers: Socket[] = [];
  let received = '';
  const port = await loopbackServer((server) => {
    servers.push(server);
    server.on('data', (data) => {
      received += bytes(data);
    });
  });
  const socket = connect(port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  await vi.waitFor(() => expect(servers).toHaveLength(1), soon);
  const [server] = servers as [Socket];

  const heard: unknown[] = [];
  let mayAnswer = false;
  watchLogin(socket, login, {
    answer(passOn) {
      mayAnswer = true;
      passOn();
      mayAnswer = false;
    },
    errorOf: (fields) => Object.assign(new Error(), fields),
    isRefused,
    closeRefused(refusal, passOn) {
      heard.push({ refusal: shown(refusal) });
      passOn();
    },
    closeLost(passOn) {
      heard.push('lost');
      passOn();
    },
  });
  socket.on('data', (data) => heard.push({ [mayAnswer ? 'toAnswer' : 'data']: bytes(data) }));
  socket.on('error', (failure) => heard.push({ error: shown(failure) }));
  socket.on('close', (hadError) => heard.push({ hadError }));
  return {
    ...{ server, socket },
    lost: { code: 'CONNECTION_CLOSED', message: `write CONNECTION_CLOSED 127.0.0.1:${port}` },
    /** All that the server has received comes to be that. */
    received: (...expected: readonly Buffer[]) => vi.waitFor(() => expect(received).toBe(bytes(...expected)), soon),
    /** All that the driver and its adapter have heard, in turn, comes to be that. */
    heard: (...expected: readonly unknown[]) => vi.waitFor(() => expect(heard).toEqual(expected), soon),
  };
}

const toAnswer = (...messages: readonly Buffer[]) => ({ toAnswer: bytes(...messages) });
const data = (...messages: readonly Buffer[]) => ({ data: bytes(...messages) });

describe('The first message of a connection', () => {
  const names = (user: string, database: string) => startup('user', user, 'database', database, 'encoding', 'user');

  it('names the user and the database of the secret', async () => {
    const { socket, received } = await watched({ user: 'äpp', database: 'shop' });
    socket.write(names('root', 'root'));
    await received(names('äpp', 'shop'));
  });

  it('is read as names and values, where a value may be like a name', async () => {
    const { socket, received } = await watched({ user: 'database', database: 'user' });
    socket.write(names('encoding', 'database'));
    await received(names('database', 'user'));
  });

  it.each<[string, PostgresLogin, Buffer]>([
    ['the secret has neither', {}, names('root', 'root')],
    ['the driver names no database', { database: 'shop' }, startup('user', 'root')],
  ])('stays as it is if %s', async (_, login, first) => {
    const { socket, received } = await watched(login);
    socket.write(first);
    await received(first);
  });

  it('is the only one that is changed', async () => {
    const { socket, received } = await watched({ user: 'app' });
    socket.write(names('root', 'root'));
    socket.write(names('root', 'root'));
    await received(names('app', 'root'), names('root', 'root'));
  });

  it('stays as it is if it cancels a query, after which the server closes without a message', async () => {
    const cancel = message('', 80_877_102, 4711, 42);
    const { socket, server, received, heard } = await watched({ user: 'app' });
    socket.write(cancel);
    await received(cancel);
    server.end();
    await heard({ hadError: false });
  });
});

describe('Until the server is ready, the driver', () => {
  it('gets message by message, each with the password to answer it', async () => {
    const { server, heard } = await watched();
    server.write(Buffer.concat([cleartext, authenticated]));
    await heard(toAnswer(cleartext), toAnswer(authenticated));
  });

  it('gets a message when all of it is there', async () => {
    const { socket, heard } = await watched();
    for (const byte of Buffer.concat([cleartext, authenticated])) socket.emit('data', Buffer.from([byte]));
    await heard(toAnswer(cleartext), toAnswer(authenticated));
  });

  it('gets the message that it is, with all that follows, and then each piece as it comes', async () => {
    const { socket, server, heard } = await watched();
    const query = Buffer.concat([message('T'), message('Z', 'T')]);
    server.write(Buffer.concat([authenticated, ready, query]));
    await heard(toAnswer(authenticated), data(ready, query));
    socket.emit('data', query.subarray(0, 2));
    server.end();
    await heard(toAnswer(authenticated), data(ready, query), data(query.subarray(0, 2)), { hadError: false });
  });

  it('hears of anything else that happens to its socket', async () => {
    const { socket } = await watched();
    const idle = once(socket, 'timeout');
    socket.setTimeout(1);
    await idle;
  });
});

describe('A server that asks for MD5', () => {
  const request = message('R', 5, Buffer.from([1, 2, 3, 4]));

  it.each([
    ["the secret's user and password", { user: 'app', password: 'of db' }, 'md5e26df16b8c4158a334d6c991681ab397'],
    ['its user alone, if it has no password', { user: 'app' }, 'md57646829641be73813043fbcfcf82d3d0'],
  ])('gets the hash of %s, and the driver does not hear of it', async (_, login, hash) => {
    const { server, received, heard } = await watched(login);
    server.write(Buffer.concat([request, authenticated]));
    await received(message('p', `${hash}\0`));
    await heard(toAnswer(authenticated));
  });

  it('is answered by the driver if the secret has no user', async () => {
    const { server, heard } = await watched({ password: 'of db' });
    server.write(request);
    await heard(toAnswer(request));
  });

  it('is told from one that asks for something else, and from other messages with the same number', async () => {
    const { server, heard } = await watched({ user: 'app', password: 'of db' });
    const processFive = message('K', 5, 42);
    server.write(Buffer.concat([cleartext, processFive]));
    await heard(toAnswer(cleartext), toAnswer(processFive));
  });
});

describe('A login that the server refuses', () => {
  it('is kept from the driver, which hears only that the connection has closed', async () => {
    const { server, heard } = await watched();
    server.write(Buffer.concat([cleartext, refusedLogin]));
    await heard(toAnswer(cleartext), { refusal: fieldsOf('28P01') }, { hadError: false });
    await vi.waitFor(() => expect(server.destroyed).toBe(true), soon);
  });

  it('hides what comes behind it', async () => {
    const { socket, server, heard } = await watched();
    server.write(Buffer.concat([refusedLogin, absentDatabase, ready]));
    server.once('close', () => socket.emit('data', ready));
    await heard({ refusal: fieldsOf('28P01') }, { hadError: false });
  });

  it('keeps the first reason if the end of the connection would be one, too', async () => {
    const { server, heard } = await watched({}, () => true);
    server.write(Buffer.concat([authenticated, refusedLogin]));
    await heard(toAnswer(authenticated), { refusal: fieldsOf('28P01') }, { hadError: false });
  });

  it('may be refused by the end of the connection', async () => {
    const { server, lost, heard } = await watched({}, () => true);
    server.end();
    await heard({ refusal: lost }, { hadError: false });
  });

  it('may be refused by an error of the connection', async () => {
    const { server, heard } = await watched({}, () => true);
    server.resetAndDestroy();
    await heard({ refusal: expect.objectContaining({ code: 'ECONNRESET' }) }, { hadError: false });
  });
});

describe('A login that fails otherwise', () => {
  it('gives the driver the error of the server, and what comes behind it', async () => {
    const { server, heard } = await watched();
    server.end(Buffer.concat([absentDatabase, ready]));
    await heard(data(absentDatabase, ready), { hadError: false });
  });

  it('gives the driver one error if the connection ends without a message', async () => {
    const { server, lost, heard } = await watched();
    server.end();
    await heard({ error: lost }, 'lost', { hadError: true });
  });

  it('has no address to name on a Unix socket', () => {
    expect(lostConnection(new Socket()).message).toBe('write CONNECTION_CLOSED');
  });

  it('gives the driver no other error than that of the connection', async () => {
    const { server, heard } = await watched();
    server.resetAndDestroy();
    await heard({ error: expect.objectContaining({ code: 'ECONNRESET' }) }, 'lost', { hadError: true });
  });
});
