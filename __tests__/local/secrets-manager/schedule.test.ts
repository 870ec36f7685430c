import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type RotationRulesType,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { PRINTING, rotationFunction, runningAccount, TURNING } from './running-account.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A secret `s` that rotated once and continues with these rules, on a clock that starts at noon UTC. */
async function scheduled(RotationRules: RotationRulesType, source = TURNING) {
  const running = await runningAccount({ rotation: { attempts: 2, retryDelaySeconds: 60 } });
  const { aws, client } = running;
  const { clock, events } = aws.account;
  await clock.advance({ seconds: (1.5 * DAY_MS - (clock.now().getTime() % DAY_MS)) / 1000 });
  const noon = clock.now();
  const rotations: string[] = [];
  events.on('rotationSucceeded', ({ versionId }) => rotations.push(versionId));
  const failures: string[] = [];
  events.on('rotationFailed', ({ versionId }) => failures.push(versionId));
  await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
  const RotationLambdaARN = await rotationFunction(running, source);
  await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN, RotationRules }));
  await clock.advance({ minutes: 5 });
  return {
    ...running,
    clock,
    /** The midnight before the rotation, in milliseconds. */
    midnight: noon.getTime() - (noon.getTime() % DAY_MS),
    rotations,
    failures,
    RotationLambdaARN,
    describe: () => client.send(new DescribeSecretCommand({ SecretId: 's' })),
  };
}

