import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import type { LocalAws } from '../../../local/local-aws.ts';
import { functionRole, PRINTING, rotationFunction, runningAccount } from '../secrets-manager/running-account.ts';
import { SIGNED } from '../signed.ts';

/** An account with a function that has printed these events, one line each, and a client for its log. */
async function loggedAccount(...payloads: unknown[]) {
  const running = await runningAccount();
  const { aws } = running;
  const functionArn = await rotationFunction(running, PRINTING);
  for (const [index, payload] of payloads.entries()) {
    await invokeFunction(aws.account, { functionArn, payload });
    const { logLines = [] } = aws.account.functions.find(functionArn) ?? {};
    await expect.poll(() => logLines.length).toBe(index + 1);
    await aws.account.clock.advance({ seconds: 10 });
  }
  const client = logsClient(aws);
  const logGroupName = `/aws/lambda/${functionArn.split(':').at(-1)}`;
  const filter = async (input: Partial<FilterLogEventsCommandInput> = {}) =>
    client.send(new FilterLogEventsCommand({ logGroupName, ...input }));
  return { aws, logGroupName, filter };
}

function logsClient({ endpoint, account }: LocalAws, accessKeyId = 'test'): CloudWatchLogsClient {
  const credentials = { accessKeyId, secretAccessKey: 'test' };
  const client = new CloudWatchLogsClient({ endpoint, region: account.region, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}

describe('FilterLogEvents', () => {
  it("returns a function's lines with their times and their stream, oldest first", async () => {
    const before = Date.now();
    const { filter } = await loggedAccount({ n: 1 }, { n: 2 });
    const { events = [], nextToken } = await filter();
    expect(nextToken).toBeUndefined();
    expect(events.map(({ message }) => message)).toEqual(['{"n":1}', '{"n":2}']);
    const [first = 0, second = 0] = events.map(({ timestamp }) => timestamp);
    expect(first).toBeGreaterThanOrEqual(before);
    expect(second).toBeGreaterThanOrEqual(first + 10_000);
    for (const { logStreamName } of events) expect(logStreamName).toMatch(/^\d{4}\/\d\d\/\d\d\/\[\$LATEST\]/);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(2);
  });

  it('finds JSON lines by a field, and any lines by quoted texts', async () => {
    const { filter } = await loggedAccount(
      { versionId: 'a', step: 'setSecret' },
      { versionId: 'b' },
      'versionId a',
      null,
    );
    const matching = async (filterPattern: string) =>
      (await filter({ filterPattern })).events?.map(({ message }) => message);
    const one = '{"versionId":"a","step":"setSecret"}';
    expect(await matching('{ $.versionId = "a" }')).toEqual([one]);
    expect(await matching('{$.versionId="c"}')).toEqual([]);
    expect(await matching('"versionId"')).toEqual([one, '{"versionId":"b"}', '"versionId a"']);
    expect(await matching('"versionId" "setSecret"')).toEqual([one]);
    expect(await matching('')).toHaveLength(4);
  });

  it('returns the lines of a period, page by page', async () => {
    const { filter } = await loggedAccount(1, 2, 3);
    const { events: all = [] } = await filter();
    const startTime = all[1]?.timestamp;
    expect((await filter({ startTime })).events).toEqual(all.slice(1));
    expect((await filter({ startTime, endTime: startTime })).events).toEqual(all.slice(1, 2));
    const first = await filter({ limit: 2 });
    expect(first.events).toEqual(all.slice(0, 2));
    const second = await filter({ limit: 2, nextToken: first.nextToken });
    expect([second.events, second.nextToken]).toEqual([all.slice(2), undefined]);
  });

  it.each(['{ $.a = 1 }', '{ $.a = "b*" }', '{ $.a = "b" && $.c = "d" }', 'ERROR', '[a, b]', '%regular%'])(
    'refuses the pattern %s by name',
    async (filterPattern) => {
      const { filter } = await loggedAccount();
      await expect(filter({ filterPattern })).rejects.toMatchObject({
        name: 'InvalidParameterException',
        message: `The filter pattern ${filterPattern} is not supported by the local CloudWatch Logs. It knows { $.field = "text" } and "quoted" "texts".`,
      });
    },
  );

  it('refuses a group that does not exist, and unknown input', async () => {
    const { filter } = await loggedAccount();
    await expect(filter({ logGroupName: '/aws/lambda/none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
    await expect(filter({ logStreamNamePrefix: '2026' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'logStreamNamePrefix is not supported by the local CloudWatch Logs.',
    });
  });

  it('gives its own name if it does not know an action', async () => {
    const { aws } = await loggedAccount();
    const headers = { 'x-amz-target': 'Logs_20140328.FryEggs', ...SIGNED };
    const response = await fetch(aws.endpoint, { method: 'POST', headers, body: '{}' });
    expect(await response.json()).toMatchObject({
      Message: '"FryEggs" is not an action of the local CloudWatch Logs.',
    });
  });

  it("lets a function read only the logs that its role's policies allow", async () => {
    const { aws, logGroupName } = await loggedAccount({ n: 1 });
    const caller = { arn: `arn:aws:sts::${aws.account.id}:assumed-role/reader/reader` };
    const keyOf = (action: string) => {
      const roleArn = functionRole(aws.account, `reader-${action.length}`, action);
      return aws.account.sessions.add({ caller, roleArn, kill: async () => {} });
    };
    const read = (action: string) => logsClient(aws, keyOf(action)).send(new FilterLogEventsCommand({ logGroupName }));
    expect((await read('logs:FilterLogEvents')).events).toHaveLength(1);
    await expect(read('logs:PutLogEvents')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        `logs:FilterLogEvents on resource: arn:aws:logs:us-east-1:${aws.account.id}:log-group:${logGroupName}`,
      ),
    });
  });

  it('ignores faults that are meant for Secrets Manager', async () => {
    const { aws, filter } = await loggedAccount({ n: 1 });
    aws.faults.add({ action: '*', kind: 'throttle', callers: 'everyone' });
    expect((await filter()).events).toHaveLength(1);
  });
});
