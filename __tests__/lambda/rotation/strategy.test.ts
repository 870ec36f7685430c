import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { type DeployedStrategy, deployStrategy } from './deploy-strategy.ts';
import { passwordTarget } from './password-target.ts';
import { wiretap } from './wiretap.ts';

const entry = '__tests__/lambda/rotation/strategies/target.ts';
const login = (password: string) => JSON.stringify({ username: 'app', password });

/** Stores values one after the other, each of them current for a while. */
async function store({ aws, client, secretArn }: DeployedStrategy, values: readonly string[]): Promise<void> {
  for (const SecretString of values) {
    await aws.account.clock.advance({ seconds: 1 });
    await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString }));
  }
}

describe('createSecret', () => {
  it('starts from Terraform’s first version if no version is current', async () => {
    const { aws, client, secretArn, pendingVersion, step, value } = await deployStrategy({
      entry: 'lambda/password.ts',
    });
    const first = { SecretId: secretArn, SecretString: '{"username":"app"}', VersionStages: ['TERRAFORM_INITIAL'] };
    await client.send(new PutSecretValueCommand(first));
    // The documentation says that a first version is current whatever was asked for: not to be leant on.
    aws.account.secrets.find(secretArn)?.stages.delete('AWSCURRENT');
    const versionId = await pendingVersion();
    expect(await step('createSecret', versionId)).toEqual({ payload: null });
    expect(JSON.parse((await value(versionId)) ?? '')).toEqual({ username: 'app', password: expect.any(String) });
  });
});

describe('setSecret', () => {
  it('passes the current and the pending value to the strategy, and reads nothing else', async () => {
    const target = await passwordTarget({ password: 'password-1' });
    const { rotate, value, calls, log } = await deployStrategy({
      entry,
      secretString: login('password-1'),
      environment: { TARGET_URL: target.url },
    });
    const { versionId, outcome } = await rotate();
    expect(outcome).toBe('succeeded');
    expect(target.requests).toEqual(['PUT 204', 'GET 200']);
    expect(await value()).toBe(login(`generated-for-${versionId}`));
    expect(target.password).toBe(`generated-for-${versionId}`);
    expect(calls.slice(4, 6)).toEqual(['GetSecretValue', 'GetSecretValue']);
    expect(calls).toHaveLength(8);
    expect((await log(5))[1]).toMatchObject({ message: 'changed the password of app', tried: 1, was: '[scrubbed]' });
  });

  it('says what is missing if there is no current value', async () => {
    const target = await passwordTarget({ password: 'password-1' });
    const { client, secretArn, pendingVersion, step } = await deployStrategy({
      entry,
      environment: { TARGET_URL: target.url },
    });
    const versionId = await pendingVersion();
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretArn,
        ClientRequestToken: versionId,
        SecretString: login('password-2'),
        VersionStages: ['AWSPENDING'],
      }),
    );
    expect(await step('setSecret', versionId)).toMatchObject({
      failure: { errorMessage: 'my-app/login has no current value to change from. Store one first.' },
    });
    expect(target.requests).toEqual([]);
  });

  it('reads earlier values one at a time, newest first, and skips those that do not fit', async () => {
    const target = await passwordTarget({ password: 'password-2' });
    const deployed = await deployStrategy({
      entry,
      secretString: login('password-1'),
      environment: { TARGET_URL: target.url },
    });
    await store(deployed, [login('password-2'), '["no login"]', login('password-4'), login('password-5')]);
    expect(await deployed.rotate()).toMatchObject({ outcome: 'succeeded' });
    // Of 5, of the pending one, and of 4; then of 2, which is the one that still works.
    expect(target.requests).toEqual(['PUT 401', 'PUT 401', 'PUT 401', 'PUT 204', 'GET 200']);
    expect(deployed.calls.slice(4, -2)).toEqual([
      ...['GetSecretValue', 'GetSecretValue', 'ListSecretVersionIds'],
      ...['GetSecretValue', 'GetSecretValue', 'GetSecretValue'],
    ]);
  });

  it('does not confuse an earlier value that cannot be read with one that does not fit', async () => {
    const target = await passwordTarget({ password: 'password-1' });
    const environment = { TARGET_URL: target.url };
    const deployed = await deployStrategy({ entry, secretString: login('password-1'), environment });
    await store(deployed, [login('password-2')]);
    const versionId = await deployed.pendingVersion();
    await deployed.step('createSecret', versionId);
    // After the pending and the current value.
    deployed.aws.faults.add({ action: 'GetSecretValue', kind: 'throttle', nth: 3 });
    await deployed.step('setSecret', versionId);
    expect((await deployed.log(2))[1]).toMatchObject({ step: 'setSecret', errorCode: 'THROTTLED' });
  });

  it('offers every earlier value that is still listed, each once', async () => {
    const target = await passwordTarget({ password: 'password-1' });
    const deployed = await deployStrategy({
      entry,
      secretString: login('password-1'),
      environment: { TARGET_URL: target.url },
    });
    const passwords = ['2', '3', '4', '3', '5', '6', '7', '8', '9'].map((number) => login(`password-${number}`));
    await store(deployed, passwords);
    expect(await deployed.rotate()).toMatchObject({ outcome: 'succeeded' });
    // Of 9, of the pending one, of 8, 7, 6, 5, 3, 4 and 2; then of 1, which still works.
    expect(target.requests).toEqual([...Array(9).fill('PUT 401'), 'PUT 204', 'GET 200']);
  });

  it('says how many values the target refused if it refused all of them', async () => {
    const target = await passwordTarget({ password: 'set by a person' });
    const environment = { TARGET_URL: target.url };
    const deployed = await deployStrategy({ entry, secretString: login('password-1'), environment });
    await store(deployed, [login('password-2')]);
    expect(await deployed.rotate()).toMatchObject({ outcome: 'failed' });
    expect((await deployed.log(2))[1]).toMatchObject({
      errorCode: 'AUTHENTICATION',
      errorMessage: 'The target refused all 3 passwords of app.',
    });
  });
});

