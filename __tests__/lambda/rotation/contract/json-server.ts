import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterAll } from 'vitest';

/** An HTTP status, and what goes with it. */
export type JsonAnswer = readonly [status: number, body: object];

/**
 * Serves many targets, each under a path of its own, from this process; it stops with the test file.
 * @returns what adds a target, and tells its URL
 */
export async function jsonServer() {
  const targets: ((body: object) => JsonAnswer | Promise<JsonAnswer>)[] = [];
  const server = createServer(async (request, response) => {
    try {
      const target = targets[Number(request.url?.slice(1))];
      const [status, body] = (await target?.((await json(request)) as object)) ?? [404, {}];
      response.writeHead(status).end(JSON.stringify(body));
    } catch {
      // The function was killed over it.
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return (target: (typeof targets)[number]): string => {
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/${targets.push(target) - 1}`;
  };
}
