import { randomBytes, randomUUID } from 'node:crypto';
import { CreateSecretCommand, GetSecretValueCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { RotatedSecret, Rotation, RotationFunction, Schedule } from '../../constructs/index.ts';
import { putRolePolicy } from '../../local/iam/role-policies.ts';
import { invokeFunction } from '../../local/lambda/invoke-function.ts';
import { deployStack } from '../constructs/deploy-stack.ts';
import { type RunningAccount, rotationFunction, runningAccount } from '../local/secrets-manager/running-account.ts';
import type { PostgresLogin } from '../postgres-server.ts';
import { rdsServer } from '../rds-server.ts';
import { listener } from './listener.ts';

const server = await rdsServer({ settings: { log_connections: 'on' } });
const FUNCTION_NAME = 'rotate-tenants';

type Call = (action: string, input: object) => Promise<Record<string, unknown>>;

/**
 * Somebody whose role may create secrets below the prefix, write and read them and have them rotated, and nothing else: IAM judges
 * each call.
 */
async function creator(running: RunningAccount): Promise<Call> {
  const { account } = running.aws;
  const functionArn = await rotationFunction(
    running,
    `exports.handler = ({ action, input }) => call(action, input).catch(({ name, message }) => ({ refused: name + ': ' + message }));`,
  );
  const secrets = `arn:aws:secretsmanager:${account.region}:${account.id}:secret:tenants/*`;
  const lambda = `arn:aws:lambda:${account.region}:${account.id}:function:${FUNCTION_NAME}`;
  const Statement = [
    { Effect: 'Allow', Action: 'secretsmanager:*', Resource: secrets },
    { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: lambda },
    { Effect: 'Allow', Action: 'logs:*', Resource: '*' },
  ];
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
  putRolePolicy({ RoleName: 'rotate', PolicyName: 'all', PolicyDocument }, account);
  return async (action, input) => {
    const withToken = /^(Create|Rotate)/.test(action) ? { ClientRequestToken: randomUUID(), ...input } : input;
    const result = await invokeFunction(account, { functionArn, payload: { action, input: withToken } });
    if ('failure' in result) throw new Error(result.failure.errorMessage);
    return result.payload as Record<string, unknown>;
  };
}

/** A fleet with one tenant, `acme`, that has rotated twice. */
async function fleet(running: RunningAccount) {
  const { aws, client } = running;
  const login = { username: server.username, password: server.password };
  const command = new CreateSecretCommand({ Name: 'rds!db-1234', SecretString: JSON.stringify(login) });
  const { ARN: adminArn = '' } = await client.send(command);
  await server.query(`DO $$ BEGIN CREATE ROLE tenant_acme LOGIN; EXCEPTION WHEN duplicate_object THEN END $$`);
  await deployStack(aws.account, (stack) => {
    const rotation = new RotationFunction(stack, 'tenants', {
      functionName: FUNCTION_NAME,
      rotation: Rotation.postgres({
        strategy: 'alternating-users',
        admin: { secretArn: adminArn, host: 'localhost', port: server.port },
        users: 'tenant_{name}',
        tls: { ca: server.ca },
      }),
      secretNamePrefix: 'tenants/',
    });
    const initial = { host: 'localhost', port: server.port, username: 'tenant_acme' };
    const schedule = Schedule.rate({ days: 30 });
    new RotatedSecret(stack, 'acme', { name: 'tenants/acme', initial, rotation, schedule });
  });
  expect(await aws.rotationSettled('tenants/acme')).toBe('succeeded');
  await client.send(new RotateSecretCommand({ SecretId: 'tenants/acme' }));
  expect(await aws.rotationSettled('tenants/acme')).toBe('succeeded');
  return adminArn;
}

async function valueIn({ client }: RunningAccount, SecretId: string): Promise<PostgresLogin> {
  const { SecretString = '{}' } = await client.send(new GetSecretValueCommand({ SecretId }));
  return JSON.parse(SecretString);
}

describe('Someone who may create secrets under the prefix of a shared function', { timeout: 180_000 }, async () => {
  it('gets no user of another secret, no administrator and no password that was sent', async () => {
    const running = await runningAccount();
    const adminArn = await fleet(running);
    const acme = await valueIn(running, 'tenants/acme');
    const call = await creator(running);
    const trap = await listener('clear text');
    await server.query(`CREATE ROLE billing LOGIN PASSWORD 'of billing'`);
    const { ARN: ownArn } = await call('CreateSecret', { Name: 'tenants/own', SecretString: '{}' });

    const attempts: readonly (readonly [name: string, change: object, message: RegExp])[] = [
      [
        'evil_1',
        { username: 'tenant_acme' },
        /username is "tenant_acme": expected tenant_evil_1 or tenant_evil_1_clone/,
      ],
      ['evil_2', { username: 'billing' }, /username is "billing"/],
      ['evil_3', { username: 'postgres' }, /username is "postgres"/],
      ['evil_4', { username: 'tenant_evil_4', alternateusername: 'tenant_acme' }, /alternateusername is "tenant_acme"/],
      ['evil_5', { username: 'tenant_evil_5', port: trap.port, ssl: false }, /allowPlaintext/],
      ['evil_6', { username: 'tenant_evil_6', port: trap.port, ca: trap.ca }, /Expected the same server in both/],
      ['evil_7', { username: 'tenant_evil_7', masterarn: ownArn }, /masterarn is/],
      ['evil_8', { username: 'tenant_evil_8', dbname: 'template1' }, /dbname is "template1"/],
      ['evil_9', { username: 'tenant_evil_9' }, /There is no user tenant_evil_9/],
      ['acme_clone', { username: 'tenant_acme_clone' }, /is the name that "tenant_\{name\}_clone" gives for another/],
      ['acme_owner', { username: 'tenant_acme_owner' }, /is the name that "tenant_\{name\}_owner" gives for another/],
    ];
    for (const [name, change, message] of attempts) {
      const Name = `tenants/${name}`;
      const password = randomBytes(12).toString('hex');
      const SecretString = JSON.stringify({ host: 'localhost', port: server.port, password, ...change });
      const from = server.log().length;
      expect(await call('CreateSecret', { Name, SecretString }), name).not.toHaveProperty('refused');
      const functionArn = running.aws.account.secrets.find('tenants/acme')?.rotation?.lambdaArn;
      const started = await call('RotateSecret', { SecretId: Name, RotationLambdaARN: functionArn });
      expect(started, name).not.toHaveProperty('refused');
      expect(await running.aws.rotationSettled(Name), name).toBe('failed');
      const log = running.aws.account.functions.find(functionArn ?? '')?.log ?? [];
      const failure = log.filter((line) => line.includes('"errorCode"')).at(-1) ?? '{}';
      expect(JSON.parse(failure), name).toMatchObject({
        errorCode: 'CONFIGURATION',
        errorMessage: expect.stringMatching(message),
      });
      if (!/no user/.test(message.source)) expect(server.log().slice(from), name).not.toMatch(/connection authorized/);
      expect(await valueIn(running, Name)).toMatchObject({ password });
    }
    expect(trap.connections).toBe(0);
    expect(await call('GetSecretValue', { SecretId: adminArn })).toMatchObject({
      refused: expect.stringMatching(/^AccessDeniedException/),
    });
    for (const login of [acme, { username: 'billing', password: 'of billing' }]) {
      expect(await server.accepts(login)).toBe(true);
    }
  });
});

describe('A function that several secrets share', () => {
  it.each([
    ['names that are the same for all of them', { users: ['app', 'app_b'] }],
    ['a second name that is the same for all of them', { users: ['tenant_{name}', 'b'] }],
    ['an owner role that is the same for all of them', { users: 'tenant_{name}', ownerRole: 'team' }],
  ])('is refused with %s', async (_, names) => {
    const { account } = (await runningAccount()).aws;
    const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:rds/master-AbCdEf';
    const rotation = Rotation.postgres({ strategy: 'alternating-users', admin: { secretArn }, ...names });
    await expect(
      deployStack(account, (stack) => {
        new RotationFunction(stack, 'fleet', { functionName: 'f', rotation, secretNamePrefix: 'tenants/' });
      }),
    ).rejects.toThrow(/would be the same for every secret that shares the function/);
  });
});
