import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  type RotateSecretCommandInput,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { PRINTING, type RunningAccount, rotationFunction, runningAccount, TURNING } from './running-account.ts';

const FAILING_IN = (step: string) => `
const turn = (() => { const exports = {}; ${TURNING} return exports.handler; })();
exports.handler = async (event) => {
  if (event.Step === '${step}') throw new TypeError('no luck');
  return turn(event);
};`;

/** A secret `s` with the value `first`, a function, and a call that rotates the secret with the function. */
async function rotatable(source = TURNING, options?: { timeoutSeconds?: number; isPermitted?: boolean }) {
  const running = await runningAccount();
  const { aws, client } = running;
  const { VersionId: first = '', ARN = '' } = await client.send(
    new CreateSecretCommand({ Name: 's', SecretString: 'first' }),
  );
  const RotationLambdaARN = await rotationFunction(running, source, options);
  const events: string[] = [];
  aws.account.events.on('rotationStarted', () => events.push('started'));
  aws.account.events.on('rotationStepStarted', ({ step, attempt }) => events.push(`${attempt} ${step}`));
  aws.account.events.on('rotationStepEnded', ({ failure }) => failure && events.push(failure.errorType));
  aws.account.events.on('rotationSucceeded', () => events.push('succeeded'));
  aws.account.events.on('rotationFailed', ({ failure }) => events.push(`failed: ${failure.errorMessage}`));
  return {
    ...running,
    ARN,
    first,
    RotationLambdaARN,
    events,
    rotate: (input: Partial<RotateSecretCommandInput> = {}) =>
      client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN, ...input })),
    describe: () => described(running),
  };
}

/** A rotation in its first step, and a call that stops it there. Resolves to how the rotation ended. */
async function slowRotation() {
  const rotating = await rotatable('exports.handler = () => new Promise((resolve) => setTimeout(resolve, 300));');
  const { aws, rotate, events } = rotating;
  const started = once(aws.account.events, 'rotationStepStarted');
  const rotation = await rotate();
  await started;
  return {
    ...rotating,
    rotation,
    async stopBy(stop: () => Promise<unknown>) {
      const { lastRun } = aws.account.secrets.find('s') ?? {};
      const ended = once(aws.account.events, 'rotationStepEnded');
      await stop();
      await ended;
      await aws.account.clock.advance({ days: 1 });
      expect(events.filter((event) => event !== '1 testSecret')).toEqual(['started', '1 createSecret']);
      return lastRun?.settled;
    },
  };
}

/** Everything that DescribeSecret and ListSecretVersionIds return. */
async function described({ client }: RunningAccount) {
  const { $metadata: _, ...description } = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
  const list = new ListSecretVersionIdsCommand({ SecretId: 's', IncludeDeprecated: true });
  const { Versions = [] } = await client.send(list);
  return { ...description, Versions };
}

