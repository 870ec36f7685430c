import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { send } from '../../../lambda/issuers/send.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server on loopback. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

describe('A redirect', () => {
  it.each([301, 302, 303, 307, 308])('is not followed: %i', async (status) => {
    const asked: string[] = [];
    const elsewhere = await serve((request, response) => {
      asked.push(`${request.method} ${request.headers.authorization}`);
      response.end('{}');
    });
    const issuer = await serve((_, response) => response.writeHead(status, { location: `${elsewhere}/token` }).end());
    const url = `${issuer}/token`;
    const question = {
      url,
      body: new URLSearchParams({ client_secret: 'hunter2' }),
      authorization: 'Basic aHVudGVyMg==',
    };
    const answer = await send(new URL(url), question, {}, AbortSignal.timeout(5_000), { stage: 'to the host' });
    answer.resume();
    await once(answer, 'end');
    expect(answer.statusCode).toBe(status);
    expect(asked).toEqual([]);
  });
});
