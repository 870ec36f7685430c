/** A Secrets Manager with one secret, in a process of its own: answers after 5 ms, or as badly as it is told to. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { refusingWebPages } from '../../rules/web-page.ts';

export type Mood = 'well' | 'errors' | 'throttling' | 'hangs';
export type Order = { readonly mood: Mood } | { readonly count: true };
export type Report = { readonly port: number } | { readonly calls: number };

const SECRET = JSON.stringify({ username: 'app', password: 'bench' });
const ANSWERS = {
  well: [200, { Name: 'db', VersionId: 'v1', SecretString: SECRET, VersionStages: ['AWSCURRENT'] }],
  errors: [500, { __type: 'InternalServiceError', Message: 'An error occurred on the server side.' }],
  throttling: [400, { __type: 'ThrottlingException', Message: 'Rate exceeded' }],
} as const;

let mood: Mood = 'well';
let calls = 0;

const answer: RequestListener = async (request, response) => {
  request.resume();
  calls += 1;
  if (mood === 'hangs') return;
  const [status, body] = ANSWERS[mood];
  await sleep(5);
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
  response.end(JSON.stringify(body));
};
const server = createServer(refusingWebPages(answer));

const report = (message: Report) => process.send?.(message);
server.listen(0, '127.0.0.1', () => report({ port: (server.address() as AddressInfo).port }));
process.on('message', (order: Order) => {
  if ('mood' in order) mood = order.mood;
  else report({ calls });
  calls = 0;
});
