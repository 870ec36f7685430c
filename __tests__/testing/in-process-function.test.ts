import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { FunctionProcess } from '../../local/lambda/function-process.ts';
import { InProcessFunction } from '../../testing/in-process-function.ts';

/** A busy machine is no reason to fail. */
const PATIENCE = { timeout: 30_000 };
const environment = { _HANDLER: 'index.handler', AWS_LAMBDA_FUNCTION_NAME: 'rotate', COLOR: 'red' };

/** One request of each kind of client that a function may have. */
const requests = {
  'node:http': `new Promise((resolve, reject) => require('node:http').get(url, resolve).on('error', reject))`,
  'node:net': `new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const socket = new (require('node:net').Socket)();
    socket.resume().on('error', reject).on('close', resolve).connect({ host: hostname, port });
    socket.write('GET /net HTTP/1.1\\r\\nHost: x\\r\\nConnection: close\\r\\n\\r\\n');
  })`,
  fetch: 'fetch(url)',
};

describe.each([
  ['in its own process', FunctionProcess],
  ['in this process', InProcessFunction],
])('A function that runs %s', (_, Running) => {
  function start(code: string, timeoutSeconds = 5) {
    const codeFolder = mkdtempSync(path.join(tmpdir(), 'rotaform-function-'));
    writeFileSync(path.join(codeFolder, 'index.js'), code);
    const lines: string[] = [];
    const onLine = (line: string) => void lines.push(line);
    const started = new Running({ functionArn: 'arn:rotate', timeoutSeconds, codeFolder, environment, onLine });
    onTestFinished(async () => {
      await started.stop();
      rmSync(codeFolder, { recursive: true });
    });
    const invoke = (payload: unknown) => started.invoke({ requestId: 'R', payload });
    return { started, invoke, lines };
  }

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  it('answers, stays warm, and starts fresh in the next one', async () => {
    const code =
      'let count = 0; exports.handler = async (event) => ({ ...event, count: (count += 1), none: undefined });';
    const first = start(code);
    expect(await first.invoke({ a: 1 })).toEqual({ payload: { a: 1, count: 1 } });
    expect(await first.invoke({})).toEqual({ payload: { count: 2 } });
    expect(await start(code).invoke({})).toEqual({ payload: { count: 1 } });
    expect(await start('exports.handler = () => {};').invoke({})).toEqual({ payload: null });
  });

  it('has its own environment and context', async () => {
    const { invoke } = start(`exports.handler = async (_event, context) => ({
      ...context,
      color: process.env.COLOR,
      path: process.env.PATH,
      remains: context.getRemainingTimeInMillis() > 4000,
    });`);
    expect(await invoke({})).toEqual({
      payload: {
        functionName: 'rotate',
        invokedFunctionArn: 'arn:rotate',
        awsRequestId: 'R',
        color: 'red',
        remains: true,
      },
    });
  });

  it('passes on its output, line by line', async () => {
    const { invoke, lines } = start(`exports.handler = () => {
      console.log('one\\ntwo', { three: 3 });
      console.error('four');
      process.stdout.write('five\\n');
      process.stderr.write('six\\n');
    };`);
    await invoke({});
    await vi.waitFor(
      () => expect(lines.toSorted()).toEqual(['five', 'four', 'one', 'six', 'two { three: 3 }']),
      PATIENCE,
    );
  });

  it('fails with the name and the message of an error, logs both, and keeps running', async () => {
    const { started, invoke, lines } = start(`let isLater = false; exports.handler = async () => {
      if (isLater) return 'later';
      isLater = true;
      throw new RangeError('too far');
    };`);
    expect(await invoke({})).toEqual({ failure: { errorType: 'RangeError', errorMessage: 'too far' } });
    await vi.waitFor(
      () => expect(lines).toEqual([expect.stringMatching(/^Invoke Error\t\{.*"too far".*"trace":/)]),
      PATIENCE,
    );
    expect(await invoke({})).toEqual({ payload: 'later' });
    expect(started.isIdle).toBe(true);
  });

  it('is killed at its timeout', async () => {
    const { started, invoke } = start('exports.handler = () => new Promise(() => setInterval(() => {}, 1_000));', 1);
    const errorMessage = 'RequestId: R Error: Task timed out after 1.00 seconds';
    expect(await invoke({})).toEqual({ failure: { errorType: 'Sandbox.Timedout', errorMessage } });
    expect(started.isStopped).toBe(true);
  });

  it('finishes its event, and takes no other, when it is retired', async () => {
    const { started, invoke } = start(
      'exports.handler = () => new Promise((done) => setTimeout(() => done("done"), 50));',
    );
    const handling = invoke({});
    const retired = started.retire();
    expect(started.isIdle).toBe(false);
    expect(await handling).toEqual({ payload: 'done' });
    await retired;
    expect(started.isStopped).toBe(true);
  });

  it.each(Object.entries(requests))(
    'that is killed while it asks by %s is not heard of again',
    async (_by, request) => {
      const asked: string[] = [];
      const closed = vi.fn();
      const url = await serve(({ url: path = '', socket }) => {
        asked.push(path);
        socket.once('close', closed);
        if (asked.length === 1) started.stop();
      });
      const { started, invoke, lines } = start(`exports.handler = async ({ url }) => {
      const ask = (url) => ${request};
      await ask(url).catch(() => {});
      await ask(url + 'again').catch(() => {});
      console.log('still here');
    };`);
      const errorMessage = 'RequestId: R Error: Runtime exited with error: signal: killed';
      expect(await invoke({ url })).toEqual({ failure: { errorType: 'Runtime.ExitError', errorMessage } });
      await vi.waitFor(() => expect(closed).toHaveBeenCalled(), PATIENCE);
      await sleep(50);
      expect([asked.length, lines]).toEqual([1, []]);
    },
  );

  it.each(Object.entries(requests))('loses no connection by %s when another one is killed', async (_by, request) => {
    let release: (() => void) | undefined;
    const url = await serve((_request, response) => {
      if (release === undefined) release = () => response.end('late');
      else response.end('at once');
    });
    const code = `exports.handler = async ({ url }) => { await ${request}; return 'answered'; };`;
    const [slow, other] = [start(code), start(code)];
    const answered = slow.invoke({ url });
    await vi.waitFor(() => expect(release).toBeDefined(), PATIENCE);
    expect(await other.invoke({ url })).toEqual({ payload: 'answered' });
    await other.started.stop();
    release?.();
    expect(await answered).toEqual({ payload: 'answered' });
  });
});
