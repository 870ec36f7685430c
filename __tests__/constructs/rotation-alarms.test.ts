import type { TerraformStack } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  RotatedSecret,
  Rotation,
  RotationAlarms,
  RotationFunction,
  Schedule,
  workloadIdentity,
} from '../../constructs/index.ts';
import type { AccountEvents } from '../../local/account-events.ts';
import { invokeFunction } from '../../local/lambda/invoke-function.ts';
import { cancelRotateSecret } from '../../local/secrets-manager/cancel-rotate-secret.ts';
import { runningAccount } from '../local/secrets-manager/running-account.ts';
import { deployStack } from './deploy-stack.ts';
import { refusal } from './refusal.ts';
import { blocksOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const NAME = 'my-app/db';
const password = { name: NAME, rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const EMAIL = { email: 'team@example.com' };

/** An account with one secret, its alarms, and whatever they say. */
async function watchedAccount({ trail = false, props = {} }: { trail?: boolean; props?: object } = {}) {
  const running = await runningAccount({ trail, rotation: { attempts: 1 } });
  const { account } = running.aws;
  const alarms: string[] = [];
  const said: AccountEvents['notification'][0][] = [];
  account.events.on('alarm', ({ name, state }) => alarms.push(`${name}: ${state}`));
  account.events.on('notification', (message) => said.push(message));
  await deployStack(account, (stack) => {
    new RotatedSecret(stack, 'db', password);
    new RotationAlarms(stack, 'alarms', { ...EMAIL, ...props });
  });
  await running.aws.rotationSettled(NAME);
  const secret = account.secrets.find(NAME);
  if (secret === undefined) throw new Error('The secret was not deployed.');
  return { ...running, account, alarms, said, secret };
}

const raised = (alarms: readonly string[]) => alarms.filter((each) => each.endsWith(': ALARM'));

describe('RotationAlarms on the local AWS', () => {
  it('say nothing while all is well', async () => {
    const { account, alarms, said, secret } = await watchedAccount({ trail: true });
    const first = secret.lastRotatedDate;
    await account.clock.advance({ days: 95 });
    expect(secret.lastRotatedDate?.getTime()).toBeGreaterThan(first?.getTime() ?? 0);
    expect(raised(alarms)).toEqual([]);
    expect(said.filter(({ subject = '' }) => !subject.startsWith('OK'))).toEqual([]);
    expect(account.alarms.find('test-alarms-overdue')?.state).toBe('OK');
  });

  it('tell of a rotation that never starts within two days, once, and when it is over, without a trail', async () => {
    const { account, alarms, said, secret, aws, client } = await watchedAccount();
    secret.rotation?.next?.cancel();
    await account.clock.advance({ days: 31 });
    expect(raised(alarms)).toEqual([]);
    await account.clock.advance({ days: 2 });
    expect(raised(alarms)).toEqual(['test-alarms-overdue: ALARM']);
    await account.clock.advance({ days: 10 });
    expect(raised(alarms)).toEqual(['test-alarms-overdue: ALARM']);
    const [message] = said.filter(({ subject = '' }) => subject.startsWith('ALARM'));
    expect(message).toMatchObject({ recipients: ['team@example.com'] });
    expect(message?.message).toContain('docs/errors.md#finding-overdue');
    const log = account.functions.find('test-alarms-overdue')?.log.join('\n');
    expect(log).toContain('"findings":{"my-app/db":["OVERDUE"]}');

    const { RotateSecretCommand } = await import('@aws-sdk/client-secrets-manager');
    await client.send(new RotateSecretCommand({ SecretId: NAME }));
    await aws.rotationSettled(NAME);
    await account.clock.advance({ days: 2 });
    expect(alarms.at(-1)).toBe('test-alarms-overdue: OK');
  });

  it('tell which rotation failed and what to do, once for each alarm, with a trail', async () => {
    const { account, aws, alarms, said } = await watchedAccount({ trail: true });
    aws.faults.add({ action: 'PutSecretValue', kind: 'throttle', times: Number.POSITIVE_INFINITY });
    await account.clock.advance({ days: 30, minutes: 1 });
    expect(raised(alarms)).toEqual(['rotate-my-app-db-errors: ALARM']);
    const texts = said.map(({ message }) => message).filter((text) => !text.startsWith('{'));
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(
      /^RotationFailed: arn:aws:secretsmanager:us-east-1:123456789012:secret:my-app\/db-\w{6}, at \S+Z\. Error when executing lambda \S+:rotate-my-app-db during createSecret step\. The current value was not changed/,
    );
    expect(texts[0]).toContain('What each code means, and what to do: docs/errors.md');
    expect(texts[0]).toContain('https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1');
    expect(texts[0]).not.toMatch(/[<>]/);
  });

  it('tell of a rotation that somebody switched off, and of one that does not end', async () => {
    const { account, alarms } = await watchedAccount();
    cancelRotateSecret({ SecretId: NAME }, account);
    await account.clock.advance({ days: 1 });
    expect(raised(alarms)).toEqual(['test-alarms-not-rotating: ALARM']);
  });

  it('find a secret without a rotation below a prefix, unless it is excepted', async () => {
    const running = await runningAccount();
    const { account } = running.aws;
    const { CreateSecretCommand } = await import('@aws-sdk/client-secrets-manager');
    for (const Name of ['app/by-hand', 'app/client', 'other/by-hand']) {
      await running.client.send(new CreateSecretCommand({ Name, SecretString: 'sentinel-value' }));
    }
    await deployStack(account, (stack) => {
      new RotationAlarms(stack, 'alarms', { ...EMAIL, secretNamePrefix: 'app/', except: ['app/client'] });
    });
    // A new one may get its rotation in the deployment that made it.
    await account.clock.advance({ hours: 23 });
    expect(account.alarms.find('test-alarms-not-rotating')?.state).toBe('OK');
    await account.clock.advance({ hours: 24 });
    expect(account.alarms.find('test-alarms-not-rotating')?.state).toBe('ALARM');
    const log = account.functions.find('test-alarms-overdue')?.log.join('\n');
    expect(log).toContain('"findings":{"app/by-hand":["NO_ROTATION"]}');
    expect(log).not.toContain('sentinel-value');
  });

  it('find a prefix that no secret has', async () => {
    const { account } = (await runningAccount()).aws;
    await deployStack(account, (stack) => {
      new RotationAlarms(stack, 'alarms', { ...EMAIL, secretNamePrefix: 'typo/' });
    });
    await account.clock.advance({ hours: 13 });
    expect(account.alarms.find('test-alarms-not-rotating')?.state).toBe('ALARM');
    expect(account.functions.find('test-alarms-overdue')?.log.join()).toContain('"findings":{"typo/*":["NOT_FOUND"]}');
  });

  it('say nothing of secrets below a prefix that rotate once all is deployed, and one thing when a rotation does not end', async () => {
    const { aws } = await runningAccount({ rotation: { attempts: 1 } });
    const { account } = aws;
    const alarms: string[] = [];
    account.events.on('alarm', ({ name, state }) => alarms.push(`${name}: ${state}`));
    await deployStack(account, (stack) => {
      new RotationAlarms(stack, 'alarms', { ...EMAIL, secretNamePrefix: 'my-app/' });
      new RotatedSecret(stack, 'db', password);
      new RotatedSecret(stack, 'other', { ...password, name: 'my-app/other' });
    });
    for (const name of [NAME, 'my-app/other']) await aws.rotationSettled(name);
    await account.clock.advance({ days: 29 });
    expect(raised(alarms)).toEqual([]);
    aws.faults.add({ action: 'PutSecretValue', kind: 'throttle', times: Number.POSITIVE_INFINITY });
    await account.clock.advance({ days: 5 });
    expect(raised(alarms).filter((each) => each.includes('not-rotating'))).toHaveLength(1);
  });

  it.each([
    [110, 1],
    [0, 0],
  ])('watch a fleet of %i secrets', async (count, rules) => {
    const { account } = (await runningAccount()).aws;
    await deployStack(account, (stack) => {
      const rotation = new RotationFunction(stack, 'function', {
        functionName: 'rotate-tenants',
        rotation: Rotation.password(),
        secretNamePrefix: 'tenants/',
      });
      for (let index = 0; index < count; index += 1) {
        const name = `tenants/tenant-with-a-usual-name-${index}`;
        new RotatedSecret(stack, `s${index}`, { name, rotation, schedule: Schedule.rate({ days: 30 }) });
      }
      new RotationAlarms(stack, 'alarms', EMAIL);
    });
    const { configuration, log } = account.functions.find('test-alarms-overdue') ?? {};
    const [, name = ''] = configuration?.Role.split('role/') ?? [];
    const policy = account.roles.find(name)?.inlinePolicies.get('overdue') ?? '';
    expect(policy.length).toBeLessThan(900);
    expect(policy.includes('secret:tenants/*')).toBe(count > 0);
    expect(account.eventRules.all()).toHaveLength(rules);
    expect(log?.join()).toContain(`All is well with ${count} secrets.`);
  });

  it('find a secret that does not exist any more', async () => {
    const { account, alarms, secret, client } = await watchedAccount();
    const { DeleteSecretCommand } = await import('@aws-sdk/client-secrets-manager');
    await client.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }));
    await account.clock.advance({ days: 1 });
    expect(raised(alarms)).toEqual(['test-alarms-not-rotating: ALARM']);
    const log = account.functions.find('test-alarms-overdue')?.log.join();
    expect(log).toContain(`"findings":{"${secret.arn}":["NOT_FOUND"]}`);
  });

  it('tell of a permission that is missing, and name the action', async () => {
    const { account, alarms } = await watchedAccount();
    const [, name = ''] = account.functions.find('test-alarms-overdue')?.configuration.Role.split('role/') ?? [];
    const role = account.roles.find(name);
    const policy = JSON.parse(role?.inlinePolicies.get('overdue') ?? '');
    policy.Statement = policy.Statement.filter(({ Sid }: { Sid: string }) => Sid !== 'DescribeTheSecrets');
    role?.inlinePolicies.set('overdue', JSON.stringify(policy));
    await account.clock.advance({ days: 1 });
    expect(raised(alarms)).toContain('test-alarms-overdue-errors: ALARM');
    const log = account.functions.find('test-alarms-overdue')?.log.join();
    expect(log).toMatch(/is not authorized to perform: secretsmanager:DescribeSecret/);
  });

  it('say in the rule what still works without a trail', () => {
    const stack = synthesize((scope) => new RotatedSecret(scope, 'a', password).addAlarms(EMAIL));
    expect(blocksOf(stack, 'aws_cloudwatch_event_rule')).toMatchObject([
      {
        description: expect.stringContaining('CloudTrail trail of the region tells; without one, only the alarms tell'),
      },
    ]);
  });

  it('tell of a token that has expired, though its schedule would have time', async () => {
    const running = await runningAccount({ rotation: { attempts: 1 } });
    const { account } = running.aws;
    const audience = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/aws/providers/lambda';
    const credentials = workloadIdentity({ audience });
    const serviceAccount = 'a@b.iam.gserviceaccount.com';
    const scopes = ['https://www.googleapis.com/auth/drive'];
    await deployStack(account, (stack) => {
      new RotatedSecret(stack, 'token', {
        name: 'app/token',
        // Nobody answers there.
        rotation: Rotation.googleAccessToken({
          credentials,
          serviceAccount,
          scopes,
          endpointUrl: 'http://127.0.0.1:9',
        }),
        schedule: Schedule.rate({ hours: 4 }),
        refreshEveryMinutes: 30,
      });
      new RotationAlarms(stack, 'alarms', EMAIL);
    });
    const watch = JSON.parse(account.schedules.find('test-alarms-overdue')?.settings.Target.Input ?? '');
    const look = (minutes: number) =>
      invokeFunction(account, {
        functionArn: 'test-alarms-overdue',
        payload: { ...watch, now: new Date(account.clock.now().getTime() + minutes * 60_000) },
      });
    expect(await look(59)).toMatchObject({ payload: { daysOverdue: 0 } });
    // The schedule alone has six hours: its interval, its window, and one to begin.
    expect(await look(120)).toMatchObject({ payload: { findings: { 'app/token': ['OVERDUE'] } } });
  });

  it('tell if nobody has looked for a day', async () => {
    const { account, alarms } = await watchedAccount();
    account.schedules.close();
    await account.clock.advance({ days: 3 });
    expect(raised(alarms)).toEqual(['test-alarms-overdue: ALARM']);
  });
});

