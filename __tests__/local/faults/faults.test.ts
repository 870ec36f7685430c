import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CreateSecretCommand, PutSecretValueCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../../constructs/code/bundle-function.ts';
import type { CallEvent } from '../../../local/account-events.ts';
import type { Fault } from '../../../local/faults/fault.ts';
import { createFunction } from '../../../local/lambda/create-function.ts';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import { functionRole, rotationFunction, runningAccount, TURNING } from '../secrets-manager/running-account.ts';
import type { SdkCall } from './sdk-function.ts';

let archive: Uint8Array;

beforeAll(() => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rotaform-sdk-function-'));
  bundleFunction(fileURLToPath(new URL('sdk-function.ts', import.meta.url)), folder);
  archive = zipSync({ 'index.js': readFileSync(path.join(folder, 'index.js')) });
  rmSync(folder, { recursive: true });
});

const get = (VersionStage = 'AWSCURRENT'): SdkCall => ({
  action: 'GetSecretValue',
  input: { SecretId: 's', VersionStage },
});
const put = (SecretString: string, stages = ['AWSPENDING']): SdkCall => ({
  action: 'PutSecretValue',
  input: { SecretId: 's', ClientRequestToken: randomUUID(), SecretString, VersionStages: stages },
});
const describeSecret: SdkCall = { action: 'DescribeSecret', input: { SecretId: 's' } };

/** An account with a secret `s` and a function that uses the AWS SDK with two attempts for each call. */
async function faultyAccount(...faults: readonly Fault[]) {
  const running = await runningAccount();
  const { aws, client } = running;
  const { account } = aws;
  await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
  await createFunction(
    {
      FunctionName: 'sdk',
      Role: functionRole(account, 'sdk'),
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: 20,
      ZipFile: archive,
    },
    account,
  );
  const remove = faults.map((fault) => aws.faults.add(fault));
  const calls: CallEvent[] = [];
  account.events.on('call', (call) => call.service === 'secretsmanager' && calls.push(call));
  return {
    ...running,
    calls,
    remove: () => remove.forEach((each) => void each()),
    /** The values, in the order in which they were stored. */
    values: () => [...(account.secrets.find('s')?.versions.values() ?? [])].map(({ value }) => value?.SecretString),
    async run(...payload: SdkCall[]): Promise<unknown> {
      const result = await invokeFunction(account, { functionArn: 'sdk', payload });
      return 'payload' in result ? result.payload : result.failure;
    },
  };
}

const first = expect.objectContaining({ SecretString: 'first', attempts: 1 });

describe('fail-before', () => {
  it('fails one call, for all attempts of the SDK, and changes nothing', async () => {
    const { run, values, calls } = await faultyAccount({ action: 'PutSecretValue', kind: 'fail-before' });
    const [failed, read, stored] = (await run(put('second'), get(), put('third'))) as unknown[];
    expect(failed).toEqual({ error: 'InternalServiceError', attempts: 2 });
    expect(read).toEqual(first);
    expect(stored).toMatchObject({ attempts: 1 });
    expect(values()).toEqual(['first', 'third']);
    expect(calls.map(({ faults = [], errorCode = 'done' }) => [...faults, errorCode])).toEqual([
      ['fail-before', 'InternalServiceError'],
      ['fail-before', 'InternalServiceError'],
      ['done'],
      ['done'],
    ]);
  });

  it('is not noticed by the function if it hits only one attempt', async () => {
    const { run } = await faultyAccount({ action: 'GetSecretValue', kind: 'fail-before', attempts: 1 });
    expect(await run(get())).toEqual([expect.objectContaining({ SecretString: 'first', attempts: 2 })]);
  });
});

describe('fail-after', () => {
  it('lets the call take effect and drops its answer, in every attempt', async () => {
    const { run, values, calls } = await faultyAccount({ action: 'PutSecretValue', kind: 'fail-after' });
    expect(await run(put('second'))).toEqual([{ error: 'ECONNRESET', attempts: 2 }]);
    expect(values()).toEqual(['first', 'second']);
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(call).toMatchObject({ faults: ['fail-after'] });
      expect(call).not.toHaveProperty('errorCode');
    }
  });

  it('lets the next attempt see what the first one did', async () => {
    const { run, values } = await faultyAccount({ action: 'PutSecretValue', kind: 'fail-after', attempts: 1 });
    expect(await run(put('second'))).toEqual([expect.objectContaining({ VersionStages: ['AWSPENDING'], attempts: 2 })]);
    expect(values()).toEqual(['first', 'second']);
  });
});

