import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusingWebPages } from '../../rules/web-page.ts';

/**
 * A small service with API keys, as many have it: any key that works may make others (`PUT /keys/ID`, the same key for
 * the same id), ask who it is (`GET /whoami`) and delete all but some (`DELETE /keys?except=ID,ID`).
 */
export async function keyService(first: { readonly id: string; readonly key: string }) {
  const keys = new Map([[first.id, first.key]]);
  const works = (key: string | undefined) => [...keys.values()].some((known) => `Bearer ${known}` === key);

  const answerKeys: RequestListener = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (!works(request.headers.authorization)) return answer(401, { error: 'unknown key' });
    if (request.method === 'GET' && pathname === '/whoami') return answer(200, { account: 'my-app' });
    if (request.method === 'PUT' && pathname.startsWith('/keys/')) {
      const id = pathname.slice('/keys/'.length);
      const key = keys.get(id) ?? randomBytes(24).toString('base64url');
      keys.set(id, key);
      return answer(200, { id, key });
    }
    if (request.method === 'DELETE' && pathname === '/keys') {
      const kept = searchParams.get('except')?.split(',') ?? [];
      for (const id of keys.keys()) if (!kept.includes(id)) keys.delete(id);
      return answer(200, { kept });
    }
    return answer(404, { error: 'not found' });
  };
  const server = createServer(refusingWebPages(answerKeys));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
