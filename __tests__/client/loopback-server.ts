import { once } from 'node:events';
import { createServer, type ListenOptions, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Listens on loopback, or there, until the test ends; then its connections end, too. @returns its port; 0 for a Unix socket */
export async function loopbackServer(
  onConnection: (socket: Socket) => void,
  at: ListenOptions = { host: '127.0.0.1', port: 0 },
): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {}).once('close', () => open.delete(socket));
    onConnection(socket);
  });
  server.listen(at);
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of open) socket.destroy();
  });
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}