describe('a schedule', () => {
  it.each([
    ['days', { AutomaticallyAfterDays: 10 }, 11],
    ['days with a window', { AutomaticallyAfterDays: 10, Duration: '3h' }, 10 + 3 / 24],
    ['a rate in days', { ScheduleExpression: 'rate(10 days)' }, 11],
    ['a rate in hours', { ScheduleExpression: 'rate(10 hours)' }, 23 / 24],
    ['a cron', { ScheduleExpression: 'cron(0 8 * * ? *)', Duration: '2h' }, 1 + 10 / 24],
  ])('shows the end of the next window as NextRotationDate: %s', async (_what, rules, days) => {
    const { describe, midnight } = await scheduled(rules);
    const { NextRotationDate } = await describe();
    expect(((NextRotationDate?.getTime() ?? 0) - midnight) / DAY_MS).toBeCloseTo(days, 10);
  });

  it('with an expression is also shown in days, rounded up', async () => {
    const { describe } = await scheduled({ ScheduleExpression: 'rate(10 hours)' });
    const { RotationRules } = await describe();
    expect(RotationRules).toEqual({ ScheduleExpression: 'rate(10 hours)', AutomaticallyAfterDays: 1 });
  });

  it('rotates by itself in each window, and not before', async () => {
    const { clock, rotations, describe } = await scheduled({ AutomaticallyAfterDays: 10 });
    expect(rotations).toHaveLength(1);
    await clock.advance({ days: 9 });
    expect(rotations).toHaveLength(1);
    await clock.advance({ days: 1 });
    expect(rotations).toHaveLength(2);
    await clock.advance({ days: 20 });
    expect(rotations).toHaveLength(4);
    const { VersionIdsToStages, LastRotatedDate } = await describe();
    expect(VersionIdsToStages).toEqual({
      [rotations[2] ?? '']: ['AWSPREVIOUS'],
      [rotations[3] ?? '']: ['AWSCURRENT'],
    });
    expect(clock.now().getTime() - (LastRotatedDate?.getTime() ?? 0)).toBeLessThan(DAY_MS);
  });

  it('counts its hours from the last rotation', async () => {
    const { clock, rotations } = await scheduled({ ScheduleExpression: 'rate(4 hours)' });
    await clock.advance({ hours: 24 });
    expect(rotations).toHaveLength(7);
  });

  it.each(['put', 'update'])('counts a value from a %s as a rotation', async (how) => {
    const { client, clock, rotations } = await scheduled({ AutomaticallyAfterDays: 10 });
    await clock.advance({ days: 9 });
    const input = { SecretId: 's', SecretString: 'by hand' };
    if (how === 'put') await client.send(new PutSecretValueCommand(input));
    else await client.send(new UpdateSecretCommand(input));
    await clock.advance({ days: 9 });
    expect(rotations).toHaveLength(1);
    await clock.advance({ days: 1 });
    expect(rotations).toHaveLength(2);
  });

  it('does not begin with a test of the function', async () => {
    const { client, clock, rotations, RotationLambdaARN } = await scheduled({ AutomaticallyAfterDays: 10 });
    await client.send(new CreateSecretCommand({ Name: 'later', SecretString: 'x' }));
    const rules = { RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 3 }, RotateImmediately: false };
    await client.send(new RotateSecretCommand({ SecretId: 'later', ...rules }));
    await clock.advance({ days: 2 });
    expect(rotations).toHaveLength(1);
    await clock.advance({ days: 1 });
    expect(rotations).toHaveLength(2);
  });

  it('tries a failed rotation again in the next window, with the same token', async () => {
    const { clock, failures, rotations } = await scheduled(
      { AutomaticallyAfterDays: 10 },
      `let calls = 0;
       exports.handler = async () => { calls += 1; if (calls <= 2) throw new Error('not yet'); };`,
    );
    expect([failures.length, rotations.length]).toEqual([1, 0]);
    await clock.advance({ days: 10 });
    expect(rotations).toEqual(failures);
  });

  it('waits between attempts for the time in the settings', async () => {
    const running = await runningAccount({ rotation: { attempts: 3, retryDelaySeconds: 3600 } });
    const { aws, client } = running;
    const attempts: number[] = [];
    aws.account.events.on('rotationStepEnded', ({ attempt }) => attempts.push(attempt));
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    const RotationLambdaARN = await rotationFunction(running, 'exports.handler = async () => { throw new Error(); };');
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    await aws.account.clock.advance({ minutes: 59 });
    expect(attempts).toEqual([1]);
    await aws.account.clock.advance({ hours: 1 });
    expect(attempts).toEqual([1, 2]);
    await aws.account.clock.advance({ days: 1 });
    expect(attempts).toEqual([1, 2, 3]);
  });

  it.each([
    ['was cancelled', new CancelRotateSecretCommand({ SecretId: 's' })],
    ['ended with its secret', new DeleteSecretCommand({ SecretId: 's', ForceDeleteWithoutRecovery: true })],
    ['is interrupted by the deletion of its secret', new DeleteSecretCommand({ SecretId: 's' })],
  ])('that %s does not rotate again', async (_what, command) => {
    const { client, clock, rotations } = await scheduled({ AutomaticallyAfterDays: 10 });
    if (command instanceof CancelRotateSecretCommand) await client.send(command);
    else await client.send(command);
    await clock.advance({ days: 100 });
    expect(rotations).toHaveLength(1);
  });

  it('that was replaced rotates only by the new rules', async () => {
    const { client, clock, rotations } = await scheduled({ AutomaticallyAfterDays: 10 });
    const RotationRules = { ScheduleExpression: 'rate(50 days)' };
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationRules }));
    await clock.advance({ days: 49 });
    expect(rotations).toHaveLength(2);
    await clock.advance({ days: 1 });
    expect(rotations).toHaveLength(3);
  });
});

it('a thousand secrets rotate in one window through one function', async () => {
  const running = await runningAccount();
  const { aws, client, call } = running;
  const rotated = new Set<string>();
  aws.account.events.on('rotationSucceeded', ({ secretArn }) => rotated.add(secretArn));
  const RotationLambdaARN = await rotationFunction(running, PRINTING);
  const names = Array.from({ length: 1000 }, (_, n) => `fleet/${n}`);
  for (const Name of names) await client.send(new CreateSecretCommand({ Name, SecretString: 'x' }));
  const rules = { RotationLambdaARN, RotationRules: { AutomaticallyAfterDays: 1 }, RotateImmediately: false };
  for (const SecretId of names) await client.send(new RotateSecretCommand({ SecretId, ...rules }));
  await aws.account.clock.advance({ days: 1 });
  expect(rotated.size).toBe(1000);
  const { body } = await call('DescribeSecret', { SecretId: 'fleet/999' });
  expect(body).toMatchObject({ LastRotatedDate: expect.any(Number), NextRotationDate: expect.any(Number) });
});