describe('RotateSecret refuses, without changing anything,', () => {
  it('a secret that has no function', async () => {
    const { rotate, describe } = await rotatable();
    const before = await describe();
    await expect(rotate({ RotationLambdaARN: undefined })).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'No Lambda rotation function ARN is associated with this secret.',
    });
    expect(await describe()).toEqual(before);
  });

  it('days and an expression together', async () => {
    const { rotate, describe } = await rotatable();
    const before = await describe();
    const RotationRules = { AutomaticallyAfterDays: 30, ScheduleExpression: 'rate(30 days)' };
    await expect(rotate({ RotationRules })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'You cannot specify both rotation frequency and schedule expression together.',
    });
    expect(await describe()).toEqual(before);
  });

  it.each([
    ['three hours', { ScheduleExpression: 'rate(3 hours)' }],
    ['a thousand days', { ScheduleExpression: 'rate(1000 days)' }],
    ['no day', { AutomaticallyAfterDays: 0 }],
    ['1,001 days', { AutomaticallyAfterDays: 1001 }],
    ['minutes', { ScheduleExpression: 'cron(5 8 * * ? *)' }],
    ['a window beyond the day', { ScheduleExpression: 'cron(0 20 * * ? *)', Duration: '5h' }],
  ])('rules that are not allowed: %s', async (_what, RotationRules) => {
    const { rotate, describe } = await rotatable();
    const before = await describe();
    await expect(rotate({ RotationRules })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await describe()).toEqual(before);
  });

  it.each(['missing', 'not permitted'])('a function that is %s', async (problem) => {
    const { rotate, describe } = await rotatable(TURNING, { isPermitted: false });
    const before = await describe();
    const missing = 'arn:aws:lambda:us-east-1:123456789012:function:missing';
    await expect(rotate(problem === 'missing' ? { RotationLambdaARN: missing } : {})).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message:
        'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
    });
    expect(await describe()).toEqual(before);
  });

  it('a secret whose AWSPENDING is on a version that is not current', async () => {
    const { client, rotate, describe } = await rotatable();
    const VersionStages = ['AWSPENDING'];
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'half', VersionStages }));
    const before = await describe();
    await expect(rotate()).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "A previous rotation isn't complete. That rotation will be reattempted.",
    });
    expect(await describe()).toEqual(before);
  });
});

