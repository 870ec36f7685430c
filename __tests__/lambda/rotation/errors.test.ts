import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  CancelRotateSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { RotationStep } from '../../../local/account-events.ts';
import { type DeployedStrategy, deployStrategy } from './deploy-strategy.ts';
import { passwordTarget } from './password-target.ts';

const entry = 'lambda/password.ts';
const misbehaving = '__tests__/lambda/rotation/strategies/misbehaving.ts';
const target = '__tests__/lambda/rotation/strategies/target.ts';
const secretString = '{"username":"app","password":"the-first-one"}';
const steps: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];

/** Expects the first invocation to fail like this, for Lambda's caller and for who reads the log. */
async function expectFailure({ log }: DeployedStrategy, result: object, errorCode: string, message: string | RegExp) {
  const errorMessage = typeof message === 'string' ? message : expect.stringMatching(message);
  expect(result).toEqual({ failure: { errorType: 'RotationError', errorMessage } });
  expect((await log(1))[0]).toMatchObject({ level: 'ERROR', outcome: 'failed', errorCode, errorMessage });
}

async function takePending({ client, secretArn }: DeployedStrategy, versionId: string): Promise<void> {
  const input = { SecretId: secretArn, VersionStage: 'AWSPENDING', RemoveFromVersionId: versionId };
  await client.send(new UpdateSecretVersionStageCommand(input));
}

describe('An invocation that is not one of the four steps', () => {
  it.each([
    ['nothing', null, /^This is not a rotation step: Step is nothing, .* call RotateSecret\.$/],
    ['another step', { Step: 'deleteSecret' }, /expected one of createSecret, setSecret, testSecret, finishSecret/],
  ])('is refused: %s', async (_what, payload, message) => {
    const deployed = await deployStrategy({ entry, secretString });
    await expectFailure(deployed, await deployed.invoke(payload), 'EVENT', message);
    expect(deployed.calls).toEqual([]);
    expect((await deployed.log(1))[0]).toMatchObject({ message: 'invocation failed' });
  });
});

describe('createSecret', () => {
  it('refuses a secret that has no rotation', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const result = await deployed.step('createSecret', randomUUID());
    const message = /^my-app\/login has no rotation: it was never configured, or it was canceled\. .* RotateSecret\.$/;
    await expectFailure(deployed, result, 'ROTATION_DISABLED', message);
  });

  it('refuses a rotation that was canceled', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    await deployed.client.send(new CancelRotateSecretCommand({ SecretId: deployed.secretArn }));
    await expectFailure(deployed, await deployed.step('createSecret', versionId), 'ROTATION_DISABLED', /canceled/);
  });

  it('fails if the value could not be stored', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    deployed.aws.faults.add({ action: 'PutSecretValue', kind: 'throttle' });
    expect(await deployed.step('createSecret', versionId)).toMatchObject({ failure: expect.anything() });
    expect((await deployed.log(1))[0]).toMatchObject({ step: 'createSecret', errorCode: 'THROTTLED' });
    await expect(deployed.value(versionId)).rejects.toThrow('find the specified secret value');
  });
});

describe.each(steps)('%s', (step) => {
  const deploy = () =>
    deployStrategy({ entry: target, secretString, environment: { TARGET_URL: 'http://127.0.0.1:1' } });

  it('refuses a version that the secret does not have', async () => {
    const deployed = await deploy();
    await deployed.pendingVersion();
    const versionId = randomUUID();
    const message = new RegExp(`^my-app/login has no version ${versionId}, or .* Start a rotation with RotateSecret`);
    await expectFailure(deployed, await deployed.step(step, versionId), 'VERSION_UNKNOWN', message);
  });

  it('refuses a version that lost AWSPENDING', async () => {
    const deployed = await deploy();
    const versionId = await deployed.pendingVersion();
    const SecretString = secretString.replace('first', 'other');
    const input = { SecretId: deployed.secretArn, ClientRequestToken: versionId, SecretString };
    await deployed.client.send(new PutSecretValueCommand({ ...input, VersionStages: ['AWSPENDING'] }));
    await takePending(deployed, versionId);
    const message = new RegExp(`^Version ${versionId} of my-app/login is not AWSPENDING. .* Start a new rotation`);
    await expectFailure(deployed, await deployed.step(step, versionId), 'VERSION_NOT_PENDING', message);
  });

  it('names what Secrets Manager said of a secret that does not exist', async () => {
    const deployed = await deploy();
    const SecretId = deployed.secretArn.replace('login', 'logins');
    const result = await deployed.invoke({ Step: step, SecretId, ClientRequestToken: randomUUID() });
    await expectFailure(deployed, result, 'CONFIGURATION', "Secrets Manager can't find the specified secret.");
    expect((await deployed.log(1))[0]).toMatchObject({ secret: 'my-app/logins' });
  });
});

