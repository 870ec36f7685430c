import { CancelRotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { RotationStep } from '../../../local/account-events.ts';
import { deployStrategy } from './deploy-strategy.ts';
import { passwordTarget } from './password-target.ts';
import { wiretap } from './wiretap.ts';

const entry = 'lambda/password.ts';
const secretString = '{"password":"the-first-one"}';
const steps: readonly RotationStep[] = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'];
const done = { payload: null };

describe('A step that Secrets Manager invokes again', () => {
  it('changes nothing again, whichever step it is', async () => {
    const { pendingVersion, step, value, labels, log } = await deployStrategy({ entry, secretString });
    const versionId = await pendingVersion();
    for (const name of steps) {
      expect(await step(name, versionId)).toEqual(done);
      const before = [await value(versionId), await labels()];
      expect(await step(name, versionId)).toEqual(done);
      expect([await value(versionId), await labels()]).toEqual(before);
    }
    expect((await log(8)).map(({ outcome }) => outcome)).toEqual([
      'done',
      'already done',
      'done',
      'done',
      'done',
      'done',
      'done',
      'already done',
    ]);
  });

  it('does not touch the target of a version that is already current', async () => {
    const target = await passwordTarget({ password: 'the-first-one' });
    const { pendingVersion, step, value, labels, log } = await deployStrategy({
      entry: '__tests__/lambda/rotation/strategies/target.ts',
      secretString: '{"username":"app","password":"the-first-one"}',
      environment: { TARGET_URL: target.url },
    });
    const versionId = await pendingVersion();
    for (const name of steps) await step(name, versionId);
    const before = [await value(), await labels(), [...target.requests]];
    for (const name of steps) expect(await step(name, versionId)).toEqual(done);
    expect([await value(), await labels(), target.requests]).toEqual(before);
    expect((await log(9)).slice(-4).map(({ outcome }) => outcome)).toEqual(Array(4).fill('already done'));
  });

  it('has nothing left to do after a complete rotation', async () => {
    const { rotate, step, value, labels, calls } = await deployStrategy({ entry, secretString });
    const { versionId } = await rotate();
    const before = [await value(), await labels()];
    calls.length = 0;
    for (const name of steps) expect(await step(name, versionId)).toEqual(done);
    expect([await value(), await labels()]).toEqual(before);
    expect(calls).toEqual(['DescribeSecret', 'GetSecretValue', 'DescribeSecret']);
  });

  it('keeps the one value that was stored first if two invocations overlap', async () => {
    let arrived = 0;
    let open = () => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const tap = await wiretap(({ action }) => {
      if (action !== 'PutSecretValue') return undefined;
      arrived += 1;
      if (arrived === 2) open();
      return both;
    });
    const { aws, pendingVersion, step, value, calls, log } = await deployStrategy({
      entry,
      secretString,
      environment: tap.environment,
    });
    tap.connect(aws.endpoint);
    const versionId = await pendingVersion();
    expect(await Promise.all([step('createSecret', versionId), step('createSecret', versionId)])).toEqual([done, done]);
    expect(calls).toContain('PutSecretValue: ResourceExistsException');
    expect((await log(2)).map(({ outcome }) => outcome).sort()).toEqual(['already done', 'done']);
    const stored = await value(versionId);
    for (const name of steps) expect(await step(name, versionId)).toEqual(done);
    expect(await value()).toBe(stored);
  });

  it('proves what this process just stored without reading it, and reads it the next time', async () => {
    const target = await passwordTarget({ password: 'the-first-one' });
    const { pendingVersion, step, calls } = await deployStrategy({
      entry: '__tests__/lambda/rotation/strategies/target.ts',
      secretString: '{"username":"app","password":"the-first-one"}',
      environment: { TARGET_URL: target.url },
    });
    const versionId = await pendingVersion();
    for (const name of ['createSecret', 'setSecret'] as const) await step(name, versionId);
    calls.length = 0;
    expect(await step('testSecret', versionId)).toEqual(done);
    expect(calls).toEqual([]);
    expect(await step('testSecret', versionId)).toEqual(done);
    expect(calls).toEqual(['GetSecretValue']);
    expect(target.requests.slice(-2)).toEqual(['GET 200', 'GET 200']);
  });

  it('finishes in a process that has not tested the version', async () => {
    const first = await deployStrategy({ entry, secretString });
    const versionId = await first.pendingVersion();
    await first.step('createSecret', versionId);
    first.calls.length = 0;
    expect(await first.step('finishSecret', versionId)).toEqual(done);
    expect(first.calls).toEqual(['DescribeSecret', 'GetSecretValue', 'UpdateSecretVersionStage']);
    expect(await first.labels()).toMatchObject({ [versionId]: ['AWSCURRENT', 'AWSPENDING'] });
  });

  it.each(['setSecret', 'testSecret', 'finishSecret'] as const)(
    'refuses %s of a version without a value, and promotes nothing',
    async (name) => {
      const target = await passwordTarget({ password: 'the-first-one' });
      const { pendingVersion, step, labels, log } = await deployStrategy({
        entry: '__tests__/lambda/rotation/strategies/target.ts',
        secretString: '{"username":"app","password":"the-first-one"}',
        environment: { TARGET_URL: target.url },
      });
      const versionId = await pendingVersion();
      const before = await labels();
      expect(await step(name, versionId)).toMatchObject({
        failure: { errorMessage: 'AWSPENDING of my-app/login has no value. createSecret has to run before this step.' },
      });
      expect(await labels()).toEqual(before);
      expect(target.requests).toEqual([]);
      expect(await log(1)).toMatchObject([{ errorCode: 'SECRET_VALUE' }]);
    },
  );

  it('asks four times for a late value, with pauses that grow to a second', async () => {
    const { aws, pendingVersion, step } = await deployStrategy({
      entry: '__tests__/lambda/rotation/strategies/target.ts',
      secretString,
      environment: { TARGET_URL: 'http://127.0.0.1:1' },
    });
    const versionId = await pendingVersion();
    const readsAt: number[] = [];
    aws.account.events.on('call', ({ action }) => action === 'GetSecretValue' && readsAt.push(performance.now()));
    await step('testSecret', versionId);
    expect(readsAt).toHaveLength(4);
    const breaksMs = readsAt.slice(1).map((at, index) => at - (readsAt[index] ?? 0));
    // At least: a busy machine takes longer. A timer may be a millisecond early.
    for (const [index, leastMs] of [99, 299, 899].entries()) expect(breaksMs[index]).toBeGreaterThan(leastMs);
  });

  it('has finished if Secrets Manager moved the label and its answer was lost', async () => {
    const { aws, pendingVersion, step, calls, log } = await deployStrategy({ entry, secretString });
    const versionId = await pendingVersion();
    for (const name of steps.slice(0, 3)) await step(name, versionId);
    aws.faults.add({ action: 'UpdateSecretVersionStage', kind: 'fail-after', attempts: 1 });
    calls.length = 0;
    expect(await step('finishSecret', versionId)).toEqual(done);
    expect(calls).toEqual([
      ...['DescribeSecret', 'UpdateSecretVersionStage'],
      ...['UpdateSecretVersionStage: InvalidParameterException', 'DescribeSecret'],
    ]);
    expect((await log(4))[3]).toMatchObject({ step: 'finishSecret', outcome: 'already done' });
  });

  it('finishes a rotation that was canceled halfway', async () => {
    const { client, secretArn, pendingVersion, step, labels } = await deployStrategy({ entry, secretString });
    const versionId = await pendingVersion();
    for (const name of steps.slice(0, 3)) await step(name, versionId);
    await client.send(new CancelRotateSecretCommand({ SecretId: secretArn }));
    expect(await step('finishSecret', versionId)).toEqual(done);
    expect(await labels()).toMatchObject({ [versionId]: expect.arrayContaining(['AWSCURRENT']) });
  });
});

describe('A rotation', () => {
  it.each([
    ['the process dies before', { kind: 'kill-before' }],
    ['the process dies after', { kind: 'kill-after' }],
    ['the connection breaks after', { kind: 'fail-after', attempts: 1 }],
    ['an old answer comes to', { kind: 'stale' }],
  ] as const)('completes in the next attempt if %s any of its calls', async (_what, fault) => {
    const target = await passwordTarget({ password: 'the-first-one' });
    const { aws, rotate, value, labels, calls } = await deployStrategy({
      entry: '__tests__/lambda/rotation/strategies/target.ts',
      secretString: '{"username":"app","password":"the-first-one"}',
      environment: { TARGET_URL: target.url },
      attempts: 2,
    });
    await rotate();
    const callsOfOne = calls.length;
    expect(callsOfOne).toBe(8);
    for (let nth = 1; nth <= callsOfOne; nth += 1) {
      const before = target.password;
      aws.faults.add({ action: '*', nth, ...fault });
      const { versionId, outcome } = await rotate();
      aws.faults.clear();
      expect([nth, outcome]).toEqual([nth, 'succeeded']);
      expect(target.password).not.toBe(before);
      expect(JSON.parse((await value()) ?? '')).toEqual({ username: 'app', password: target.password });
      expect((await labels())[versionId]).toEqual(['AWSCURRENT']);
    }
  });
});
