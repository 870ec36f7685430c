import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ConnectProxyOptions {
  /** Where every connection leads, whatever host it is for: a port of this machine. */
  readonly port: () => number;
  /** Answers with this status in place of a connection. @default 200 */
  status?: number;
  /** What it says itself once it has let through. @default nothing */
  banner?: string;
}

/** An HTTP proxy on this machine that speaks CONNECT alone. */
export async function connectProxy(options: ConnectProxyOptions) {
  /** Whom it was asked to connect to, and by whom. */
  const asked: { readonly authority: string | undefined; readonly userAgent: string | undefined }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connect', ({ url, headers }: IncomingMessage, client: Socket, head: Buffer) => {
    asked.push({ authority: url, userAgent: headers['user-agent'] });
    const { status = 200, banner = '' } = options;
    if (status >= 300) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const target = connect(options.port(), '127.0.0.1', () => {
      client.write(`HTTP/1.1 ${status} Connection established\r\n\r\n${banner}`);
      target.write(head);
      client.pipe(target).pipe(client);
    });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