describe('RotateSecret', () => {
  it('accepts a secret whose AWSPENDING is on the same version as AWSCURRENT', async () => {
    const { aws, client, rotate, describe, first } = await rotatable();
    await client.send(
      new UpdateSecretVersionStageCommand({ SecretId: 's', VersionStage: 'AWSPENDING', MoveToVersionId: first }),
    );
    const { VersionId = '' } = await rotate();
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect((await describe()).VersionIdsToStages).toEqual({ [first]: ['AWSPREVIOUS'], [VersionId]: ['AWSCURRENT'] });
  });

  it('replies at once, before the function has run', async () => {
    const { aws, rotate, ARN } = await rotatable('exports.handler = async () => { throw new Error("broken"); };');
    const ClientRequestToken = randomUUID();
    const { $metadata, ...reply } = await rotate({ ClientRequestToken });
    expect(reply).toEqual({ ARN, Name: 's', VersionId: ClientRequestToken });
    expect(await aws.rotationSettled('s')).toBe('failed');
  });

  it('attaches AWSPENDING to an empty version before createSecret', async () => {
    const { aws, client, rotate, first } = await rotatable(`exports.handler = async ({ Step, SecretId }) => {
      if (Step !== 'createSecret') return;
      const { VersionIdsToStages } = await call('DescribeSecret', { SecretId });
      console.log(JSON.stringify(VersionIdsToStages));
      await call('GetSecretValue', { SecretId, VersionStage: 'AWSPENDING' }).catch(({ name, message }) => console.log(name, message));
    };`);
    const lines: string[] = [];
    aws.account.events.on('functionLog', ({ line }) => lines.push(line));
    const { VersionId = '' } = await rotate();
    await aws.rotationSettled('s');
    expect(lines.join('\n')).toContain(JSON.stringify({ [first]: ['AWSCURRENT'], [VersionId]: ['AWSPENDING'] }));
    expect(lines.join('\n')).toContain(
      "ResourceNotFoundException Secrets Manager can't find the specified secret value for staging label: AWSPENDING",
    );
    await expect(client.send(new GetSecretValueCommand({ SecretId: 's', VersionId }))).rejects.toMatchObject({
      message: `Secrets Manager can't find the specified secret value for VersionId: ${VersionId}`,
    });
  });

  it('invokes the function for four steps in order, and removes AWSPENDING at the end', async () => {
    const { aws, client, rotate, describe, first, events } = await rotatable();
    const { VersionId = '' } = await rotate();
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect(events).toEqual(['started', '1 createSecret', '1 setSecret', '1 testSecret', '1 finishSecret', 'succeeded']);
    const { VersionIdsToStages, LastRotatedDate, RotationEnabled } = await describe();
    expect(VersionIdsToStages).toEqual({ [first]: ['AWSPREVIOUS'], [VersionId]: ['AWSCURRENT'] });
    expect(LastRotatedDate).toBeInstanceOf(Date);
    expect(RotationEnabled).toBe(true);
    expect(await client.send(new GetSecretValueCommand({ SecretId: 's' }))).toMatchObject({ SecretString: VersionId });
  });

  it('has LastRotatedDate the moment that AWSCURRENT has moved, even if the step fails after that', async () => {
    const { aws, rotate, describe } = await rotatable(`
const turn = (() => { const exports = {}; ${TURNING} return exports.handler; })();
exports.handler = async (event) => {
  const show = async (when) => {
    const { LastRotatedDate } = await call('DescribeSecret', { SecretId: event.SecretId });
    console.log(when + ' ' + typeof LastRotatedDate);
  };
  if (event.Step === 'finishSecret') await show('before');
  await turn(event);
  if (event.Step !== 'finishSecret') return;
  await show('after');
  throw new Error('too late');
};`);
    const lines: string[] = [];
    aws.account.events.on('functionLog', ({ line }) => lines.push(line));
    await rotate();
    const outcome = aws.rotationSettled('s');
    await aws.account.clock.advance({ days: 1 });
    expect(await outcome).toBe('failed');
    expect(lines.map((line) => /(before|after) (number|undefined)/.exec(line)?.[0]).slice(0, 2)).toEqual([
      'before undefined',
      'after number',
    ]);
    expect((await describe()).LastRotatedDate).toBeInstanceOf(Date);
  });

  it('sends an event with the step, the ARN, the token, and a rotation token', async () => {
    const { aws, rotate, ARN } = await rotatable(PRINTING);
    const lines: string[] = [];
    aws.account.events.on('functionLog', ({ line }) => lines.push(line));
    const { VersionId } = await rotate();
    await aws.rotationSettled('s');
    const events: Record<string, string>[] = lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
    expect(events.map(({ Step }) => Step)).toEqual(['createSecret', 'setSecret', 'testSecret', 'finishSecret']);
    for (const { Step: _, RotationToken, ...rest } of events) {
      expect(rest).toEqual({ SecretId: ARN, ClientRequestToken: VersionId });
      expect(RotationToken).toMatch(/^.{36,256}$/);
    }
  });

  it("attributes the function's calls to its role", async () => {
    const { aws, rotate } = await rotatable();
    const callers = new Set<string>();
    await rotate();
    aws.account.events.on('call', ({ caller }) => callers.add(caller.arn));
    await aws.rotationSettled('s');
    expect([...callers]).toEqual([
      expect.stringMatching(/^arn:aws:sts::123456789012:assumed-role\/rotate\/rotate-[0-9a-f-]+$/),
    ]);
  });

  it.each([
    ['createSecret', ['createSecret']],
    ['setSecret', ['createSecret', 'setSecret']],
    ['testSecret', ['createSecret', 'setSecret', 'testSecret']],
    ['finishSecret', ['createSecret', 'setSecret', 'testSecret', 'finishSecret']],
  ])(
    'stops at a failing %s, tries all steps again with the same token, and keeps AWSPENDING',
    async (failing, steps) => {
      const { aws, rotate, describe, first, events } = await rotatable(FAILING_IN(failing));
      const { VersionId = '' } = await rotate();
      expect(await aws.rotationSettled('s')).toBe('failed');
      const attempt = (n: number) => [...steps.map((step) => `${n} ${step}`), 'TypeError'];
      expect(events).toEqual(['started', ...attempt(1), ...attempt(2), 'failed: no luck']);
      const { VersionIdsToStages, LastRotatedDate } = await describe();
      expect(VersionIdsToStages).toEqual({ [first]: ['AWSCURRENT'], [VersionId]: ['AWSPENDING'] });
      expect(LastRotatedDate).toBeUndefined();
      await expect(rotate()).rejects.toMatchObject({
        message: "A previous rotation isn't complete. That rotation will be reattempted.",
      });
    },
  );

  it('succeeds with a later attempt', async () => {
    const { aws, rotate, events } = await rotatable(`
      let calls = 0;
      exports.handler = async () => { calls += 1; if (calls === 2) throw new RangeError('once'); };`);
    await rotate();
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect(events.filter((event) => /create|RangeError|ed$/.test(event))).toEqual([
      'started',
      '1 createSecret',
      'RangeError',
      '2 createSecret',
      'succeeded',
    ]);
  });

  it('fails when the function runs out of time', async () => {
    const { aws, rotate, events } = await rotatable(
      'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));',
      {
        timeoutSeconds: 1,
      },
    );
    await rotate();
    expect(await aws.rotationSettled('s')).toBe('failed');
    expect(events).toContain('Sandbox.Timedout');
  });

  it('answers the same call again without a second rotation', async () => {
    const { aws, rotate, events } = await rotatable();
    const ClientRequestToken = randomUUID();
    await Promise.all([rotate({ ClientRequestToken }), rotate({ ClientRequestToken })]);
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect(events.filter((event) => event === 'started')).toHaveLength(1);
  });

  it('remembers the function and the rules for the next call', async () => {
    const { aws, client, rotate, describe, RotationLambdaARN } = await rotatable();
    const RotationRules = { AutomaticallyAfterDays: 30, Duration: '3h' };
    await rotate({ RotationRules });
    await aws.rotationSettled('s');
    await client.send(new RotateSecretCommand({ SecretId: 's' }));
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect(await describe()).toMatchObject({ RotationLambdaARN, RotationRules, RotationEnabled: true });
  });

  it('rotates a secret that has no value yet', async () => {
    const { aws, client, RotationLambdaARN } = await rotatable();
    await client.send(new CreateSecretCommand({ Name: 'empty' }));
    const { VersionId } = await client.send(new RotateSecretCommand({ SecretId: 'empty', RotationLambdaARN }));
    expect(await aws.rotationSettled('empty')).toBe('succeeded');
    expect(await client.send(new GetSecretValueCommand({ SecretId: 'empty' }))).toMatchObject({ VersionId });
  });
});