describe('throttle', () => {
  it("answers AWS's ThrottlingException", async () => {
    const { run, values } = await faultyAccount({ action: '*', kind: 'throttle' });
    expect(await run(put('second'), get())).toEqual([{ error: 'ThrottlingException', attempts: 2 }, first]);
    expect(values()).toEqual(['first']);
  });
});

describe('delay', () => {
  it('delays a call, so that other calls take effect before it', async () => {
    const { run, client, aws } = await faultyAccount({ action: 'GetSecretValue', kind: 'delay', delayMs: 600_000 });
    const described = new Promise((resolve) => aws.account.events.once('call', resolve));
    const running = run(describeSecret, get());
    await described;
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'meanwhile' }));
    aws.faults.clear();
    expect(await running).toEqual([expect.anything(), expect.objectContaining({ SecretString: 'meanwhile' })]);
  });

  it('ends by itself', async () => {
    const { run } = await faultyAccount({ action: 'GetSecretValue', kind: 'delay', delayMs: 1 });
    expect(await run(get())).toEqual([first]);
  });
});

describe('stale', () => {
  const pending = expect.objectContaining({ SecretString: 'second' });

  it('answers a read as if the latest change had not happened', async () => {
    const { run } = await faultyAccount({ action: 'GetSecretValue', kind: 'stale', times: 2 });
    expect(await run(put('second'), get('AWSPENDING'), get(), get('AWSPENDING'))).toEqual([
      expect.anything(),
      { error: 'ResourceNotFoundException', attempts: 1 },
      first,
      pending,
    ]);
  });

  it('shows the previous labels and versions', async () => {
    const { run } = await faultyAccount({ action: '*', kind: 'stale', nth: 1, times: 2 });
    const list: SdkCall = { action: 'ListSecretVersionIds', input: { SecretId: 's' } };
    const [, stale, staleList, now, list2] = (await run(
      put('second', ['AWSCURRENT']),
      describeSecret,
      list,
      describeSecret,
      list,
    )) as { VersionIdsToStages: object; Versions: object[] }[];
    expect(Object.values(stale?.VersionIdsToStages ?? {})).toEqual([['AWSCURRENT']]);
    expect(staleList?.Versions).toHaveLength(1);
    expect(Object.values(now?.VersionIdsToStages ?? {})).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']]);
    expect(list2?.Versions).toHaveLength(2);
  });

  it('does not count a call that changes nothing', async () => {
    const { run } = await faultyAccount({ action: 'GetSecretValue', kind: 'stale' });
    const twice = put('second');
    expect(await run(twice, twice, get('AWSPENDING'))).toContainEqual({
      error: 'ResourceNotFoundException',
      attempts: 1,
    });
  });

  it('hides the latest change by Secrets Manager itself, such as AWSPENDING before a rotation', async () => {
    const running = await faultyAccount({ action: 'DescribeSecret', kind: 'stale' });
    const { aws, client } = running;
    const lines: string[] = [];
    aws.account.events.on('functionLog', ({ line }) => lines.push(line));
    const RotationLambdaARN = await rotationFunction(
      running,
      `exports.handler = async ({ Step, SecretId }) => {
        if (Step === 'createSecret') for (const _ of [1, 2]) {
          console.log(Object.values((await call('DescribeSecret', { SecretId })).VersionIdsToStages).join());
        }
      };`,
    );
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    await aws.rotationSettled('s');
    await aws.close();
    expect(lines).toEqual(['AWSCURRENT', 'AWSCURRENT,AWSPENDING']);
  });
});

describe('a kill', () => {
  const killed = {
    errorType: 'Runtime.ExitError',
    errorMessage: expect.stringContaining('Runtime exited with error: signal: killed'),
  };

  it.each([
    ['kill-before', ['first']],
    ['kill-after', ['first', 'second']],
  ] as const)('ends the process: %s', async (kind, stored) => {
    const { run, values } = await faultyAccount({ action: 'PutSecretValue', kind });
    expect(await run(put('second'), put('never'))).toEqual(killed);
    expect(values()).toEqual(stored);
    expect(await run(get())).toEqual([first]);
  });

  it('fails one attempt of a rotation, and the next one succeeds', async () => {
    const running = await faultyAccount({ action: 'UpdateSecretVersionStage', kind: 'kill-after' });
    const { aws, client } = running;
    const RotationLambdaARN = await rotationFunction(running, TURNING);
    const failures: string[] = [];
    aws.account.events.on('rotationStepEnded', ({ step, attempt, failure }) => {
      if (failure) failures.push(`${attempt} ${step} ${failure.errorType}`);
    });
    const { VersionId } = await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect(failures).toEqual(['1 finishSecret Runtime.ExitError']);
    expect(aws.account.secrets.find('s')?.stages.get('AWSCURRENT')).toBe(VersionId);
  });
});

