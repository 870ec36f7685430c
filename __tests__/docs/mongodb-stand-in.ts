import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { driver } from '../client/drivers.ts';

interface Bson {
  serialize(document: object): Uint8Array;
  deserialize(bytes: Uint8Array, options: object): Readonly<Record<string, unknown>>;
}

const [OP_REPLY, OP_QUERY, OP_MSG] = [1, 2004, 2013];
const AUTHENTICATION_FAILED = { ok: 0, code: 18, codeName: 'AuthenticationFailed', errmsg: 'Authentication failed.' };
const HELLO = {
  ok: 1,
  ismaster: true,
  helloOk: true,
  minWireVersion: 0,
  maxWireVersion: 21,
  maxBsonObjectSize: 16_777_216,
  maxMessageSizeBytes: 48_000_000,
  maxWriteBatchSize: 100_000,
};

/**
 * Stands in for a MongoDB server: it knows what a driver asks when it connects, and SASL's mechanism PLAIN.
 *
 * @see https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/
 */
export async function mongodbStandIn(accepts: (username: string, password: string) => boolean) {
  const { serialize, deserialize } = await driver<Bson>('bson');
  const logins: boolean[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let unread = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      unread = Buffer.concat([unread, data]);
      while (unread.length >= 4 && unread.length >= unread.readInt32LE(0)) {
        const message = unread.subarray(0, unread.readInt32LE(0));
        unread = unread.subarray(message.length);
        const isQuery = message.readInt32LE(12) === OP_QUERY;
        // A query names its collection before its document.
        const start = isQuery ? message.indexOf(0, 20) + 9 : 21;
        const document = answer(deserialize(message.subarray(start), { promoteBuffers: true }));
        const body = Buffer.concat([Buffer.alloc(isQuery ? 20 : 5), serialize(document)]);
        if (isQuery) body.writeInt32LE(1, 16);
        const head = Buffer.alloc(16);
        head.writeInt32LE(16 + body.length);
        head.writeInt32LE(message.readInt32LE(4), 8);
        head.writeInt32LE(isQuery ? OP_REPLY : OP_MSG, 12);
        socket.write(Buffer.concat([head, body]));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  function answer(command: Readonly<Record<string, unknown>>): object {
    if ('hello' in command || 'ismaster' in command) return HELLO;
    if (!('saslStart' in command)) return { ok: 1 };
    const [, username = '', password = ''] = String(command.payload).split('\0');
    const isAccepted = accepts(username, password);
    logins.push(isAccepted);
    return isAccepted ? { ok: 1, done: true, conversationId: 1, payload: Buffer.alloc(0) } : AUTHENTICATION_FAILED;
  }
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, logins, close };
}
