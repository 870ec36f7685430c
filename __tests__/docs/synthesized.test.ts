import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { RotatedSecret, Rotation, RotationAlarms, Schedule, SecretsManagerEndpoint } from '../../constructs/index.ts';
import { blocksOf as resourcesOf, type StackJson } from '../constructs/stack-json.ts';
import { synthesize } from '../constructs/synthesize.ts';
import { blockWith, codesIn, readPage, tableOf } from './pages.ts';

const moduleText = (name: string) =>
  readdirSync(`modules/${name}`)
    .filter((file) => file.endsWith('.tf'))
    .map((file) => readFileSync(`modules/${name}/${file}`, 'utf8'))
    .join('\n');

/** The addresses of the resources, without the hash at their end. */
const addressesOf = ({ resource }: StackJson) =>
  Object.entries(resource).flatMap(([type, blocks]) =>
    Object.keys(blocks).map((name) => `${type}.${name.replace(/_[0-9A-F]{8}$/, '')}`),
  );

it('docs/terraform-module.md moves each resource of a secret to one that the module has', () => {
  const stack = synthesize((each) => {
    const subnetIds = ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'];
    const secretsManagerEndpoint = new SecretsManagerEndpoint(each, 'endpoint', { subnetIds });
    const { rotationFunction } = new RotatedSecret(each, 'db', {
      name: 'my-app/db',
      rotation: Rotation.postgres({ strategy: 'single-user', network: { subnetIds, secretsManagerEndpoint } }),
      initial: { username: 'app', host: 'db.internal' },
      schedule: Schedule.cron('0 3 ? * SUN *', { windowHours: 1 }),
      refreshEveryMinutes: 30,
      resourcePolicy:
        '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"secretsmanager:DeleteSecret","Resource":"*"}]}',
      functionOptions: {
        codeSigning: {
          configArn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0123456789abcdef0',
          profileName: 'team',
          bucketName: 'team-code',
        },
      },
    });
    expect(rotationFunction).toBeDefined();
  });
  const rows = tableOf('docs/terraform-module.md', /^in the stack$/).map((row) =>
    row.map((cell) => codesIn(cell)[0] ?? ''),
  );
  const addresses = addressesOf(stack).filter((address) => address.includes('.db_'));
  const rowOf = (address: string) =>
    rows.find(([from = '']) => new RegExp(`^${from.replace('_…', '(_\\d+)?')}$`).test(address));
  expect(addresses.filter((address) => rowOf(address) === undefined)).toEqual([]);
  expect(rows.filter((row) => !addresses.some((address) => rowOf(address) === row))).toEqual([]);
  for (const [, to = ''] of rows) {
    const [, inner = '', type = '', name = ''] =
      /^module\.db\.(?:module\.(\w+)(?:\[0\])?\.)?(aws_\w+)\.(\w+)(?:\[.*\])?$/.exec(to) ?? [];
    expect(moduleText(inner === '' ? 'postgres' : inner), to).toContain(`resource "${type}" "${name}" {`);
  }
});

it('docs/alarms.md names each alarm, and says which of them also tell that it is over', () => {
  const stack = synthesize((each) => {
    new RotatedSecret(each, 'db', {
      name: 'my-app/db',
      rotation: Rotation.password(),
      schedule: Schedule.rate({ days: 30 }),
    });
    new RotationAlarms(each, 'alarms', { name: 'NAME', email: 'team@example.com' });
  });
  const alarms = resourcesOf(stack, 'aws_cloudwatch_metric_alarm');
  const named = tableOf('docs/alarms.md', /^alarm$/).flatMap(([cell = '']) => codesIn(cell)[0] ?? []);
  const functions = ['rotate-my-app-db', 'NAME-overdue'];
  const expected = named.flatMap((name) =>
    name.startsWith('FUNCTION') ? functions.map((each) => name.replace('FUNCTION', each)) : name,
  );
  const nameOf = ({ alarm_name }: Readonly<Record<string, unknown>>) =>
    // The function's own name is a reference.
    String(alarm_name).replace(/^\$\{aws_lambda_function\.(\w+?)_[0-9A-F]{8}\.\w+\}/, (_, id: string) =>
      id.startsWith('db_') ? 'rotate-my-app-db' : 'NAME-overdue',
    );
  expect(alarms.map(nameOf).sort()).toEqual(expected.sort());
  expect(
    alarms
      .filter(({ ok_actions }) => ok_actions !== undefined)
      .map(nameOf)
      .sort(),
  ).toEqual(named.filter((name) => name.startsWith('NAME-')).sort());
});

it('docs/alarms.md gives a topic of your own the statement that one of ours has', () => {
  const stack = synthesize((each) => {
    new RotationAlarms(each, 'alarms', { name: 'NAME', email: 'team@example.com', secretNamePrefix: 'my-app/' });
  });
  const { Action, Principal, Condition } = JSON.parse(blockWith('docs/alarms.md', 'json', 'my-topic'));
  const ours =
    JSON.stringify(resourcesOf(stack, 'aws_sns_topic_policy')) +
    JSON.stringify(resourcesOf(stack, 'aws_iam_policy_document'));
  for (const text of [Action, ...Principal.Service, ...Object.keys(Condition.StringEquals)])
    expect(ours).toContain(text);
});

it('docs/google.md shows the fields that are stored', () => {
  const stored = Object.keys(JSON.parse(blockWith('docs/google.md', 'json', 'issued_at')));
  const [, fields = ''] =
    /pending: stringFields\(field, (.*)\)/.exec(readFileSync('lambda/google-access-token.ts', 'utf8')) ?? [];
  expect(stored.slice(1)).toEqual([...fields.matchAll(/'(\w+)'/g)].map(([, name]) => name));
  expect(readFileSync('rules/google-access-token.ts', 'utf8')).toContain(`'${stored[0]}'`);
});

it('docs/fleet.md draws the hours that spread gives', () => {
  const lines = [...readPage('docs/fleet.md').matchAll(/^ +(tenants\/\w+) .*?(\d\d):00–(\d\d):00/gm)];
  expect(lines.length).toBeGreaterThan(2);
  for (const [, name = '', opens, closes] of lines) {
    const [window] = Schedule.cron('0 0 ? * SUN *', { windowHours: 6 }).spread(name).next(1);
    expect([name, window?.opens.getUTCHours(), window?.closes.getUTCHours()]).toEqual([
      name,
      Number(opens),
      Number(closes),
    ]);
  }
});
