// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import {
  CancelRotateSecretCommand,
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  EphemeralVariable,
  type ExistingSecretProps,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
  StaticSecret,
} from '../../constructs/index.ts';
import { invokeFunction } from '../../local/lambda/invoke-function.ts';
import {
  type RunningAccount,
  rotationFunction,
  runningAccount,
  TURNING,
} from '../local/secrets-manager/running-account.ts';
import { deployStack } from './deploy-stack.ts';

const schedule = Schedule.cron('0 0 * * ? *', { windowHours: 24 });

async function secretString(
  { client }: RunningAccount,
  SecretId: string,
  VersionStage = 'AWSCURRENT',
): Promise<string> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId, VersionStage }));
  return SecretString;
}

describe('A fleet that shares one function', () => {
  const names = ['tenants/1', 'tenants/2', 'tenants/3'];

  function deployFleet({ aws }: RunningAccount) {
    return deployStack(aws.account, (stack) => {
      const rotation = new RotationFunction(stack, 'fleet', {
        functionName: 'rotate-tenants',
        rotation: Rotation.password(),
        secretNamePrefix: 'tenants/',
      });
      for (const name of names) {
        const initial = { username: name };
        new RotatedSecret(stack, name, { name, rotation, initial, schedule: schedule.spread(name) });
      }
    });
  }

  it('gives each secret its own password, at once and in its own hour', async () => {
    const running = await runningAccount();
    const { aws } = running;
    await deployFleet(running);
    for (const name of names) expect(await aws.rotationSettled(name)).toBe('succeeded');
    const first = await Promise.all(names.map((name) => secretString(running, name)));
    expect(first.map((value) => JSON.parse(value))).toEqual(
      names.map((username) => ({ username, password: expect.stringMatching(/^.{32}$/) })),
    );

    const hours: string[] = [];
    aws.account.events.on('rotationStarted', () => hours.push(aws.account.clock.now().toISOString().slice(11, 13)));
    await aws.account.clock.advance({ days: 1 });
    const second = await Promise.all(names.map((name) => secretString(running, name)));
    expect(new Set([...first, ...second]).size).toBe(6);
    const own = names.map((name) => schedule.spread(name).scheduleExpression.split(' ')[1]?.padStart(2, '0'));
    expect(hours.sort()).toEqual(own.sort());
  });

  it('has no access to a secret under its prefix that another function rotates', async () => {
    const running = await runningAccount();
    const { aws, client } = running;
    await deployFleet(running);
    const { ARN: SecretId = '' } = await client.send(
      new CreateSecretCommand({ Name: 'tenants/other', SecretString: 'opened once' }),
    );
    const RotationLambdaARN = await rotationFunction(running, TURNING);
    const RotationRules = { AutomaticallyAfterDays: 30 };
    await client.send(new RotateSecretCommand({ SecretId, RotationLambdaARN, RotationRules }));
    await aws.rotationSettled(SecretId);

    const errorCodes: (string | undefined)[] = [];
    aws.account.events.on('call', ({ secretId, errorCode }) => secretId === SecretId && errorCodes.push(errorCode));
    const payload = { Step: 'createSecret', SecretId, ClientRequestToken: 'a'.repeat(36) };
    const result = await invokeFunction(aws.account, { functionArn: 'rotate-tenants', payload });
    expect(result).toHaveProperty('failure');
    expect(errorCodes).toEqual(['AccessDeniedException']);
  });
});