describe('finishSecret', () => {
  it('refuses a version that was proved and then abandoned', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    for (const step of steps.slice(0, 3)) await deployed.step(step, versionId);
    await takePending(deployed, versionId);
    expect(await deployed.step('finishSecret', versionId)).toMatchObject({ failure: expect.anything() });
    expect((await deployed.log(4))[3]).toMatchObject({ errorCode: 'VERSION_NOT_PENDING' });
    expect(await deployed.value()).toBe(secretString);
  });

  it('says why the label could not be moved if it cannot read the labels either', async () => {
    const deployed = await deployStrategy({ entry, secretString });
    const versionId = await deployed.pendingVersion();
    for (const name of steps.slice(0, 3)) await deployed.step(name, versionId);
    deployed.aws.faults.add({ action: 'UpdateSecretVersionStage', kind: 'throttle' });
    deployed.aws.faults.add({ action: 'DescribeSecret', kind: 'fail-before', nth: 2 });
    await deployed.step('finishSecret', versionId);
    expect((await deployed.log(4))[3]).toMatchObject({ step: 'finishSecret', errorCode: 'THROTTLED' });
  });
});

describe('A stored value that the strategy cannot use', () => {
  it.each([
    ['text that is not JSON', 'hunter2-hunter2', 'AWSCURRENT of my-app/login is not JSON; expected a JSON object'],
    [
      'JSON after a byte order mark',
      '\uFEFF{"username":"app","password":"hunter2-hunter2"}',
      'AWSCURRENT of my-app/login begins with a byte order mark \\(BOM\\).* Store it again as UTF-8 without BOM\\.',
    ],
    ['an array', '["hunter2-hunter2"]', 'AWSCURRENT of my-app/login is JSON, but an array; expected a JSON object'],
    [
      'without a needed field',
      '{"password":"hunter2-hunter2"}',
      'AWSCURRENT of my-app/login is not as expected: "username" is missing.',
    ],
    [
      'with an empty one',
      '{"username":"","password":"hunter2-hunter2"}',
      'AWSCURRENT of my-app/login is not as expected: "username": expected a string, found an empty string.',
    ],
  ])('fails the rotation and is not quoted: %s', async (_what, stored, message) => {
    const deployed = await deployStrategy({ entry: target, secretString: stored });
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    await expectFailure(deployed, result, 'SECRET_VALUE', new RegExp(`^${message}`));
  });

  it.each([
    [
      'that are no text',
      [0xff, 0xfe, 0x7b],
      /^The secret my-app\/login holds bytes \(SecretBinary\) that are not UTF-8 text/,
    ],
    ['that are no JSON', Buffer.from('hunter2-hunter2'), /^AWSCURRENT of my-app\/login is not JSON/],
    [
      'with a byte order mark',
      Buffer.from('\uFEFF{"password":"x"}'),
      /^AWSCURRENT of my-app\/login begins with a byte order/,
    ],
  ])('fails the rotation and is not quoted: bytes %s', async (_what, bytes, message) => {
    const deployed = await deployStrategy({ entry });
    const SecretBinary = Uint8Array.from(bytes);
    await deployed.client.send(new PutSecretValueCommand({ SecretId: deployed.secretArn, SecretBinary }));
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    await expectFailure(deployed, result, 'SECRET_VALUE', message);
  });

  it.each([
    ['makes a large value', /^The new document has \d+ bytes; Secrets Manager accepts at most 65536/],
    ['makes an unfit value', /^The new value is not as expected: "password": expected a string, found an empty string/],
  ])('is never stored: a strategy that %s', async (MISBEHAVIOUR, message) => {
    const deployed = await deployStrategy({ entry: misbehaving, secretString, environment: { MISBEHAVIOUR } });
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    await expectFailure(deployed, result, 'SECRET_VALUE', message);
    expect(deployed.calls).not.toContain('PutSecretValue');
  });
});

