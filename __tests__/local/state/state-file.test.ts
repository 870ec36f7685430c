import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect, it, onTestFinished } from 'vitest';
import { putMetricAlarm } from '../../../local/cloudwatch/alarms.ts';
import { putRule, putTargets } from '../../../local/events/rules.ts';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { createTopic, subscribe } from '../../../local/sns/topics.ts';
import { createQueue } from '../../../local/sqs/queues.ts';
import { startInProcess } from '../../../testing/in-process-function.ts';
import { tsx } from '../../run-command.ts';
import { clientIn, rootKeys } from '../sdk-clients.ts';
import { rotationFunction, sdkClient, TRUST } from '../secrets-manager/running-account.ts';
import { SIGNED } from '../signed.ts';

/** A path in a new folder that is removed when the test ends. */
function newFile(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-state-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'state.json');
}

/** It is closed when the test ends, if it is not before. */
async function opened(stateFile: string): Promise<LocalAws> {
  const aws = await localAws({ stateFile, startFunction: startInProcess });
  onTestFinished(() => aws.close());
  return aws;
}

const readValue = async (aws: LocalAws, SecretId: string, VersionStage?: string, region?: string) =>
  (await clientIn(aws, region).send(new GetSecretValueCommand({ SecretId, VersionStage }))).SecretString;

const listNames = async (aws: LocalAws) =>
  (await clientIn(aws).send(new ListSecretsCommand({}))).SecretList?.map(({ Name }) => Name);

const reset = (aws: LocalAws, headers: Record<string, string>) =>
  fetch(`${aws.endpoint}/_local/reset`, { method: 'POST', headers });

it('a restart finds everything as it was: values, labels, dates, tags, replicas, roles and functions', async () => {
  const file = newFile();
  const before = await opened(file);
  const iamOf = ({ endpoint }: LocalAws) => {
    const iam = new IAMClient({ endpoint, region: 'us-east-1', credentials: rootKeys(), maxAttempts: 1 });
    onTestFinished(() => iam.destroy());
    return iam;
  };
  const client = clientIn(before);
  await iamOf(before).send(
    new CreateRoleCommand({ RoleName: 'reader', Path: '/team/', AssumeRolePolicyDocument: TRUST }),
  );
  const functionArn = await rotationFunction(
    { aws: before, client, call: () => Promise.reject(new Error('not called')) },
    'exports.handler = async () => "ran";',
  );
  await client.send(
    new CreateSecretCommand({
      Name: 'app/db',
      Description: 'of payments',
      SecretString: 'first',
      Tags: [{ Key: 'team', Value: 'web' }],
      AddReplicaRegions: [{ Region: 'eu-west-1' }],
    }),
  );
  await client.send(new PutSecretValueCommand({ SecretId: 'app/db', SecretString: 'second' }));
  await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary: Uint8Array.from([0, 255]) }));
  const described = async (aws: LocalAws) => {
    const { $metadata: _, ...rest } = await clientIn(aws).send(new DescribeSecretCommand({ SecretId: 'app/db' }));
    return rest;
  };
  const was = await described(before);
  await before.close();

  const after = await opened(file);
  expect(await described(after)).toEqual(was);
  expect(await readValue(after, 'app/db')).toBe('second');
  expect(await readValue(after, 'app/db', 'AWSPREVIOUS')).toBe('first');
  expect(await readValue(after, 'app/db', undefined, 'eu-west-1')).toBe('second');
  const { SecretBinary } = await clientIn(after).send(new GetSecretValueCommand({ SecretId: 'bytes' }));
  expect([...(SecretBinary ?? [])]).toEqual([0, 255]);
  expect((await iamOf(after).send(new GetRoleCommand({ RoleName: 'reader' }))).Role?.Arn).toBe(
    'arn:aws:iam::123456789012:role/team/reader',
  );
  expect(await invokeFunction(after.account, { functionArn, payload: {} })).toEqual({ payload: 'ran' });
  expect(statSync(file).mode & 0o077).toBe(0);
});

