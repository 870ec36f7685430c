import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** As Kafka's protocol numbers what a client asks when it connects. */
const API = { metadata: 3, saslHandshake: 17, apiVersions: 18, saslAuthenticate: 36 } as const;
const SASL_AUTHENTICATION_FAILED = 58;

const int16 = (value: number) => {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const string = (text: string) => Buffer.concat([int16(Buffer.byteLength(text)), Buffer.from(text)]);

/**
 * Stands in for a Kafka broker: it knows what a client asks when it connects, and SASL's mechanism PLAIN.
 *
 * @see https://kafka.apache.org/protocol
 */
export async function kafkaStandIn(accepts: (username: string, password: string) => boolean) {
  const logins: boolean[] = [];
  const sockets = new Set<Socket>();
  const broker = createServer((socket) => {
    sockets.add(socket);
    let unread = Buffer.alloc(0);
    socket.on('error', () => {});
    socket.on('data', (data) => {
      unread = Buffer.concat([unread, data]);
      while (unread.length >= 4 && unread.length >= 4 + unread.readInt32BE(0)) {
        const request = unread.subarray(4, 4 + unread.readInt32BE(0));
        unread = unread.subarray(4 + request.length);
        const response = Buffer.concat([request.subarray(4, 8), answer(request)]);
        socket.write(Buffer.concat([int32(response.length), response]));
      }
    });
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  const { port } = broker.address() as AddressInfo;

  function answer(request: Buffer): Buffer {
    const body = request.subarray(10 + request.readInt16BE(8));
    switch (request.readInt16BE(0)) {
      case API.apiVersions: {
        const versions = [
          [API.metadata, 0, 0],
          [API.saslHandshake, 1, 1],
          [API.apiVersions, 0, 2],
          [API.saslAuthenticate, 0, 0],
        ].map((version) => Buffer.concat(version.map(int16)));
        return Buffer.concat([int16(0), int32(versions.length), ...versions, int32(0)]);
      }
      case API.saslHandshake:
        return Buffer.concat([int16(0), int32(1), string('PLAIN')]);
      case API.saslAuthenticate: {
        const [, username = '', password = ''] = body.subarray(4).toString('utf8').split('\0');
        const isAccepted = accepts(username, password);
        logins.push(isAccepted);
        const refusal = [int16(SASL_AUTHENTICATION_FAILED), string('Authentication failed'), int32(0)];
        return Buffer.concat(isAccepted ? [int16(0), int16(-1), int32(0)] : refusal);
      }
      default:
        return Buffer.concat([int32(1), int32(0), string('127.0.0.1'), int32(port), int32(0)]);
    }
  }
  const close = () => {
    for (const socket of sockets) socket.destroy();
    broker.close();
  };
  return { port, logins, close };
}
