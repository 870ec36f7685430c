import { CreateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../../../local/account-events.ts';
import { putRolePolicy } from '../../../local/iam/role-policies.ts';
import { createRole } from '../../../local/iam/roles.ts';
import { createSchedule } from '../../../local/scheduler/schedules.ts';
import { rotationFunction, runningAccount, TURNING } from '../secrets-manager/running-account.ts';
import { SIGNED } from '../signed.ts';

const ROTATE_SECRET = 'arn:aws:scheduler:::aws-sdk:secretsmanager:rotateSecret';
const INPUT = JSON.stringify({
  SecretId: 's',
  ClientRequestToken: 'padded-to-32-or-more-<aws.scheduler.execution-id>',
});
const ALLOWED = ['secretsmanager:RotateSecret', 'lambda:InvokeFunction'];

interface Given {
  readonly source?: string;
  readonly actions?: readonly string[];
  readonly trusted?: object;
}

/** A secret that rotates, and a role for the scheduler. */
async function schedulerAccount({ source = TURNING, actions = ALLOWED, trusted = {} }: Given = {}) {
  const running = await runningAccount({ rotation: { attempts: 1 } });
  const { aws, client } = running;
  const { account } = aws;
  await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
  const RotationLambdaARN = await rotationFunction(running, source);
  await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
  await aws.rotationSettled('s');
  const trust = { Effect: 'Allow', Principal: { Service: 'scheduler.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const AssumeRolePolicyDocument = JSON.stringify({ Statement: [{ ...trust, ...trusted }] });
  const { Arn: RoleArn } = createRole({ RoleName: 'refresh', AssumeRolePolicyDocument }, account);
  const PolicyDocument = JSON.stringify({ Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });
  putRolePolicy({ RoleName: 'refresh', PolicyName: 'refresh', PolicyDocument }, account);
  const calls: CallEvent[] = [];
  account.events.on('call', (call) => call.action === 'RotateSecret' && calls.push(call));
  const started: string[] = [];
  account.events.on('rotationStarted', ({ versionId }) => started.push(versionId));
  return {
    aws,
    calls,
    started,
    refreshEvery(
      ScheduleExpression: string,
      { Arn = ROTATE_SECRET, MaximumEventAgeInSeconds = 600, Input = INPUT } = {},
    ) {
      const Target = { Arn, RoleArn, Input, RetryPolicy: { MaximumEventAgeInSeconds } };
      return createSchedule({ Name: 'r', ScheduleExpression, FlexibleTimeWindow: { Mode: 'OFF' }, Target }, account);
    },
  };
}

describe('a schedule of EventBridge Scheduler', () => {
  it('rotates a secret at its rate, as its role, each time with a new token', async () => {
    const { aws, calls, started, refreshEvery } = await schedulerAccount();
    refreshEvery('rate(30 minutes)');
    await aws.account.clock.advance({ minutes: 29 });
    expect(started).toEqual([]);
    await aws.account.clock.advance({ minutes: 61 });
    expect(started).toHaveLength(3);
    expect(new Set(started).size).toBe(3);
    for (const versionId of started) expect(versionId).toMatch(/^padded-to-32-or-more-[0-9a-f]{16}$/);
    expect(calls[0]?.caller.arn).toBe('arn:aws:sts::123456789012:assumed-role/refresh/scheduler');
    expect(await aws.rotationSettled('s')).toBe('succeeded');
  });

  it('is refused if its input is not JSON, without quoting the input', async () => {
    const { refreshEvery } = await schedulerAccount();
    const Input = '{"SecretId": "hunter2';
    expect(() => refreshEvery('rate(30 minutes)', { Input })).toThrow(/^The target's Input is not JSON\.$/);
  });

  it.each([
    [['lambda:InvokeFunction'], 'secretsmanager:RotateSecret'],
    [['secretsmanager:RotateSecret'], 'lambda:InvokeFunction'],
  ])('can do nothing with only %j, because it needs %s', async (actions, missing) => {
    const { aws, calls, started, refreshEvery } = await schedulerAccount({ actions });
    refreshEvery('rate(30 minutes)', { MaximumEventAgeInSeconds: 60 });
    await aws.account.clock.advance({ minutes: 31 });
    expect(started).toEqual([]);
    expect(calls[0]).toMatchObject({
      errorCode: 'AccessDeniedException',
      errorMessage: expect.stringMatching(new RegExp(`not authorized to perform: ${missing} on resource`)),
    });
  });

  it('repeats a refused call at growing intervals, until the event is too old', async () => {
    const failing = 'exports.handler = async () => { throw new Error("not today"); };';
    const { aws, calls, started, refreshEvery } = await schedulerAccount({ source: failing });
    refreshEvery('rate(1 hour)', { MaximumEventAgeInSeconds: 600 });
    await aws.account.clock.advance({ minutes: 90 });
    // At once, then after 1, 3 and 7 minutes. 15 minutes would be too late.
    expect(calls.map(({ errorCode }) => errorCode)).toEqual(Array(4).fill('InvalidRequestException'));
    expect(started).toEqual([]);
  });

  it('is not created if the role does not let the scheduler of this account assume it', async () => {
    const other = { Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } };
    const { refreshEvery } = await schedulerAccount({ trusted: other });
    expect(() => refreshEvery('rate(30 minutes)')).toThrow(/must allow AWS EventBridge Scheduler to assume the role/);
  });

  it('is created if the role names this account and its schedule group', async () => {
    const group = 'arn:aws:scheduler:us-east-1:123456789012:schedule-group/default';
    const own = { StringEquals: { 'aws:SourceAccount': '123456789012' }, ArnEquals: { 'aws:SourceArn': group } };
    const { refreshEvery } = await schedulerAccount({ trusted: { Condition: own } });
    expect(refreshEvery('rate(30 minutes)').ScheduleArn).toMatch(/:schedule\/default\/r$/);
  });

  it.each([
    ['cron(0 8 * * ? *)', undefined, /Invalid Schedule Expression/],
    ['rate(30 minutes)', 'arn:aws:scheduler:::aws-sdk:lambda:invoke', /is not supported by the local/],
  ])('is refused as %s with the target %s', async (expression, Arn, message) => {
    const { refreshEvery } = await schedulerAccount();
    expect(() => refreshEvery(expression, Arn === undefined ? {} : { Arn })).toThrow(message);
  });

  it('is read, changed and deleted over the wire', async () => {
    const { aws, started, refreshEvery } = await schedulerAccount();
    refreshEvery('rate(30 minutes)');
    const call = async (method: string, body?: object) => {
      const url = `${aws.endpoint}/schedules/r${body ? '' : '?groupName=default'}`;
      const response = await fetch(url, { method, headers: SIGNED, ...(body && { body: JSON.stringify(body) }) });
      const { 'x-amzn-errortype': error } = Object.fromEntries(response.headers);
      return { status: response.status, error, answer: JSON.parse((await response.text()) || '{}') };
    };
    const { status, answer } = await call('GET');
    expect(status).toBe(200);
    expect(answer).toMatchObject({ Name: 'r', GroupName: 'default', ScheduleExpression: 'rate(30 minutes)' });
    const { FlexibleTimeWindow, Target } = answer;
    const changed = { ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow, Target };
    expect(await call('PUT', changed)).toMatchObject({ status: 200 });
    await aws.account.clock.advance({ minutes: 90 });
    expect(started).toHaveLength(1);
    expect(await call('DELETE')).toMatchObject({ status: 200 });
    expect(await call('GET')).toMatchObject({ status: 404, error: 'ResourceNotFoundException' });
    await aws.account.clock.advance({ minutes: 90 });
    expect(started).toHaveLength(1);
  });
});
