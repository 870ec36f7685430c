/**
 * What reading a secret costs, and what a rotation and an outage do to an application: the cache of `rotaform-client` beside what
 * applications read secrets with today. All of it runs on this machine; takes some six minutes.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { secretsCache } from '../client/index.ts';
import type { Mood } from './client/endpoint.ts';
import { awaitedNanoseconds, nanoseconds, quantile, readSteadily } from './client/measure.ts';
import { type Peer, peers, type Read } from './client/peers.ts';
import {
  connectRotating,
  connectWith,
  type RotationOutcome,
  rotatePostgres,
  type Users,
} from './client/rotate-postgres.ts';
import { startEndpoint } from './client/start-endpoint.ts';
import { machine } from './machine.ts';

/** The p99 of 240 connections is that of the third slowest: on two cores, chance decides it. */
const ROTATIONS = 4;

const versions = [
  '@aws-lambda-powertools/parameters',
  '@middy/secrets-manager',
  '@aws-sdk/client-secrets-manager',
  'pg',
]
  .map((name) => [name, JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version])
  .map((each) => each.join(' '));
console.log(`Reading a secret\n${machine()}\n${versions.join(', ')}`);

const endpoint = await startEndpoint();
// middy reads again by a timer and leaves its failure to nobody, which would end this process as it does an application.
let unhandled = 0;
process.on('unhandledRejection', () => {
  unhandled += 1;
});
const missed: string[] = [];
const all = Object.entries<Peer>(peers);

/** Prints figures by reader, and how many times ours each of them is. */
function print(title: string, target: string, rows: Record<string, Record<string, number>>, ratioOf: string): void {
  const ours = rows.rotaform?.[ratioOf] ?? Number.NaN;
  console.log(`\n${title} (target: ${target})`);
  console.table(
    Object.fromEntries(
      Object.entries(rows).map(([name, row]) => [
        name,
        { ...rounded(row), [`× ours (${ratioOf})`]: times(row[ratioOf], ours) },
      ]),
    ),
  );
}

function rounded(row: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, Math.round(value * 100) / 100]));
}

function times(value = Number.NaN, ours = Number.NaN): string {
  return ours === 0 || Number.isNaN(value) ? '' : (value / ours).toFixed(1);
}

function expectOurs(title: string, holds: boolean): void {
  if (!holds) missed.push(title);
}

async function hits() {
  const count = 1_000_000;
  const value = { username: 'app', password: 'bench' };
  const map = new Map([['db', value]]);
  const promise = Promise.resolve(value);
  const secret = secretsCache({ client: endpoint.client() }).secret('db');
  await secret.get();
  const readers: [string, Read][] = [
    ['ideal Map', () => promise],
    ...all.map(([name, peer]): [string, Read] => [name, peer(endpoint.client(), 300)]),
  ];
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, read] of readers) {
    const reads = name === 'middy' ? count / 20 : count;
    await awaitedNanoseconds(reads / 10, read);
    rows[name] = { awaited: await awaitedNanoseconds(reads, read) };
  }
  const sync = { 'ideal Map': () => map.get('db'), rotaform: () => secret.peek() };
  for (const [name, run] of Object.entries(sync)) {
    nanoseconds(count, run);
    rows[name] = { ...rows[name], sync: nanoseconds(count * 10, run) };
  }
  rows['the clock alone'] = { sync: nanoseconds(count * 10, Date.now) };
  print('Nanoseconds per hit', 'at most 50 sync, 170 awaited', rows, 'awaited');
}

async function coldReads() {
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, peer] of all) {
    const read = peer(endpoint.client(), 300);
    await endpoint.calls();
    await Promise.all(Array.from({ length: 1_000 }, read));
    rows[name] = { calls: await endpoint.calls() };
  }
  print('API calls for 1,000 concurrent cold reads', '1', rows, 'calls');
  expectOurs('one call for 1,000 cold reads', rows.rotaform?.calls === 1);
}

async function expiry() {
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, peer] of all) {
    const read = peer(endpoint.client(), 1);
    await read();
    await endpoint.calls();
    const { reads, failed, unfinished, p999 } = await readSteadily(read, 5_000, 1.5);
    rows[name] = { reads, failed, unfinished, 'p99.9 ms': p999, calls: await endpoint.calls() };
  }
  print('One expiry at 5,000 reads a second', '1 call, p99.9 below 1 ms', rows, 'calls');
  expectOurs('one call for one expiry', rows.rotaform?.calls === 1 && rows.rotaform.failed === 0);
}

async function outage(mood: Mood) {
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, peer] of all) {
    const read = peer(endpoint.client(), 1);
    await read();
    endpoint.become(mood);
    const { reads, failed, unfinished } = await readSteadily(read, 200, 3);
    endpoint.become('well');
    rows[name] = { reads, failed, unfinished, 'recovers after s': await recovery(read) };
  }
  print(`An outage of three seconds: ${mood}`, '0 failed, 0 unfinished, recovers by itself', rows, 'failed');
  expectOurs(
    `no failed read while the endpoint ${mood}`,
    rows.rotaform?.failed === 0 && rows.rotaform.unfinished === 0,
  );
}

/** How long until a read is answered; Infinity where none is within five seconds. */
async function recovery(read: Read): Promise<number> {
  const started = performance.now();
  while (performance.now() - started < 5_000) {
    const isAnswered = await Promise.race([
      read().then(
        () => true,
        () => false,
      ),
      sleep(500, false),
    ]);
    if (isAnswered) return (performance.now() - started) / 1000;
    await sleep(50);
  }
  return Number.POSITIVE_INFINITY;
}

async function rotation(users: Users) {
  const readers = {
    rotaform: connectRotating,
    'tutorial, 300 s': connectWith(peers.tutorial, 300),
    'powertools, 5 s': connectWith(peers.powertools, 5),
    'middy, for ever': connectWith(peers.middy, 86_400),
  };
  const rows: Record<string, Record<string, number>> = {};
  for (const [name, connecting] of Object.entries(readers)) {
    const outcomes: RotationOutcome[] = [];
    for (let round = 0; round < ROTATIONS; round += 1) outcomes.push(await rotatePostgres(users, connecting));
    const most = (count: 'failed' | 'refused' | 'calls') => Math.max(...outcomes.map((outcome) => outcome[count]));
    const p99 = quantile(
      outcomes.flatMap(({ ms }) => ms),
      0.99,
    );
    const p99Static = quantile(
      outcomes.flatMap(({ msStatic }) => msStatic),
      0.99,
    );
    const ratio = { 'p99 ms': p99, 'of a static login': p99Static, 'p99 × static': p99 / p99Static };
    rows[name] = { failed: most('failed'), refused: most('refused'), ...ratio, calls: most('calls') };
  }
  print(
    `240 new PostgreSQL connections over each of ${ROTATIONS} rotations with a window of 3 s, the most of one, ${users}`,
    '0 failed, 1 refused, p99 × static at most 1.2',
    rows,
    'p99 ms',
  );
  expectOurs(`no failed connection, ${users}`, rows.rotaform?.failed === 0);
}

await hits();
await coldReads();
await expiry();
for (const mood of ['errors', 'throttling', 'hangs'] as const) await outage(mood);
endpoint.stop();
console.log(`Rejections that nobody handled, from middy's timer: ${unhandled}`);
for (const users of ['single user', 'alternating users'] as const) await rotation(users);

for (const title of missed) console.error(`missed: ${title}`);
// What still hangs from the outages keeps nobody waiting.
process.exit(missed.length > 0 ? 1 : 0);