describe('context.secret', () => {
  const admin = '__tests__/lambda/rotation/strategies/admin.ts';
  const deploy = () =>
    deployStrategy({
      entry: admin,
      secretString: '{"host":"db.local","username":"app","password":"the-first-one"}',
      environment: { ADMIN_SECRET: 'my-app/admin' },
    });

  it.each([
    ['has no value', undefined, 'AWSCURRENT of my-app/admin is missing: no such secret, or no value yet.'],
    ['does not fit', '{"username":"root"}', 'AWSCURRENT of my-app/admin is not as expected: "password" is missing.'],
    ['is plain text', 'the-admin-password', 'AWSCURRENT of my-app/admin is not as expected: "password" is missing.'],
  ])('names the other secret if it %s', async (_what, SecretString, errorMessage) => {
    const { client, rotate, log } = await deploy();
    await client.send(new CreateSecretCommand({ Name: 'my-app/admin', SecretString }));
    expect(await rotate()).toMatchObject({ outcome: 'failed' });
    expect(await log(1)).toMatchObject([{ step: 'createSecret', errorCode: 'SECRET_VALUE', errorMessage }]);
  });
});

describe('The RotationToken', () => {
  it('is passed on to PutSecretValue, which needs it if the function is in another account', async () => {
    const tap = await wiretap();
    const { aws, secretArn, pendingVersion, invoke } = await deployStrategy({
      entry: 'lambda/password.ts',
      secretString: '{"password":"the-first-one"}',
      environment: tap.environment,
    });
    tap.connect(aws.endpoint);
    const ClientRequestToken = await pendingVersion();
    const RotationToken = 'EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE';
    await invoke({ Step: 'createSecret', SecretId: secretArn, ClientRequestToken, RotationToken });
    expect(tap.calls.at(-1)).toEqual({
      action: 'PutSecretValue',
      input: {
        SecretId: secretArn,
        ClientRequestToken,
        RotationToken,
        SecretString: expect.any(String),
        VersionStages: ['AWSPENDING'],
      },
    });
  });
});
