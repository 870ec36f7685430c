import type { Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { Server } from '../../client/open-socket.ts';
import type { SelfSignedCertificate } from '../../harness/self-signed-certificate.ts';
import { loopbackServer } from './loopback-server.ts';

/** What a server has seen of its last connection. */
export interface Seen {
  readonly server: Server;
  request?: string;
  socket?: Socket;
  secured?: TLSSocket;
  isClosed?: boolean;
}

/** Answers the request for TLS with that, and goes on with TLS after an S; for direct negotiation it answers nothing. */
export async function tlsServer(
  answer: string,
  { certificate: cert, privateKey: key }: SelfSignedCertificate,
): Promise<Seen> {
  const tls = createTlsServer({ cert, key, ALPNProtocols: ['postgresql'] });
  tls.on('tlsClientError', () => {});
  tls.on('secureConnection', (secured) => {
    seen.secured = secured.on('error', () => {});
    secured.write('secured');
  });
  const seen: Seen = {
    server: {
      host: '127.0.0.1',
      port: await loopbackServer((socket) => {
        seen.socket = socket;
        socket.once('close', () => {
          seen.isClosed = true;
        });
        if (answer === '') return void tls.emit('connection', socket);
        socket.once('data', (request) => {
          seen.request = request.toString('hex');
          socket.write(answer);
          if (answer === 'S') tls.emit('connection', socket);
        });
      }),
    },
  };
  return seen;
}