describe('RotateSecret with RotateImmediately=false', () => {
  const READING = `exports.handler = async ({ Step, SecretId }) => {
    const { SecretString, VersionStages } = await call('GetSecretValue', { SecretId, VersionStage: 'AWSPENDING' });
    console.log(Step, SecretString, VersionStages.join());
  };`;

  it('runs only testSecret, on a copy of the current value that is removed afterwards', async () => {
    const { aws, rotate, describe, events } = await rotatable(READING);
    const before = await describe();
    const lines: string[] = [];
    aws.account.events.on('functionLog', ({ line }) => lines.push(line));
    await rotate({ RotateImmediately: false, RotationRules: { AutomaticallyAfterDays: 30 } });
    expect(await aws.rotationSettled('s')).toBe('succeeded');
    expect(lines.join('\n')).toContain('testSecret first AWSPENDING');
    expect(events).toEqual(['1 testSecret']);
    const { Versions, VersionIdsToStages, RotationEnabled, LastRotatedDate } = await describe();
    expect(VersionIdsToStages).toEqual(before.VersionIdsToStages);
    expect(Versions.map(({ VersionId }) => VersionId)).toEqual(before.Versions.map(({ VersionId }) => VersionId));
    expect([RotationEnabled, LastRotatedDate]).toEqual([true, undefined]);
  });

  it('leaves no version behind when the test fails', async () => {
    const { aws, rotate, describe, first, events } = await rotatable(FAILING_IN('testSecret'));
    await rotate({ RotateImmediately: false });
    expect(await aws.rotationSettled('s')).toBe('failed');
    expect(events.at(-1)).toBe('failed: no luck');
    expect((await describe()).VersionIdsToStages).toEqual({ [first]: ['AWSCURRENT'] });
  });

  it('never removes a version that existed before', async () => {
    const { aws, client, rotate, first } = await rotatable(READING);
    await rotate({ RotateImmediately: false, ClientRequestToken: first });
    await aws.rotationSettled('s');
    expect(await client.send(new GetSecretValueCommand({ SecretId: 's' }))).toMatchObject({
      SecretString: 'first',
      VersionStages: ['AWSCURRENT'],
    });
  });
});

