import { beforeEach, describe, expect, it } from 'vitest';
import type { AccountEvents } from '../../local/account-events.ts';
import { type RunningAccount, runningAccount } from './secrets-manager/running-account.ts';
import { SIGNED } from './signed.ts';

let running: RunningAccount;

beforeEach(async () => {
  running = await runningAccount();
});

async function query(Version: string, Action: string, parameters: Record<string, string> = {}) {
  const body = new URLSearchParams({ Action, Version, ...parameters });
  const response = await fetch(running.aws.endpoint, { method: 'POST', headers: SIGNED, body });
  return { status: response.status, xml: await response.text() };
}

async function events(action: string, input: unknown) {
  const headers = { 'x-amz-target': `AWSEvents.${action}`, ...SIGNED };
  const response = await fetch(running.aws.endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const sns = (action: string, parameters?: Record<string, string>) => query('2010-03-31', action, parameters);
const cloudwatch = (action: string, parameters?: Record<string, string>) => query('2010-08-01', action, parameters);

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:team';
const ALARM = {
  AlarmName: 'late',
  Namespace: 'Rotaform',
  MetricName: 'DaysOverdue',
  'Dimensions.member.1.Name': 'Alarms',
  'Dimensions.member.1.Value': 'a',
  Statistic: 'Maximum',
  Period: '86400',
  EvaluationPeriods: '1',
  Threshold: '0',
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'breaching',
  'AlarmActions.member.1': TOPIC,
};

/** What the account's topics send from now on. */
function sent(): AccountEvents['notification'][0][] {
  const messages: AccountEvents['notification'][0][] = [];
  running.aws.account.events.on('notification', (message) => messages.push(message));
  return messages;
}

const point = (value: number) => ({
  ...{ namespace: 'Rotaform', name: 'DaysOverdue', dimensions: { Alarms: 'a' }, value },
  atMs: running.aws.account.clock.now().getTime(),
});

describe('the local CloudWatch', () => {
  it('raises an alarm once, and tells the topic and its addresses', async () => {
    const { account } = running.aws;
    await sns('CreateTopic', { Name: 'team' });
    await sns('Subscribe', { TopicArn: TOPIC, Protocol: 'email', Endpoint: 'team@example.com' });
    const messages = sent();
    account.alarms.record(point(0));
    expect((await cloudwatch('PutMetricAlarm', ALARM)).status).toBe(200);
    await account.clock.advance({ minutes: 2 });
    expect((await cloudwatch('DescribeAlarms')).xml).toContain('<StateValue>OK</StateValue>');
    account.alarms.record(point(3));
    account.alarms.record(point(4));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ topicArn: TOPIC, recipients: ['team@example.com'] });
    expect(JSON.parse(messages[0]?.message ?? '')).toMatchObject({ NewStateValue: 'ALARM', OldStateValue: 'OK' });
    // A point of another metric is none of its business.
    account.alarms.record({ ...point(0), dimensions: { Alarms: 'b' } });
    expect(account.alarms.find('late')?.state).toBe('ALARM');
    await cloudwatch('DeleteAlarms', { 'AlarmNames.member.1': 'late' });
    expect((await cloudwatch('DescribeAlarms')).xml).not.toContain('late');
  });

  it('counts a day without data as it is told to', async () => {
    const { account } = running.aws;
    await cloudwatch('PutMetricAlarm', ALARM);
    await cloudwatch('PutMetricAlarm', { ...ALARM, AlarmName: 'calm', TreatMissingData: 'notBreaching' });
    await account.clock.advance({ minutes: 2 });
    expect(['late', 'calm'].map((name) => account.alarms.find(name)?.state)).toEqual(['ALARM', 'OK']);
  });

  it('refuses by name what it does not know', async () => {
    const { xml } = await cloudwatch('PutMetricAlarm', { ...ALARM, ThresholdMetricId: 'm' });
    expect(xml).toContain('ThresholdMetricId is not supported by the local CloudWatch.');
    expect((await cloudwatch('PutDashboard')).xml).toContain('is not an action of the local CloudWatch.');
    expect((await sns('Publish')).xml).toContain('is not an action of the local SNS.');
    const refused = await events('PutRule', { Name: 'r', ScheduleExpression: 'rate(1 day)', EventPattern: '{}' });
    expect(refused.body.Message ?? refused.body.message).toContain('ScheduleExpression is not supported by the local');
    const pattern = JSON.stringify({ source: [{ 'anything-but': 'x' }] });
    const unknown = await events('PutRule', { Name: 'r', EventPattern: pattern });
    expect(JSON.stringify(unknown.body)).toContain('source.anything-but is not supported by the local EventBridge.');
  });
});

describe('the local EventBridge', () => {
  const rule = async (policy?: string) => {
    await sns('CreateTopic', { Name: 'team' });
    if (policy !== undefined) {
      await sns('SetTopicAttributes', { TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue: policy });
    }
    await events('PutRule', {
      Name: 'r',
      EventPattern: JSON.stringify({ detail: { secret: [{ prefix: 'app/' }], what: ['failed', 'given up'] } }),
    });
    const InputTransformer = {
      InputPathsMap: { secret: '$.detail.secret', gone: '$.detail.gone' },
      InputTemplate: '"<secret> failed<gone>"\n"Call somebody."',
    };
    await events('PutTargets', { Rule: 'r', Targets: [{ Id: 't', Arn: TOPIC, InputTransformer }] });
  };
  const deliver = (detail: object) => running.aws.account.eventRules.deliver({ detail }, running.aws.account);
  const MAY_PUBLISH = JSON.stringify({
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sns:Publish', Resource: TOPIC },
    ],
  });

  it('sends what matches, in the words of the template', async () => {
    await rule(MAY_PUBLISH);
    const messages = sent();
    deliver({ secret: 'app/db', what: 'failed' });
    deliver({ secret: 'other/db', what: 'failed' });
    deliver({ secret: 'app/db', what: 'began' });
    expect(messages.map(({ message }) => message)).toEqual(['app/db failed\nCall somebody.']);
    expect((await events('DeleteRule', { Name: 'r' })).body.__type).toBe('ValidationException');
    await events('RemoveTargets', { Rule: 'r', Ids: ['t'] });
    expect((await events('DeleteRule', { Name: 'r' })).status).toBe(200);
    expect((await events('DescribeRule', { Name: 'r' })).body.__type).toBe('ResourceNotFoundException');
  });

  it('sends nothing to a topic whose policy does not let it, as in AWS', async () => {
    await rule();
    const messages = sent();
    deliver({ secret: 'app/db', what: 'failed' });
    expect(messages).toEqual([]);
  });
});

describe('The limits of AWS', () => {
  it('are those of EventBridge for the characters of a pattern', async () => {
    const put = (length: number) =>
      events('PutRule', { Name: 'long', EventPattern: `{"source":["${'x'.repeat(length)}"]}` });
    expect(await put(2_033)).toMatchObject({ status: 200 });
    const refused = await put(2_034);
    expect(refused).toMatchObject({
      status: 400,
      body: { Message: 'The event pattern has more than 2048 characters.' },
    });
  });
});