describe('A mistake in the environment', () => {
  it.each([
    [{ PASSWORD_LENGTH: 'abc' }, /^PASSWORD_LENGTH is "abc": expected a whole number from 1 to 4096\. Correct/],
    [{ PASSWORD_LENGTH: '3' }, /^The function's password variables make no password\. .*requireEachIncludedType/],
    [{ SECRET_FORMAT: 'xml' }, /^SECRET_FORMAT is "xml": expected json or text\. Correct/],
    [
      { PASSWORD_FIELDS: 'a,,b' },
      /^PASSWORD_FIELDS: field is \["a","","b"\]: expected fields by name or JSON Pointer; a name has/,
    ],
    [
      { PASSWORD_FIELDS: '/db,/db/password' },
      /^PASSWORD_FIELDS: field is .*expected each field once, and none within another/,
    ],
  ])('is reported at the first step: %j', async (environment, message) => {
    const deployed = await deployStrategy({ entry, secretString, environment });
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    await expectFailure(deployed, result, 'CONFIGURATION', message);
    expect(deployed.calls).toEqual([]);
  });
});

describe('A strategy that', () => {
  it.each([
    ['throws the value', 'cannot log in with {"password":"[scrubbed]"} ← the driver was given [scrubbed] ← [scrubbed]'],
    ['throws a string', 'no login with [scrubbed]'],
    ['throws at once', '[scrubbed] is out of range'],
    ['throws a ring of causes', /^(refused \[scrubbed\]( ← )?)+$/],
  ])('%s shows what went wrong, but not the value', async (MISBEHAVIOUR, message) => {
    const deployed = await deployStrategy({ entry: misbehaving, secretString, environment: { MISBEHAVIOUR } });
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    await expectFailure(deployed, result, 'INTERNAL', message);
  });

  it('has its schema trim the value does not show the rest either', async () => {
    const environment = { MISBEHAVIOUR: 'throws the value' };
    const deployed = await deployStrategy({
      entry: misbehaving,
      secretString: '{"password":" padded\\n"}',
      environment,
    });
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    await expectFailure(deployed, result, 'INTERNAL', /^cannot log in with \{"password":"\[scrubbed\]"\}/);
  });

  it.each([
    ['never settles', 'create'],
    ['heeds the signal', 'create'],
    ['is never defined', 'the strategy'],
  ])('%s fails before Lambda ends it, and says what it waited for', async (MISBEHAVIOUR, what) => {
    const environment = { MISBEHAVIOUR };
    const deployed = await deployStrategy({ entry: misbehaving, secretString, environment, timeoutSeconds: 1 });
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    const message = new RegExp(
      `^${what} had not answered when the 0\\.\\d s were over\\. Raise the function's timeout`,
    );
    await expectFailure(deployed, result, 'TIMEOUT', message);
  });
});

describe('A target that cannot be used', () => {
  async function rotateAgainst(url: string) {
    const deployed = await deployStrategy({ entry: target, secretString, environment: { TARGET_URL: url } });
    const versionId = await deployed.pendingVersion();
    await deployed.step('createSecret', versionId);
    const [, failed] = [await deployed.step('setSecret', versionId), (await deployed.log(2))[1]];
    return { failed, value: await deployed.value() };
  }

  it('is reported as NETWORK, with the address, if nothing listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    // A name, as a target has one: where it stands for two addresses, Node's error for both has no message of its own.
    const { failed, value } = await rotateAgainst(`http://localhost:${port}`);
    const errorMessage = expect.stringMatching(new RegExp(`^fetch failed ← .*connect ECONNREFUSED 127.0.0.1:${port}`));
    expect(failed).toMatchObject({ errorCode: 'NETWORK', errorMessage });
    expect(value).toBe(secretString);
  });

  it('is reported as TLS if its certificate cannot be trusted', async () => {
    const tls = selfSigned();
    const { url } = await passwordTarget({ password: 'the-first-one', tls });
    const { failed } = await rotateAgainst(url);
    const errorMessage = expect.stringMatching(/^fetch failed ← self-signed certificate/);
    expect(failed).toMatchObject({ errorCode: 'TLS', errorMessage });
  });

  it('is reported as AUTHENTICATION if it accepts none of the passwords', async () => {
    const { url } = await passwordTarget({ password: 'set-by-somebody-else' });
    const { failed } = await rotateAgainst(url);
    const errorMessage = 'The target refused all 2 passwords of app.';
    expect(failed).toMatchObject({ errorCode: 'AUTHENTICATION', errorMessage });
  });
});

