import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll } from 'vitest';
import { blockWith } from './pages.ts';

const newKey = () => randomBytes(24).toString('base64url');

/** The service of the page: accounts, each with keys by their ids. */
const accounts: Map<string, string>[] = [];
const service = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const answer = (status: number, body: object) => response.writeHead(status).end(JSON.stringify(body));
  if (pathname === '/accounts') {
    const api_key = newKey();
    accounts.push(new Map([['first', api_key]]));
    return answer(200, { key_id: 'first', api_key });
  }
  const given = request.headers.authorization?.slice('Bearer '.length) ?? '';
  const keys = accounts.find((each) => [...each.values()].includes(given));
  if (keys === undefined) return answer(401, {});
  if (request.method === 'PUT') {
    const id = pathname.slice('/keys/'.length);
    keys.set(id, keys.get(id) ?? newKey());
    return answer(200, { key: keys.get(id) });
  }
  const kept = searchParams.get('except')?.split(',') ?? [...keys.keys()];
  for (const id of keys.keys()) if (!kept.includes(id)) keys.delete(id);
  return answer(200, {});
}).listen(0, '127.0.0.1');
await once(service, 'listening');

mkdirSync('dist', { recursive: true });
const folder = mkdtempSync(path.resolve('dist/docs-suite-'));
afterAll(() => {
  service.closeAllConnections();
  service.close();
  rmSync(folder, { recursive: true });
});

// The lines of docs/test-a-strategy.md, on the strategy that docs/custom-strategy.md shows.
const strategy = path.join(folder, 'api-key.ts');
writeFileSync(strategy, blockWith('docs/custom-strategy.md', 'ts', 'rotationHandler('));
const file = path.join(folder, 'lines.ts');
writeFileSync(
  file,
  blockWith('docs/test-a-strategy.md', 'ts', 'describeStrategy(')
    .replace('http://127.0.0.1:8080', `http://127.0.0.1:${(service.address() as AddressInfo).port}`)
    .replace("'rotation/api-key.ts'", JSON.stringify(strategy))
    // A few points of each kind: the example has few calls, and other strategies try all pairs.
    .replace("promise: 'overlap',", "promise: 'overlap', pairs: 10,"),
);
await import(file);
