import { type AddressInfo, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { type SelfSignedCertificate, selfSignedCertificate } from '../../harness/self-signed-certificate.ts';

/** What a server of PostgreSQL may ask of who logs in. */
export type Asks = 'clear text' | 'MD5' | 'SCRAM';

export interface Listener {
  readonly port: number;
  /** Of its certificate, for `localhost`. */
  readonly ca: string;
  /** How many connections came. */
  readonly connections: number;
  /** What they sent, all of it. */
  readonly heard: string;
}

const REQUESTS: Readonly<Record<Asks, Buffer>> = {
  'clear text': message('R', Buffer.from([0, 0, 0, 3])),
  MD5: message('R', Buffer.from([0, 0, 0, 5, 1, 2, 3, 4])),
  SCRAM: message('R', Buffer.concat([Buffer.from([0, 0, 0, 10]), Buffer.from('SCRAM-SHA-256\0\0')])),
};

const SSL_REQUEST = '0000000804d2162f';

/**
 * An attacker's own server: it speaks as much of PostgreSQL's protocol as it takes to be sent a password, with TLS for who asks
 * for it, and writes down what it hears.
 */
export async function listener(
  asks: Asks,
  certificate: SelfSignedCertificate = selfSignedCertificate('localhost'),
): Promise<Listener> {
  const state = { connections: 0, heard: '' };
  const sockets = new Set<Socket>();
  const ask = (socket: Socket) => {
    socket.on('error', () => {});
    let hasAsked = false;
    socket.on('data', (chunk) => {
      state.heard += chunk.toString('latin1');
      if (hasAsked) socket.destroy();
      else socket.write(REQUESTS[asks]);
      hasAsked = true;
    });
  };
  const server = createServer((plain) => {
    state.connections += 1;
    sockets.add(plain);
    plain.on('error', () => {});
    plain.once('data', (chunk) => {
      if (chunk.toString('hex') !== SSL_REQUEST) {
        ask(plain);
        plain.emit('data', chunk);
        return;
      }
      plain.write('S');
      ask(new TLSSocket(plain, { isServer: true, cert: certificate.certificate, key: certificate.privateKey }));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    ca: certificate.certificate,
    get connections() {
      return state.connections;
    },
    get heard() {
      return state.heard;
    },
  };
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.from(`${type}\0\0\0\0`);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
