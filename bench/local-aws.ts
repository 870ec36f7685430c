/**
 * How fast the local AWS answers GetSecretValue beside moto_server, and whether many puts leave it as small as it was. Takes half
 * a minute. The first run installs `moto_server`, with pip.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { freePort } from '../harness/free-port.ts';
import { localAws } from '../local/local-aws.ts';
import { createSecret } from '../local/secrets-manager/create-secret.ts';
import { putSecretValue } from '../local/secrets-manager/put-secret-value.ts';
import { quantile } from './client/measure.ts';
import { machine } from './machine.ts';
import { motoServer } from './moto-server.ts';

const CONNECTIONS = 16;
/** What it takes until a server has compiled what it runs. */
const WARM_UP_REQUESTS = 2_000;
const MEASURED_MS = 4_000;
const credential = 'Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/secretsmanager/aws4_request';
const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`;
const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });

async function call(endpoint: string, action: string, input: object): Promise<void> {
  const sent = request(endpoint, {
    method: 'POST',
    agent,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `secretsmanager.${action}`,
      'x-amz-date': '20260101T000000Z',
      authorization,
    },
  });
  sent.end(JSON.stringify(input));
  const [response] = await once(sent, 'response');
  const body = await text(response);
  if (response.statusCode !== 200) throw new Error(`${action}: ${response.statusCode} ${body}`);
}

interface Figures {
  readonly 'requests/s': number;
  readonly 'p50 ms': number;
  readonly 'p99 ms': number;
  /** Of the server alone: what the reader and a busy machine change least. */
  readonly 'CPU ms/request': number;
}

/** One secret, read over so many connections at a time. */
async function reads(endpoint: string, processId = 0): Promise<Figures> {
  const Name = 's';
  await call(endpoint, 'CreateSecret', { Name, ClientRequestToken: randomUUID(), SecretString: '{"password":"x"}' });
  const took: number[] = [];
  const readWhile = (condition: () => boolean) => {
    const reader = async () => {
      while (condition()) {
        const started = performance.now();
        await call(endpoint, 'GetSecretValue', { SecretId: Name });
        took.push(performance.now() - started);
      }
    };
    return Promise.all(Array.from({ length: CONNECTIONS }, reader));
  };
  await readWhile(() => took.length < WARM_UP_REQUESTS);
  took.length = 0;
  const cpuBefore = cpuMilliseconds(processId);
  const begun = performance.now();
  await readWhile(() => performance.now() - begun < MEASURED_MS);
  return {
    'requests/s': Math.round(took.length / ((performance.now() - begun) / 1000)),
    'p50 ms': rounded(quantile(took, 0.5)),
    'p99 ms': rounded(quantile(took, 0.99)),
    'CPU ms/request': Math.round(((cpuMilliseconds(processId) - cpuBefore) / took.length) * 100) / 100,
  };
}

/** What a process has used so far, in steps of 10 ms. NaN but on Linux. */
function cpuMilliseconds(processId: number): number {
  try {
    const [, fields = ''] = readFileSync(`/proc/${processId}/stat`, 'utf8').split(/\) /);
    const [user, system] = fields.split(' ').slice(11, 13).map(Number);
    return ((user ?? Number.NaN) + (system ?? Number.NaN)) * 10;
  } catch {
    return Number.NaN;
  }
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Starts a server in a process of its own, measures it, and stops it. Undefined if it cannot be started. */
async function measured(command: string, args: readonly string[], port: number) {
  const server = spawn(command, args, { stdio: 'ignore' });
  const ended = once(server, 'close').catch(() => {});
  try {
    const endpoint = `http://127.0.0.1:${port}`;
    return (await isListening(endpoint, server)) ? await reads(endpoint, server.pid) : undefined;
  } finally {
    server.kill();
    await ended;
  }
}

async function isListening(endpoint: string, server: ChildProcess): Promise<boolean> {
  let hasFailed = false;
  server.once('error', () => {
    hasFailed = true;
  });
  for (let attempt = 0; attempt < 300 && !hasFailed && server.exitCode === null; attempt += 1) {
    if (await fetch(endpoint).then(Boolean, () => false)) return true;
    await sleep(100);
  }
  return false;
}

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

function heapMegabytes(): number {
  collectGarbage();
  return rounded(process.memoryUsage().heapUsed / 1024 ** 2);
}

/** Puts of 1 kB to one secret, within a day. */
async function memory(): Promise<Record<string, Record<string, number>>> {
  const { account, close } = await localAws();
  createSecret({ Name: 's', ClientRequestToken: randomUUID() }, account);
  const rows: Record<string, Record<string, number>> = {};
  for (let puts = 1; puts <= 5_000; puts += 1) {
    const SecretString = randomUUID().padEnd(1_000, 'x');
    putSecretValue({ SecretId: 's', ClientRequestToken: randomUUID(), SecretString }, account);
    if (puts % 1_000 === 0) {
      const versions = account.secrets.find('s')?.versions.size ?? Number.NaN;
      rows[`${puts} puts`] = { versions, 'heap MB': heapMegabytes() };
    }
  }
  await close();
  return rows;
}

console.log(`The local AWS\n${machine()}\n`);
console.log(`GetSecretValue over ${CONNECTIONS} connections, for ${MEASURED_MS / 1000} s`);
const [ours, theirs] = [await freePort(), await freePort()];
const local = ['--import', import.meta.resolve('tsx'), 'commands/rotaform.ts', 'local', '--port', String(ours)];
const command = motoServer();
const moto =
  command === undefined ? undefined : await measured(command, ['-H', '127.0.0.1', '-p', String(theirs)], theirs);
const rows = { 'local AWS': await measured(process.execPath, local, ours), moto_server: moto };
console.table(
  Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row ?? { missing: 'not installed' }])),
);
const own = rows['local AWS'];
if (own && moto) {
  const times = (more: number, less: number) => `${rounded(more / less)} times as`;
  console.log(
    `${times(own['requests/s'], moto['requests/s'])} many requests a second as moto_server, ` +
      `which takes ${times(moto['CPU ms/request'], own['CPU ms/request'])} much CPU for each`,
  );
}
console.log('\nMemory over puts to one secret');
console.table(await memory());
process.exit(0);