describe('a fault', () => {
  const failed = { error: 'ThrottlingException', attempts: 2 };

  it('hits the calls that nth and times name, without counting the attempts of the SDK', async () => {
    const { run } = await faultyAccount({ action: '*', kind: 'throttle', nth: 2, times: 2 });
    expect(await run(get(), get(), describeSecret, get())).toEqual([first, failed, failed, first]);
  });

  it('hits every call if times is Infinity', async () => {
    const { run } = await faultyAccount({
      action: 'GetSecretValue',
      kind: 'throttle',
      times: Number.POSITIVE_INFINITY,
    });
    expect(await run(get(), get(), get())).toEqual([failed, failed, failed]);
  });

  it('counts its own calls, independently of other faults', async () => {
    const { run } = await faultyAccount(
      { action: '*', kind: 'throttle', nth: 2 },
      { action: 'GetSecretValue', kind: 'fail-before', nth: 3 },
      { action: 'GetSecretValue', kind: 'delay', delayMs: 1, times: 3 },
    );
    expect(await run(get(), get(), get(), get())).toEqual([
      first,
      failed,
      { error: 'InternalServiceError', attempts: 2 },
      first,
    ]);
  });

  it('stops when it is removed', async () => {
    const always = { action: '*', kind: 'throttle', times: Number.POSITIVE_INFINITY } as const;
    const { run, remove, aws } = await faultyAccount(always);
    remove();
    expect(await run(get())).toEqual([first]);
    aws.faults.add(always);
    aws.faults.clear();
    expect(await run(get())).toEqual([first]);
  });

  it("hits only functions' calls, unless callers is everyone", async () => {
    const { call, aws, run } = await faultyAccount({ action: 'GetSecretValue', kind: 'throttle' });
    expect(await call('GetSecretValue', { SecretId: 's' })).toMatchObject({ status: 200 });
    expect(await run(get())).toEqual([failed]);
    aws.faults.add({ action: 'GetSecretValue', kind: 'throttle', callers: 'everyone' });
    expect(await call('GetSecretValue', { SecretId: 's' })).toMatchObject({
      status: 400,
      body: { __type: 'ThrottlingException', Message: 'Rate exceeded' },
    });
  });

  it.each([
    [{ action: 'FryEggs', kind: 'throttle' }, 'action is "FryEggs". Expected one of: *, BatchGetSecretValue, '],
    [
      { action: '*', kind: 'explode' },
      'kind is "explode". Expected one of: fail-before, fail-after, throttle, delay, stale, kill-before, kill-after.',
    ],
    [
      { action: 'PutSecretValue', kind: 'stale' },
      'action, of the kind "stale", is "PutSecretValue". Expected one of: *, DescribeSecret, GetSecretValue, ListSecretVersionIds.',
    ],
    [{ action: '*', kind: 'throttle', nth: 0 }, 'nth is 0. Expected a whole number from 1'],
    [{ action: '*', kind: 'throttle', times: 1.5 }, 'times is 1.5. Expected a whole number from 1, or Infinity.'],
    [
      { action: '*', kind: 'throttle', attempts: Number.NaN },
      'attempts is NaN. Expected a whole number from 1, or Infinity.',
    ],
    [
      { action: '*', kind: 'delay' },
      'kind "delay" has a delayMs, and no other kind does. This one is "delay" and has no delayMs.',
    ],
    [
      { action: '*', kind: 'throttle', delayMs: 5 },
      'kind "delay" has a delayMs, and no other kind does. This one is "throttle".',
    ],
    [{ action: '*', kind: 'delay', delayMs: 0 }, 'delayMs is 0'],
    [{ action: '*', kind: 'throttle', callers: 'me' }, 'callers is "me". Expected one of: functions, everyone.'],
    [{ action: '*', kind: 'kill-after', callers: 'everyone' }, "only a function's process can be killed"],
  ])('is refused if it could not strike as intended: %j', async (fault, message) => {
    const { aws } = await runningAccount();
    expect(() => aws.faults.add(fault as Fault)).toThrow(message);
  });
});