describe('A role that lacks a permission', () => {
  it('is reported as PRIVILEGE, with the action that it lacks', async () => {
    const actions = ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'];
    const deployed = await deployStrategy({ entry, secretString, actions });
    const result = await deployed.step('createSecret', await deployed.pendingVersion());
    await expectFailure(deployed, result, 'PRIVILEGE', /not authorized to perform: secretsmanager:GetSecretValue/);
    expect(deployed.calls).not.toContain('PutSecretValue');
  });
});

describe('A value that the target will never accept', () => {
  it('is reported as POLICY even if the version cannot be abandoned', async () => {
    const account = await passwordTarget({ password: 'the-first-one', refuses: () => true });
    const environment = { TARGET_URL: account.url };
    const deployed = await deployStrategy({ entry: target, secretString, environment });
    const versionId = await deployed.pendingVersion();
    await deployed.step('createSecret', versionId);
    deployed.aws.faults.add({ action: 'UpdateSecretVersionStage', kind: 'throttle' });
    await deployed.step('setSecret', versionId);
    expect((await deployed.log(2))[1]).toMatchObject({ step: 'setSecret', errorCode: 'POLICY' });
    expect(await deployed.labels()).toMatchObject({ [versionId]: ['AWSPENDING'] });
  });

  it('is abandoned, so that the next rotation makes another one', async () => {
    const refused: string[] = [];
    const account = await passwordTarget({
      password: 'the-first-one',
      refuses: (password) => refused.length === 0 && refused.push(password) === 1,
    });
    const deployed = await deployStrategy({
      entry: target,
      secretString,
      environment: { TARGET_URL: account.url },
      attempts: 3,
    });
    const { versionId, outcome } = await deployed.rotate();
    expect(outcome).toBe('failed');
    expect(account.requests).toEqual(['PUT 422']);
    expect(await deployed.labels()).not.toHaveProperty(versionId);
    expect((await deployed.log(4)).map(({ step, errorCode, errorMessage }) => [step, errorCode, errorMessage])).toEqual(
      [
        ['createSecret', undefined, undefined],
        ['setSecret', 'POLICY', 'The target refuses the value [scrubbed].'],
        ['createSecret', 'VERSION_NOT_PENDING', expect.stringContaining('the target refuses its value')],
        ['createSecret', 'VERSION_NOT_PENDING', expect.stringContaining('the target refuses its value')],
      ],
    );

    expect(await deployed.rotate()).toMatchObject({ outcome: 'succeeded' });
    expect(JSON.parse((await deployed.value()) ?? '')).toEqual({ username: 'app', password: account.password });
    expect(refused).not.toContain(account.password);
  });
});

/** A key and a certificate that no authority vouches for. */
function selfSigned() {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-tls-'));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  try {
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
    const args = ['req', '-x509', ...kind, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert];
    execFileSync('openssl', args, { stdio: 'ignore' });
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