it('a restart finds alarms as they were, with the topic that they tell, and what follows a rotation', async () => {
  const file = newFile();
  const before = await opened(file);
  const TopicArn = 'arn:aws:sns:us-east-1:123456789012:team';
  const { account } = before;
  createTopic({ Name: 'team', Tags: [{ Key: 'team', Value: 'web' }] }, account);
  subscribe({ TopicArn, Protocol: 'email', Endpoint: 'team@example.com' }, account);
  putMetricAlarm(
    {
      ...{ AlarmName: 'late', Namespace: 'Rotaform', MetricName: 'DaysOverdue', Statistic: 'Maximum', Period: 86_400 },
      ...{ EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', AlarmActions: [TopicArn] },
    },
    account,
  );
  const point = { namespace: 'Rotaform', name: 'DaysOverdue', dimensions: {}, value: 3 };
  account.alarms.record({ ...point, atMs: account.clock.now().getTime() });
  createQueue({ QueueName: 'undelivered', Attributes: { MessageRetentionPeriod: '1209600' } }, account);
  account.queues.send('arn:aws:sqs:us-east-1:123456789012:undelivered', { message: 'kept' }, account);
  const pattern = JSON.stringify({ source: ['aws.secretsmanager'] });
  putRule({ Name: 'rotated', EventPattern: pattern, Tags: [{ Key: 'team', Value: 'web' }] }, account);
  putTargets({ Rule: 'rotated', Targets: [{ Id: 'one', Arn: TopicArn }] }, account);
  const all = ({ account: { alarms, topics, queues, eventRules } }: LocalAws) => ({
    alarms: alarms.all().map(({ settings, memory }) => ({ settings, memory })),
    topics: topics.all(),
    queues: queues.all(),
    rules: eventRules.all().map(({ matches: _, ...rule }) => rule),
  });
  const was = all(before);
  expect(was.alarms).toMatchObject([{ memory: { state: 'ALARM' } }]);
  await before.close();

  const after = await opened(file);
  expect(all(after)).toEqual(was);
  const told: string[] = [];
  after.account.events.on('notification', ({ message }) => told.push(message));
  // Nothing is new: nobody is told again, until it is over.
  await after.account.clock.advance({ minutes: 5 });
  expect(told).toEqual([]);
  after.account.eventRules.deliver({ source: 'other' }, after.account);
  await after.account.clock.advance({ days: 2 });
  expect(after.account.alarms.find('late')?.state).toBe('INSUFFICIENT_DATA');
});

it('a kill in the middle of a write loses nothing that was answered, and another process is kept out until then', async () => {
  const file = newFile();
  const args = ['local', '--port', '0', '--json', '--region', 'eu-central-1', '--state', file];
  const child = spawn(process.execPath, [...tsx('commands/rotaform.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  onTestFinished(() => void child.kill('SIGKILL'));
  const [line] = await once(createInterface(child.stdout), 'line');
  const { endpoint, environment } = JSON.parse(line);
  expect(environment).toMatchObject({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });

  await expect(localAws({ stateFile: file })).rejects.toThrow(
    `The state file ${file} is used by the process ${child.pid}. Stop that one, or name another file.`,
  );

  const client = sdkClient({ endpoint, account: { region: 'eu-central-1' }, environment } as LocalAws);
  onTestFinished(() => client.destroy());
  // So large that a write takes a while.
  const bulk = 'x'.repeat(60_000);
  await Promise.all(
    Array.from({ length: 30 }, (_, n) => client.send(new CreateSecretCommand({ Name: `s${n}`, SecretString: bulk }))),
  );
  const answered = new Map<string, string>();
  const puts = Array.from({ length: 30 }, async (_, n) => {
    const SecretString = randomUUID();
    await client.send(new PutSecretValueCommand({ SecretId: `s${n}`, SecretString }));
    answered.set(`s${n}`, SecretString);
  });
  const settled = Promise.allSettled(puts);
  while (answered.size === 0 || (!existsSync(`${file}.new`) && answered.size < 30)) await sleep(0);
  child.kill('SIGKILL');
  await Promise.all([settled, ended]);

  const after = await opened(file);
  expect(answered.size).toBeGreaterThan(0);
  for (const [SecretId, value] of answered) {
    expect(await readValue(after, SecretId, undefined, 'eu-central-1')).toBe(value);
  }
});

it.each([
  ['half-written', (whole: string) => whole.slice(0, whole.length / 2), 'It is not JSON.'],
  ['empty', () => '', 'It is not JSON.'],
  ['a list', () => '[]', 'It has the version undefined; expected 1.'],
  ['null', () => 'null', 'It has the version undefined; expected 1.'],
  ['of a later version', () => '{"version":2}', 'It has the version 2; expected 1.'],
  ['without accounts', () => '{"version":1}', 'A part of it is missing or not as expected: accounts.'],
  ['with an account that is none', () => '{"version":1,"accounts":[{}]}', 'A part of it is missing'],
  [
    'with a date that is none',
    (whole: string) => whole.replace(/"createdDate":"[^"]*"/, '"createdDate":"soon"'),
    'A part of it is missing',
  ],
  ['without the versions', (whole: string) => whole.replace('"versions":', '"other":'), 'A part of it is missing'],
])('a file that is %s is refused, not printed, and not changed', async (_what, spoiled, reason) => {
  const file = newFile();
  const before = await opened(file);
  await clientIn(before).send(new CreateSecretCommand({ Name: 'app/db', SecretString: 's3cret' }));
  await before.close();
  const text = spoiled(readFileSync(file, 'utf8'));
  writeFileSync(file, text);
  const refused = await localAws({ stateFile: file }).catch((error: Error) => error);
  expect(refused).toBeInstanceOf(Error);
  expect(String(refused)).toContain(
    `The file ${file} is not a state that this local AWS can take up. Move it away, or name another. ${reason}`,
  );
  expect(String(refused)).not.toContain('s3cret');
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect(existsSync(`${file}.lock`)).toBe(false);
});

it('a file that cannot be written or read is refused, with what to do', async () => {
  const file = newFile();
  writeFileSync(file, '');
  await expect(localAws({ stateFile: path.join(file, 'within') })).rejects.toThrow(
    `The state file ${path.join(file, 'within')} cannot be written (ENOTDIR). Name one in a folder of yours.`,
  );
  const missing = path.join(path.dirname(file), 'missing', 'state.json');
  await expect(localAws({ stateFile: missing })).rejects.toThrow(`${missing} cannot be written (ENOENT)`);
  await expect(localAws({ stateFile: path.dirname(file) })).rejects.toThrow(/cannot be read \(EISDIR\)/);
});

it('one file is for one local AWS at a time, and free when that one is closed', async () => {
  const file = newFile();
  const first = await opened(file);
  await clientIn(first).send(new CreateSecretCommand({ Name: 'of-the-first', SecretString: 'x' }));
  await expect(localAws({ stateFile: file })).rejects.toThrow(`is used by the process ${process.pid}.`);
  await first.close();
  const second = await opened(file);
  await clientIn(second).send(new CreateSecretCommand({ Name: 'of-the-second', SecretString: 'x' }));
  // Closed already: it writes nothing over what the second has.
  await first.save();
  await first.close();
  await second.close();
  expect(await listNames(await opened(file))).toEqual(['of-the-first', 'of-the-second']);
});

it.each([
  ['a process that has ended', '4194304999'],
  ['an earlier process with the id of one that runs', '1 0'],
  ['an earlier process with the same id, as in a container', String(process.pid)],
  ['a process that was killed before it wrote its id', ''],
])('the lock of %s is taken over', async (_whose, owner) => {
  const file = newFile();
  writeFileSync(`${file}.lock`, owner);
  await opened(file);
  expect(readFileSync(`${file}.lock`, 'utf8').split(' ')[0]).toBe(String(process.pid));
});

it('a lock of a process that runs is named, with what to do if it is another program', async () => {
  const file = newFile();
  writeFileSync(`${file}.lock`, '1');
  await expect(localAws({ stateFile: file })).rejects.toThrow(
    `is used by the process 1. Stop that one, or name another file. If that process is not a local AWS, remove ${file}.lock.`,
  );
});

it.each(['that is there', 'that nobody has written yet'])('a symbolic link to a file %s is that file', async (what) => {
  const file = newFile();
  const link = path.join(path.dirname(file), 'link.json');
  symlinkSync('state.json', link);
  if (what === 'that is there') await (await opened(file)).close();
  const first = await opened(link);
  await expect(localAws({ stateFile: file })).rejects.toThrow(`The state file ${file} is used by the process`);
  await clientIn(first).send(new CreateSecretCommand({ Name: 'app/db', SecretString: 'x' }));
  await first.close();
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(await listNames(await opened(file))).toEqual(['app/db']);
});

/** What is written of an account and of its secret, to be spoiled. */
interface Spoilable {
  id: string;
  region: string;
  secrets: Record<string, unknown>[];
}

it.each<[string, (accounts: Spoilable[], account: Spoilable, secret: Record<string, unknown>) => void]>([
  ['a replica without its primary secret', (_all, _account, secret) => void delete secret.content],
  ['a secret without a name', (_all, _account, secret) => void delete secret.name],
  ['a name that is a number', (_all, _account, secret) => void Object.assign(secret, { name: 5 })],
  ['the name of another secret', (_all, _account, secret) => void Object.assign(secret, { name: 'app/other' })],
  ['a secret twice', (_all, account, secret) => void account.secrets.push(secret)],
  ['an account twice', (all, account) => void all.push(account)],
  ['a region that is none', (_all, account) => void Object.assign(account, { region: '../x' })],
  ['an account that is none', (_all, account) => void Object.assign(account, { id: 'me' })],
  ['a secret of another region', (_all, account) => void Object.assign(account, { region: 'eu-west-1' })],
  ['an unknown part', (_all, _account, secret) => void Object.assign(secret, { color: 'red' })],
  ['a label twice', (_all, _account, secret) => twice(secret, 'stages')],
])('a state with %s is refused as a whole, and not changed', async (_what, spoil) => {
  const file = newFile();
  const before = await opened(file);
  await clientIn(before).send(new CreateSecretCommand({ Name: 'app/db', SecretString: 's3cret' }));
  await before.close();
  const state = JSON.parse(readFileSync(file, 'utf8'));
  spoil(state.accounts, state.accounts[0], state.accounts[0].secrets[0]);
  const text = JSON.stringify(state);
  writeFileSync(file, text);
  const refusal = String(await localAws({ stateFile: file }).catch((error: Error) => error));
  expect(refusal).toMatch(
    /Move it away, or name another\. A part of it is missing or not as expected: accounts[\w.]*\.$/,
  );
  expect(refusal).not.toContain('s3cret');
  expect(readFileSync(file, 'utf8')).toBe(text);
});

function twice(secret: Record<string, unknown>, part: string): void {
  const list: unknown[] = Object(secret.content)[part];
  list.push(list[0]);
}

it('POST /_local/reset empties every account and region, in the file too', async () => {
  const file = newFile();
  const before = await opened(file);
  for (const region of ['us-east-1', 'eu-west-1']) {
    await clientIn(before, region).send(new CreateSecretCommand({ Name: 'app/db', SecretString: 's3cret' }));
  }
  await clientIn(before, 'us-east-1', rootKeys('210987654321')).send(new CreateSecretCommand({ Name: 'theirs' }));
  expect((await reset(before, {})).status).toBe(403);
  expect((await reset(before, { ...SIGNED, origin: 'https://evil.example' })).status).toBe(403);
  expect(await listNames(before)).toEqual(['app/db']);

  expect((await reset(before, SIGNED)).status).toBe(204);
  expect(readFileSync(file, 'utf8')).not.toContain('s3cret');
  for (const aws of [before, await reopened(before, file)]) {
    if (aws !== before) expect(await listNames(aws)).toEqual([]);
    expect(
      aws.accounts().flatMap(({ secrets, functions, roles }) => [...secrets.all(), ...functions.all(), ...roles.all()]),
    ).toEqual([]);
  }
});

async function reopened(before: LocalAws, file: string): Promise<LocalAws> {
  await before.close();
  return opened(file);
}