describe('An existing secret', () => {
  const value = '{"username":"billing","password":"of old","note":"kept"}';

  /** A secret that a hand-made function rotates. */
  async function rotatedByHand(running: RunningAccount) {
    const { aws, client } = running;
    const { ARN: secretArn = '' } = await client.send(
      new CreateSecretCommand({ Name: 'billing', SecretString: value }),
    );
    const byHand = await rotationFunction(running, 'exports.handler = async () => { throw new Error("by hand"); };');
    await client.send(
      new RotateSecretCommand({
        SecretId: secretArn,
        RotationLambdaARN: byHand,
        RotationRules: { AutomaticallyAfterDays: 30 },
        RotateImmediately: false,
      }),
    );
    await aws.rotationSettled(secretArn);
    return { secretArn, byHand };
  }

  function adopt(
    { aws }: RunningAccount,
    props: Pick<ExistingSecretProps, 'secretArn'> & Partial<ExistingSecretProps>,
  ) {
    return deployStack(aws.account, (stack) => {
      RotatedSecret.existing(stack, 'billing', { rotation: Rotation.password(), schedule, ...props });
    });
  }

  it('is taken over from the named function, and its value stays readable throughout', async () => {
    const running = await runningAccount();
    const { secretArn, byHand } = await rotatedByHand(running);
    await adopt(running, { secretArn, takeOverFrom: byHand });
    expect(JSON.parse(await secretString(running, secretArn))).toMatchObject({ username: 'billing' });
    expect(await running.aws.rotationSettled(secretArn)).toBe('succeeded');
    expect(JSON.parse(await secretString(running, secretArn))).toEqual({
      username: 'billing',
      password: expect.not.stringMatching('of old'),
      note: 'kept',
    });
    expect(await secretString(running, secretArn, 'AWSPREVIOUS')).toBe(value);
  });

  it('is refused while another function rotates it, and the error names that function', async () => {
    const running = await runningAccount();
    const { secretArn, byHand } = await rotatedByHand(running);
    await expect(adopt(running, { secretArn })).rejects.toMatchObject({
      code: 'PRECONDITION',
      message: expect.stringContaining(`The secret ${secretArn} is rotated by another function, ${byHand}.`),
    });
    const { RotationLambdaARN } = await running.client.send(new DescribeSecretCommand({ SecretId: secretArn }));
    expect(RotationLambdaARN).toBe(byHand);
    expect(await secretString(running, secretArn)).toBe(value);
  });

  it('is refused if the variable does not hold its whole ARN, and the error says so', async () => {
    const running = await runningAccount();
    const { secretArn } = await rotatedByHand(running);
    const declare = (stack: TerraformStack) => {
      const given = new TerraformVariable(stack, 'secret_arn', {}).stringValue;
      const functionOptions = { functionName: 'rotate-billing' };
      const rotation = Rotation.password();
      RotatedSecret.existing(stack, 'billing', { secretArn: given, rotation, schedule, functionOptions });
    };
    const secret_arn = secretArn.slice(0, -7);
    await expect(deployStack(running.aws.account, declare, { secret_arn })).rejects.toMatchObject({
      code: 'PRECONDITION',
      message: expect.stringContaining(`which is ${secretArn}. Give that as secretArn.`),
    });
  });

  it('is tested, not rotated, if rotateImmediately is false', async () => {
    const running = await runningAccount();
    const { secretArn, byHand } = await rotatedByHand(running);
    await adopt(running, { secretArn, takeOverFrom: byHand, rotateImmediately: false });
    expect(await running.aws.rotationSettled(secretArn)).toBe('succeeded');
    expect(await secretString(running, secretArn)).toBe(value);
    await running.client.send(new RotateSecretCommand({ SecretId: secretArn }));
    expect(await running.aws.rotationSettled(secretArn)).toBe('succeeded');
    expect(await secretString(running, secretArn)).not.toBe(value);
  });

  it('waits until an unfinished rotation of the other function is cleared', async () => {
    const running = await runningAccount();
    const { aws, client } = running;
    const { secretArn, byHand } = await rotatedByHand(running);
    await client.send(new RotateSecretCommand({ SecretId: secretArn }));
    expect(await aws.rotationSettled(secretArn)).toBe('failed');
    await expect(adopt(running, { secretArn, takeOverFrom: byHand })).rejects.toThrow(
      "A previous rotation isn't complete.",
    );

    await client.send(new CancelRotateSecretCommand({ SecretId: secretArn }));
    const { VersionIdsToStages = {} } = await client.send(new DescribeSecretCommand({ SecretId: secretArn }));
    const [pending] = Object.keys(VersionIdsToStages).filter((id) => VersionIdsToStages[id]?.includes('AWSPENDING'));
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretArn,
        VersionStage: 'AWSPENDING',
        RemoveFromVersionId: pending,
      }),
    );
    const functionOptions = { functionName: 'rotate-billing-again' };
    await adopt(running, { secretArn, takeOverFrom: byHand, functionOptions });
    expect(await aws.rotationSettled(secretArn)).toBe('succeeded');
  });
});

describe('A secret that does not rotate', () => {
  it('holds the value of the ephemeral variable, for every reader', async () => {
    const running = await runningAccount();
    const declare = (stack: TerraformStack) => {
      const clientSecret = new EphemeralVariable(stack, 'client_secret', 'As the console shows it');
      const initial = { client_id: 'my-app', client_secret: clientSecret.stringValue };
      new StaticSecret(stack, 'client', { name: 'app/client', initial, publicFields: ['client_id'] });
      new StaticSecret(stack, 'key', { name: 'app/key' });
    };
    await deployStack(running.aws.account, declare, { client_secret: 'say "hi" ${x}' });
    expect(JSON.parse(await secretString(running, 'app/client'))).toEqual({
      client_id: 'my-app',
      client_secret: 'say "hi" ${x}',
    });
    await expect(secretString(running, 'app/key')).rejects.toThrow("can't find the specified secret value");
  });
});
