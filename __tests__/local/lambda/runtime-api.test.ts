import { request as httpRequest } from 'node:http';
import { describe, expect, it, type MockInstance, onTestFinished, vi } from 'vitest';
import { RuntimeApi } from '../../../local/lambda/runtime-api.ts';
import { type RawAnswer, rawRequest, requestText } from '../raw-request.ts';
import { handlerProcess } from './handler-process.ts';

const REQUEST_ID = '11111111-1111-1111-1111-111111111111';

/** A Runtime API whose process has asked for an event and has it, and what others send to it. */
async function busyApi() {
  const shown: MockInstance<typeof console.error> = vi.spyOn(console, 'error').mockImplementation(() => {});
  const api = new RuntimeApi();
  const address = await api.listen();
  onTestFinished(() => {
    api.close();
    shown.mockRestore();
  });
  const [hostAndPort = '', secret = ''] = address.split('/');
  const endpoint = `http://${hostAndPort}`;
  const asked = api.asked();
  const next = httpRequest(`http://${address}/2018-06-01/runtime/invocation/next`).on('error', () => {});
  next.end();
  await asked;
  api.give({ requestId: REQUEST_ID, functionArn: 'arn', payload: { secret: 's3cret' }, deadlineMs: 0 });
  const send = (line: string, headers: Record<string, string> = {}, body = ''): Promise<RawAnswer> =>
    rawRequest(endpoint, requestText(endpoint, line, headers, body));
  return { api, secret, send, shown };
}

const RUNTIME = '2018-06-01/runtime';

describe('the Runtime API', () => {
  it('has a path and a port that differ for each process, and that no page can guess', async () => {
    const addresses = [];
    for (let n = 0; n < 2; n += 1) {
      const api = new RuntimeApi();
      addresses.push(await api.listen());
      onTestFinished(() => api.close());
    }
    for (const address of addresses) expect(address).toMatch(/^127\.0\.0\.1:\d+\/[\w-]{22}$/);
    expect(new Set(addresses).size).toBe(2);
  });

  it.each([
    ['the next event', 'GET', 'invocation/next'],
    ['a result', 'POST', `invocation/${REQUEST_ID}/response`],
    ['an error', 'POST', `invocation/${REQUEST_ID}/error`],
    ['a failed start', 'POST', 'init/error'],
  ])('gives nothing and takes nothing without its secret path: %s', async (_what, method, path) => {
    const { api, send } = await busyApi();
    for (const prefix of ['', '/', '/guess', '/AAAAAAAAAAAAAAAAAAAAAA']) {
      const { status, text } = await send(
        `${method} ${prefix}/${RUNTIME}/${path}`,
        {},
        '{"errorType":"x","errorMessage":"y"}',
      );
      expect(status).toBe(404);
      expect(text).not.toContain('s3cret');
    }
    expect(api.posted).toBeUndefined();
  });

  it.each([
    ['Host', { host: 'evil.example' }],
    ['Origin', { origin: 'https://evil.example' }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a page by its %s even if it knows the path', async (reason, headers) => {
    const { api, secret, send, shown } = await busyApi();
    const { status } = await send(`POST /${secret}/${RUNTIME}/invocation/${REQUEST_ID}/response`, headers, '"forged"');
    expect(status).toBe(403);
    expect(api.posted).toBeUndefined();
    expect(shown).toHaveBeenCalledWith(expect.stringContaining(`its ${reason} is`));
  });

  it('takes a result only for the invocation in progress', async () => {
    const { api, secret, send } = await busyApi();
    expect(await send(`POST /${secret}/${RUNTIME}/invocation/other/response`, {}, '1')).toMatchObject({ status: 404 });
    expect(api.posted).toBeUndefined();
    const path = `/${secret}/${RUNTIME}/invocation/${REQUEST_ID}`;
    expect(await send(`POST ${path}/response`, {}, '{"a":')).toMatchObject({ status: 400 });
    expect(await send(`POST ${path}/error`, {}, '[]')).toMatchObject({ status: 400 });
    expect(api.posted).toBeUndefined();
    expect(await send(`POST ${path}/response`, {}, '{"a":1}')).toMatchObject({ status: 202 });
    expect(api.posted).toEqual({ payload: { a: 1 } });
  });
});

describe('what a function returns', () => {
  it('may not be larger than Lambda allows', async () => {
    const { invoke } = handlerProcess({ 'index.js': "exports.handler = async (n) => 'x'.repeat(n);" });
    expect(await invoke(6_291_554)).toHaveProperty('payload');
    expect(await invoke(6_291_555)).toEqual({
      failure: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
      },
    });
    expect(await invoke(1)).toEqual({ payload: 'x' });
  });
});
