import { randomUUID } from 'node:crypto';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { deployStrategy } from './deploy-strategy.ts';
import { passwordTarget } from './password-target.ts';

const entry = '__tests__/lambda/rotation/strategies/target.ts';
const secretString = '{"username":"app","password":"the-first-one"}';
const done = { payload: null };

async function deploy() {
  const target = await passwordTarget({ password: 'the-first-one' });
  const deployed = await deployStrategy({ entry, secretString, environment: { TARGET_URL: target.url } });
  return { ...deployed, target, versionId: await deployed.pendingVersion() };
}

describe('Only a proved value becomes current', () => {
  it('finishSecret does not promote a value that was never set', async () => {
    const { step, value, labels, log, target, versionId } = await deploy();
    await step('createSecret', versionId);
    expect(await step('finishSecret', versionId)).toMatchObject({ failure: expect.anything() });
    expect((await log(2))[1]).toMatchObject({ step: 'finishSecret', errorCode: 'AUTHENTICATION' });
    expect(target.requests).toEqual(['GET 401']);
    expect(await value()).toBe(secretString);
    expect(await labels()).toMatchObject({ [versionId]: ['AWSPENDING'] });
  });

  it('finishSecret proves a value that was set, if this process has not proved it', async () => {
    const { step, calls, target, labels, versionId } = await deploy();
    for (const name of ['createSecret', 'setSecret'] as const) await step(name, versionId);
    calls.length = 0;
    expect(await step('finishSecret', versionId)).toEqual(done);
    expect(calls).toEqual(['DescribeSecret', 'GetSecretValue', 'UpdateSecretVersionStage']);
    expect(target.requests).toEqual(['PUT 204', 'GET 200']);
    expect(await labels()).toMatchObject({ [versionId]: ['AWSCURRENT', 'AWSPENDING'] });
  });

  it('a normal rotation proves the value once', async () => {
    const { rotate, calls, target, aws, secretArn, versionId } = await deploy();
    // The rotation that the test began by hand is given up.
    aws.account.secrets.find(secretArn)?.stages.delete('AWSPENDING');
    expect(versionId).not.toBe((await rotate()).versionId);
    expect(target.requests).toEqual(['PUT 204', 'GET 200']);
    expect(calls.slice(-2)).toEqual(['DescribeSecret', 'UpdateSecretVersionStage']);
  });

  it('testSecret refuses a value that somebody replaced at the target, even in the process that set it', async () => {
    const { step, value, log, target, versionId } = await deploy();
    for (const name of ['createSecret', 'setSecret'] as const) expect(await step(name, versionId)).toEqual(done);
    target.password = 'set by a person';
    for (const name of ['testSecret', 'finishSecret'] as const)
      expect(await step(name, versionId)).toMatchObject({ failure: expect.anything() });
    expect((await log(5)).slice(3)).toMatchObject([{ errorCode: 'AUTHENTICATION' }, { errorCode: 'AUTHENTICATION' }]);
    expect(await value()).toBe(secretString);
  });

  it('finishSecret proves the value again if it was set again after the proof', async () => {
    const { step, value, target, versionId } = await deploy();
    for (const name of ['createSecret', 'setSecret', 'testSecret', 'setSecret'] as const) await step(name, versionId);
    target.password = 'set by a person';
    expect(await step('finishSecret', versionId)).toMatchObject({ failure: expect.anything() });
    expect(await value()).toBe(secretString);
  });

  it('finishSecret refuses a version if somebody moved its AWSPENDING to another value', async () => {
    const { step, value, client, secretArn, log, versionId } = await deploy();
    for (const name of ['createSecret', 'setSecret', 'testSecret'] as const) await step(name, versionId);
    const ClientRequestToken = randomUUID();
    const input = { SecretId: secretArn, ClientRequestToken, VersionStages: ['AWSPENDING'] };
    await client.send(new PutSecretValueCommand({ ...input, SecretString: secretString.replace('first', 'other') }));
    expect(await step('finishSecret', versionId)).toMatchObject({ failure: expect.anything() });
    expect((await log(5))[4]).toMatchObject({ step: 'finishSecret', errorCode: 'VERSION_NOT_PENDING' });
    expect(await value()).toBe(secretString);
  });
});
