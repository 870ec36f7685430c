import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { keyService } from '../../examples/custom-strategy/key-service.ts';
import { GoogleStandIn } from '../../examples/google-calendar/stand-in/google-stand-in.ts';
import { ordersService } from '../../examples/service-token/orders-service.ts';
import { standInIssuer } from '../../examples/service-token/stand-in-issuer.ts';
import { rawRequest, requestText } from '../local/raw-request.ts';

/** Starts each server that the examples, their shows and the benches start. */
const SERVERS: Readonly<Record<string, () => Promise<{ url: string; close(): Promise<void> }>>> = {
  'the key service': () => keyService({ id: 'first', key: 'key' }),
  'the orders service': () => ordersService(() => Promise.reject(new Error('no token'))),
  'the stand-in for Auth0': () =>
    standInIssuer({ audience: 'a', client: { client_id: 'c', client_secret: 's' }, lifetimeSeconds: 60 }),
  'the stand-in for Google': () => GoogleStandIn.start(),
  'the endpoint of a bench': benchEndpoint,
};

async function benchEndpoint() {
  const file = fileURLToPath(new URL('../../bench/client/endpoint.ts', import.meta.url));
  const child = fork(file, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  const [{ port }] = await once(child, 'message');
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      child.kill();
      await once(child, 'close');
    },
  };
}

describe('every HTTP server outside the tests', () => {
  it('is listed here, or is the local AWS', () => {
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const folders = [
      'bench',
      'client',
      'commands',
      'constructs',
      'examples',
      'harness',
      'lambda',
      'local',
      'rules',
      'testing',
    ];
    const starting = folders
      .flatMap((folder) =>
        readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
      )
      // What init writes is text there: stand-ins in the user's own repository, which ask for a credential of their own.
      .filter((file) => /\.[cm]?[jt]s$/.test(file) && !file.startsWith('commands/init/targets/'))
      .filter((file) => /\bcreateServer\b[^;]*from 'node:https?'/.test(readFileSync(root + file, 'utf8')));
    const guarded = starting.filter((file) => /refusingWebPages\(/.test(readFileSync(root + file, 'utf8')));
    // The local AWS has a rule more, in local/admit-request.ts.
    expect(starting.filter((file) => !guarded.includes(file))).toEqual(['local/http-server.ts']);
    expect(guarded).toHaveLength(Object.keys(SERVERS).length + 1);
  });
});

describe.each(Object.entries(SERVERS))('%s', (_name, start) => {
  const shown = vi.spyOn(console, 'error');
  let server: { url: string; close(): Promise<void> };

  beforeAll(async () => {
    shown.mockImplementation(() => {});
    server = await start();
  });
  afterAll(async () => {
    await server.close();
    shown.mockRestore();
  });

  it.each([
    ['Host', { host: 'evil.example' }],
    ['Origin', { origin: 'https://evil.example' }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a web page by its %s', async (reason, headers) => {
    for (const line of ['GET /', 'POST /token', 'PUT /keys/x']) {
      const { status, text } = await rawRequest(server.url, requestText(server.url, line, headers));
      expect(status).toBe(403);
      expect(text).toContain(`its ${reason} is`);
    }
  });

  it('answers a program', async () => {
    const { status } = await rawRequest(server.url, requestText(server.url, 'GET /nowhere'));
    expect(status).not.toBe(403);
    expect(status).toBeGreaterThan(0);
  });
});
