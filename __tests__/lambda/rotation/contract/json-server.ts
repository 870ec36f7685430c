import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** An HTTP status, and what goes with it. */
export type JsonAnswer = readonly [status: number, body: object];

/** Serves a target under a path of its own. @returns its URL */
export type Serve = (target: (request: object) => JsonAnswer | Promise<JsonAnswer>) => string;

/** One server in this process for any number of targets. */
export async function jsonServer(): Promise<{ origin: string; serve: Serve; close(): void }> {
  const targets: Parameters<Serve>[0][] = [];
  const server = createServer(async (request, response) => {
    try {
      const target = targets[Number(request.url?.slice(1))];
      const [status, body] = (await target?.((await json(request)) as object)) ?? [404, {}];
      response.writeHead(status).end(JSON.stringify(body));
    } catch (error) {
      const { status } = error as { status?: number };
      if (status !== undefined) response.writeHead(status).end('{}');
      // The function was killed over it.
      else response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    serve: (target) => `${origin}/${targets.push(target) - 1}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
