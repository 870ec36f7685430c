import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { inThisProcess } from './in-this-process.ts';

// Ten seconds in truth.
vi.mock('../../commands/answers-within.ts', () => ({
  ANSWERS_WITHIN: { requestHandler: { connectionTimeout: 200, requestTimeout: 200, throwOnRequestTimeout: true } },
}));

it.each([
  ['rotate', 'my-app/db'],
  ['status', 'my-app/'],
  ['preflight', 'my-app/db'],
])('%s ends with a line if AWS takes connections and never answers', async (command, name) => {
  const server = createServer((socket) => socket.resume().on('error', () => {})).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { exitCode, stderr } = await inThisProcess([command, name], {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_MAX_ATTEMPTS: '1',
  });
  expect(exitCode).not.toBe(0);
  expect(stderr).toMatch(/^Nothing was (checked|rotated)\. http:\/\/127\.0\.0\.1:\d+ does not answer \(ETIMEDOUT\)\./);
});
