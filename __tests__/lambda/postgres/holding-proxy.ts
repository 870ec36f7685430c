import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Stands before a server, passes bytes on as they are, and holds connections, as a network does that hangs. */
export interface HoldingProxy {
  readonly port: number;
  /** How many connections it holds. */
  readonly held: number;
  /** Connections are passed on from now on, so many; those that come then are held. */
  holdAfter(passed: number): void;
  /** Ends the connections that it holds; those that come then are treated so. */
  cut(next: 'pass' | 'hold' | 'refuse'): void;
  /** Passes on what comes from now on; what is held stays so. */
  pass(): void;
}

/** Closed when the test ends. */
export async function holdingProxy(server: { readonly port: number }): Promise<HoldingProxy> {
  const sockets = new Set<Socket>();
  let held: Socket[] = [];
  let left = Number.POSITIVE_INFINITY;
  let refuses = false;
  const proxy = createServer((client) => {
    sockets.add(client.on('error', () => {}));
    if (refuses) return void client.destroy();
    if (left <= 0) return void held.push(client);
    left -= 1;
    const upstream = connect(server.port, '127.0.0.1').on('error', () => client.destroy());
    sockets.add(upstream.on('close', () => client.destroy()));
    client.on('close', () => upstream.destroy()).pipe(upstream);
    upstream.pipe(client);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  const { port } = proxy.address() as AddressInfo;
  return {
    port,
    get held() {
      return held.length;
    },
    holdAfter(passed) {
      left = passed;
    },
    cut(next) {
      refuses = next === 'refuse';
      left = next === 'pass' ? Number.POSITIVE_INFINITY : 0;
      for (const socket of held) socket.destroy();
      held = [];
    },
    pass() {
      left = Number.POSITIVE_INFINITY;
    },
  };
}