describe('RotationAlarms', () => {
  it('watch every secret of the stack, whenever it is declared, and each function once', () => {
    const stack = synthesize((scope) => {
      new RotatedSecret(scope, 'a', { ...password, name: 'a' });
      new RotationAlarms(scope, 'alarms', EMAIL);
      new RotatedSecret(scope, 'b', { ...password, name: 'b' });
    });
    const names = blocksOf(stack, 'aws_cloudwatch_metric_alarm').map((alarm) => Object(alarm).alarm_name);
    // Two for each of three functions, and two on the secrets.
    expect(names).toHaveLength(8);
    const [invocation] = blocksOf(stack, 'aws_lambda_invocation');
    expect(JSON.parse(Object(invocation).input).secretIds).toHaveLength(2);
    expect(Object(invocation).depends_on).toHaveLength(4);
  });

  it('give the function what describes the secrets, and no value', () => {
    const text = JSON.stringify(synthesize((scope) => new RotatedSecret(scope, 'a', password).addAlarms(EMAIL)).data);
    expect(text).toContain('"DescribeTheSecrets"');
    expect(text.match(/secretsmanager:GetSecretValue/g)).toHaveLength(1);
    expect(text).not.toContain('"ListSecrets"');
  });

  it('make patterns that EventBridge takes, however long the names are', () => {
    const stack = synthesize((scope) => {
      new RotationAlarms(scope, 'alarms', EMAIL);
      for (let index = 0; index < 5; index += 1) {
        new RotatedSecret(scope, `s${index}`, { ...password, name: `s${index}` });
      }
    });
    const patterns = blocksOf(stack, 'aws_cloudwatch_event_rule').map((rule) => Object(rule).event_pattern as string);
    expect(
      patterns.map((text) => JSON.parse(text).detail.additionalEventData.SecretId.length as number).sort(),
    ).toEqual([2, 3]);
    const [longest = ''] = patterns.sort((one, other) => other.length - one.length);
    const arn = `arn:aws-us-gov:secretsmanager:us-gov-west-1:111122223333:secret:${'x'.repeat(512)}-AbCdEf`;
    expect(longest.replaceAll(/\$\{[^}]*\}/g, arn).length).toBeLessThanOrEqual(2_048);
  });

  it('name a fleet by its prefix only if all of it is watched', () => {
    const text = (watched: (secrets: RotatedSecret[]) => RotatedSecret[]) => {
      const json = synthesize((scope) => {
        const rotation = new RotationFunction(scope, 'function', {
          functionName: 'rotate-tenants',
          rotation: Rotation.password(),
          secretNamePrefix: 'tenants/',
        });
        const secrets = ['one', 'two'].map(
          (id) => new RotatedSecret(scope, id, { name: `tenants/${id}`, rotation, schedule: password.schedule }),
        );
        new RotationAlarms(scope, 'alarms', { ...EMAIL, secrets: watched(secrets) });
      });
      return JSON.stringify(blocksOf(json, 'aws_cloudwatch_event_rule'));
    };
    expect(text((all) => all)).toContain('prefix');
    expect(text((all) => all.slice(1))).not.toContain('prefix');
  });

  it('refuse more secrets than the policy of one function can name, and say what to do', () => {
    const many = (count: number, length: number) => () =>
      synthesize((scope) => {
        for (let index = 0; index < count; index += 1) {
          new RotatedSecret(scope, `s${index}`, { ...password, name: `${index}-`.padEnd(length, 'x') });
        }
        new RotationAlarms(scope, 'alarms', EMAIL);
      });
    expect(many(30, 200)).not.toThrow();
    expect(many(33, 200)).toThrow(
      /watches 33 secrets, .* with 9174 characters\. Expected at most 9000, .*share a RotationFunction with secretNamePrefix, or/,
    );
  });

  it.each<[string, object, RegExp]>([
    ['nobody to tell', {}, /^RotationAlarms got neither email and topicArn\. Expected one of them\.$/],
    [
      'two to tell',
      { ...EMAIL, topicArn: 'arn:aws:sns:us-east-1:111122223333:t' },
      /^RotationAlarms got both email and/,
    ],
    ['a topic of another region', { topicArn: 'arn:aws:sns:eu-west-1:111122223333:t' }, /The topicArn is in eu-west-1/],
    ['what is no topic', { topicArn: 'arn:aws:sqs:us-east-1:111122223333:t' }, /Expected the ARN of an SNS topic/],
    ['a FIFO topic', { topicArn: 'arn:aws:sns:us-east-1:111122223333:t.fifo' }, /FIFO topic, which alarms cannot/],
    ['what is no address', { email: 'team' }, /^email is "team"\. Expected an address/],
    ['no secret', { ...EMAIL, secrets: [] }, /^secrets is empty/],
    ['a prefix that AWS takes for its opposite', { ...EMAIL, secretNamePrefix: '!a' }, /^secretNamePrefix is "!a"/],
    [
      'a runbook with a quote',
      { ...EMAIL, runbookUrl: 'https://a.test/"b"' },
      /^runbookUrl is "https:\/\/a\.test\/\\"b\\""\. Exp/,
    ],
    ['a runbook on two lines', { ...EMAIL, runbookUrl: 'https://a.test/\nb' }, /line breaks, quotes, backslashes and/],
    ['a misspelled option', { ...EMAIL, topicARN: 'x' }, /has no option "topicARN"/],
    ['a name that is too long', { ...EMAIL, name: 'x'.repeat(49) }, /Expected at most 48 letters/],
  ])('refuse %s', (_, props, message) => {
    const found = refusal(() => synthesize((scope) => new RotationAlarms(scope, 'alarms', props)));
    expect(found).toMatchObject({ code: 'OPTIONS', message: expect.stringMatching(message) });
  });

  it('have names of their own, if several watch one function', () => {
    const json = synthesize((scope) => {
      const secret = new RotatedSecret(scope, 'db', password);
      secret.addAlarms({ email: 'owner@example.com' });
      new RotationAlarms(scope, 'alarms', EMAIL);
    });
    const names = Object.values(blocksOf(json, 'aws_cloudwatch_metric_alarm')).map(({ alarm_name }) => alarm_name);
    expect(new Set(names).size).toBe(names.length);
    const ofTheRotation = names.filter((name) => /aws_lambda_function\.db_rotation.*-errors$/.test(String(name)));
    expect(ofTheRotation.sort()).toEqual([expect.stringMatching(/^\$\{/), expect.stringMatching(/^test-alarms-\$\{/)]);
  });

  it('are refused if AWS would take two for one', () => {
    const found = refusal(() =>
      synthesize((scope) => {
        new RotatedSecret(scope, 'db', password);
        new RotationAlarms(scope, 'alarms', { ...EMAIL, name: 'mine' });
        new RotationAlarms(scope, 'others', { ...EMAIL, name: 'mine' });
      }),
    );
    expect(found).toMatchObject({
      code: 'NAME',
      message: expect.stringMatching(/both named "mine-overdue".* name\.$/),
    });
  });

  it('refuse to watch nothing', () => {
    expect(() => synthesize((scope) => new RotationAlarms(scope, 'alarms', EMAIL))).toThrow(/watches nothing/);
  });

  it('cause one warning a stack if they are missing, unless something else watches it', () => {
    const warnings = (declare: Parameters<typeof synthesize>[0]) => {
      let found: string[] = [];
      synthesize((scope) => {
        declare(scope);
        const notes = () => scope.node.metadata.map(({ data }) => String(data));
        scope.node.addValidation({
          validate: () => {
            found = notes().filter((text) => text.startsWith('Nobody is told'));
            return [];
          },
        });
      });
      return found;
    };
    const two = (scope: TerraformStack) => {
      new RotatedSecret(scope, 'a', { ...password, name: 'a' });
      new RotatedSecret(scope, 'b', { ...password, name: 'b' });
    };
    expect(warnings(two)).toEqual([
      expect.stringMatching(/^Nobody is told when a rotation fails: 2 of the stack's secrets have no alarm\. Add new/),
    ]);
    for (const watched of [
      (scope: TerraformStack) => void new RotationAlarms(scope, 'alarms', EMAIL),
      (scope: TerraformStack) => RotationAlarms.elsewhere(scope),
    ]) {
      const found = warnings((scope) => {
        two(scope);
        watched(scope);
      });
      expect(found).toEqual([]);
    }
  });
});