describe('CancelRotateSecret', () => {
  it('turns rotation off, still shows schedule and function, and does not remove AWSPENDING', async () => {
    const { aws, client, rotate, describe, first, RotationLambdaARN } = await rotatable(FAILING_IN('setSecret'));
    const RotationRules = { AutomaticallyAfterDays: 30 };
    const { VersionId = '' } = await rotate({ RotationRules });
    await aws.rotationSettled('s');
    expect((await describe()).NextRotationDate).toBeInstanceOf(Date);
    expect(await client.send(new CancelRotateSecretCommand({ SecretId: 's' }))).toMatchObject({ VersionId });
    const description = await describe();
    expect(description).toMatchObject({ RotationEnabled: false, RotationRules, RotationLambdaARN });
    expect(description.NextRotationDate).toBeUndefined();
    expect(description.VersionIdsToStages).toEqual({ [first]: ['AWSCURRENT'], [VersionId]: ['AWSPENDING'] });
  });

  it('stops the rotation in progress', async () => {
    const { client, stopBy } = await slowRotation();
    expect(await stopBy(() => client.send(new CancelRotateSecretCommand({ SecretId: 's' })))).toBe('cancelled');
  });

  it('accepts a secret that never rotated, and does not change it', async () => {
    const { client, describe } = await rotatable();
    await client.send(new CancelRotateSecretCommand({ SecretId: 's' }));
    expect(await describe()).not.toHaveProperty('RotationEnabled');
  });
});

describe('a rotation in progress', () => {
  it.each([false, true])('stops with the deletion of its secret (forced: %s)', async (ForceDeleteWithoutRecovery) => {
    const { client, stopBy } = await slowRotation();
    const deletion = new DeleteSecretCommand({ SecretId: 's', ForceDeleteWithoutRecovery });
    expect(await stopBy(() => client.send(deletion))).toBe('cancelled');
  });

  it('is replaced by another one after its AWSPENDING was removed', async () => {
    const { client, rotate, rotation, stopBy } = await slowRotation();
    const { VersionId: pending } = rotation;
    const removal = { SecretId: 's', VersionStage: 'AWSPENDING', RemoveFromVersionId: pending };
    const outcome = await stopBy(async () => {
      await client.send(new UpdateSecretVersionStageCommand(removal));
      await rotate({ RotateImmediately: false });
    });
    expect(outcome).toBe('cancelled');
  });

  it('that failed loses AWSPENDING when somebody puts a value, so that the next one can start', async () => {
    const { aws, client, rotate, describe, first } = await rotatable(FAILING_IN('setSecret'));
    const { VersionId: abandoned = '' } = await rotate();
    await aws.rotationSettled('s');
    const { VersionId: put = '' } = await client.send(
      new PutSecretValueCommand({ SecretId: 's', SecretString: 'mine' }),
    );
    const { VersionIdsToStages, Versions } = await describe();
    expect(VersionIdsToStages).toEqual({ [first]: ['AWSPREVIOUS'], [put]: ['AWSCURRENT'] });
    expect(Versions.map(({ VersionId }) => VersionId)).toContain(abandoned);
    const { VersionId: next = '' } = await rotate();
    expect((await describe()).VersionIdsToStages).toMatchObject({ [next]: ['AWSPENDING'] });
  });
});
