import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { PostgresSession } from '../../lambda/postgres/postgres-session.ts';

/** A message of a server: its type, its length, its content. */
function message(type: string, ...parts: readonly (string | Buffer | number)[]): Buffer {
  const content = Buffer.concat(
    parts.map((part) => {
      if (typeof part !== 'number') return Buffer.from(part);
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(part);
      return bytes;
    }),
  );
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const OK = message('R', 0);
const READY = message('Z', 'I');
const ASKS_FOR_SCRAM = message('R', 10, 'SCRAM-SHA-256\0\0');

/** A server that knows no password, and answers the client's messages so, one after the other. @returns its port, and what came after them */
async function serverThat(...answers: readonly ((received: string) => Buffer)[]) {
  let rest = '';
  const server = createServer((socket) => {
    let count = 0;
    socket
      .on('error', () => {})
      .on('data', (data) => {
        const answer = answers[count++];
        if (answer === undefined) rest += data.toString('latin1');
        else socket.write(answer(data.toString('latin1')));
      });
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, rest: () => rest };
}

const challenge = (received: string) => {
  const [, nonce = ''] = /r=([^,]+)$/.exec(received) ?? [];
  return message('R', 11, `r=${nonce}server,s=${Buffer.alloc(16).toString('base64')},i=4096`);
};

describe('A server that does not prove that it knows the password', () => {
  it.each([
    ['lets everybody in at once', [() => Buffer.concat([OK, READY])], /without a password/],
    [
      'asks for SCRAM, and leaves its own proof out',
      [() => ASKS_FOR_SCRAM, challenge, () => Buffer.concat([OK, READY])],
      /without a password/,
    ],
    [
      'asks for SCRAM, and lets in before any exchange',
      [() => ASKS_FOR_SCRAM, () => Buffer.concat([OK, READY])],
      /without a password/,
    ],
    [
      'asks for SCRAM, and proves with something else',
      [
        () => ASKS_FOR_SCRAM,
        challenge,
        () => Buffer.concat([message('R', 12, `v=${Buffer.alloc(32).toString('base64')}`), OK, READY]),
      ],
      /server signature does not match/,
    ],
  ] as const)('gets no statement if it %s', async (_, answers, reason) => {
    const { port, rest } = await serverThat(...answers);
    const session = PostgresSession.open(
      {
        database: { host: '127.0.0.1', port, dbname: 'postgres', ssl: false },
        login: { username: 'app', password: 'the password of app' },
        allowMd5: false,
      },
      { signal: new AbortController().signal, versionId: 'a version' },
    );
    await expect(session).rejects.toThrow(reason);
    expect(rest()).not.toContain('SELECT');
    expect(rest()).not.toContain('the password of app');
  });
});
