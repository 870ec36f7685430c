import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { deployStrategy, SECRET_NAME } from './deploy-strategy.ts';

const misbehaving = '__tests__/lambda/rotation/strategies/misbehaving.ts';
const ISO_TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

describe('The log', () => {
  it('has one line for each step, with these fields and no others', async () => {
    const secretString = '{"password":"the-first-one"}';
    const { rotate, log } = await deployStrategy({ entry: 'lambda/password.ts', secretString });
    const { versionId } = await rotate();
    expect(await log(4)).toEqual(
      ['createSecret', 'setSecret', 'testSecret', 'finishSecret'].map((step) => ({
        timestamp: ISO_TIME,
        level: 'INFO',
        message: `${step} done`,
        step,
        secret: SECRET_NAME,
        versionId,
        durationMs: expect.any(Number),
        outcome: 'done',
      })),
    );
  });

  it('reports a failed step with its kind and cause', async () => {
    const { rotate, log } = await deployStrategy({ entry: 'lambda/password.ts', secretString: 'the-first-one' });
    const { versionId } = await rotate();
    expect(await log(1)).toEqual([
      {
        timestamp: ISO_TIME,
        level: 'ERROR',
        message: 'createSecret failed',
        step: 'createSecret',
        secret: SECRET_NAME,
        versionId,
        durationMs: expect.any(Number),
        outcome: 'failed',
        errorCode: 'SECRET_VALUE',
        errorMessage: expect.stringContaining('is not JSON'),
      },
    ]);
  });

  it('contains no value that a strategy, or a driver, prints on the console', async () => {
    const { aws, rotate, functionArn } = await deployStrategy({
      entry: misbehaving,
      secretString: '{"password":"the-first-one"}',
      environment: { MISBEHAVIOUR: 'prints the value' },
      ownProcesses: true,
    });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    const printed = aws.account.functions.find(functionArn)?.log.join('\n');
    expect(printed).toContain("with [scrubbed] { inner: [ '[scrubbed]' ] }");
    expect(printed).toContain('Error: refused [scrubbed]');
    for (const method of ['debug', 'info', 'trace', 'warn']) expect(printed).toContain(`${method} [scrubbed]`);
    expect(printed).toContain('nothing to hide { kept: 1 }');
    expect(printed).not.toContain('the-first-one');
  });

  it('contains no stored value, even if the schema changes it', async () => {
    const { rotate, log } = await deployStrategy({
      entry: misbehaving,
      secretString: JSON.stringify({ password: 'the-first-one', key: Buffer.from('the key').toString('hex') }),
      environment: { MISBEHAVIOUR: 'logs the value as it was stored' },
    });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    expect((await log(5))[0]).toMatchObject({ message: 'with [scrubbed], which was [scrubbed]' });
  });

  it('contains no value that a strategy logs, under any name and in any form', async () => {
    const { rotate, log } = await deployStrategy({
      entry: misbehaving,
      secretString: JSON.stringify({ password: 'the "first" one/+' }),
      environment: { MISBEHAVIOUR: 'logs the value' },
    });
    expect(await rotate()).toMatchObject({ outcome: 'succeeded' });
    expect((await log(5))[0]).toEqual({
      timestamp: ISO_TIME,
      level: 'INFO',
      message: 'with [scrubbed]',
      password: '[scrubbed]',
      url: 'https://app:[scrubbed]@db',
      '[scrubbed]': [{ in: '[scrubbed]' }],
    });
  });

  it('contains no value of another secret that was read, and keeps public fields readable', async () => {
    const { aws, client, rotate, log } = await deployStrategy({
      entry: '__tests__/lambda/rotation/strategies/admin.ts',
      secretString: '{"host":"db.local","username":"app","password":"the-first-one"}',
      environment: { ADMIN_SECRET: 'my-app/admin' },
    });
    const SecretString = '{"username":"root","password":"the-admin-password"}';
    await client.send(new CreateSecretCommand({ Name: 'my-app/admin', SecretString }));
    const failures: string[] = [];
    aws.account.events.on('rotationFailed', ({ failure }) => failures.push(failure.errorMessage));
    expect(await rotate()).toMatchObject({ outcome: 'failed' });
    const [, logged, failed] = await log(3);
    expect(logged).toMatchObject({ message: '[scrubbed]:[scrubbed] gives app@db.local [scrubbed]' });
    const errorMessage = 'db.local refuses [scrubbed] and [scrubbed].';
    expect(failed).toMatchObject({ step: 'setSecret', errorCode: 'SERVICE', errorMessage });
    expect(failures).toEqual([errorMessage]);
  });
});
