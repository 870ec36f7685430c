import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A stand-in for a proxy that ends connections without a word. Until the test ends.
 *
 * @param ends whether a connection is ended after its client has sent that; at first it has sent nothing
 */
export async function closingProxy(behind: NetConnectOpts, ends: (sent: Buffer) => boolean) {
  let connections = 0;
  const proxy = createServer((client) => {
    connections += 1;
    client.on('error', () => {});
    if (ends(Buffer.alloc(0))) return void client.end();
    const server = connect(behind).on('error', () => {});
    client.on('data', (sent) => {
      if (!ends(sent)) return void server.write(sent);
      server.destroy();
      client.end();
    });
    client.on('close', () => server.destroy());
    server.pipe(client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => void proxy.close());
  const { port } = proxy.address() as AddressInfo;
  return { host: '127.0.0.1' as const, port, connections: () => connections };
}
