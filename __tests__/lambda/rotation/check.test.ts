import { CancelRotateSecretCommand, CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { configure } from '../../commands/preflight/preflight-of.ts';
import { deployStrategy } from './deploy-strategy.ts';

const PASSWORD = 'the first password';

async function deployed(entry = 'lambda/password.ts') {
  const secretString = JSON.stringify({ username: 'app', password: PASSWORD });
  const strategy = await deployStrategy({ entry, secretString });
  configure(strategy, undefined);
  return strategy;
}

const check = (strategy: Awaited<ReturnType<typeof deployed>>, SecretId = strategy.secretArn) =>
  strategy.invoke({ Step: 'check', SecretId });

describe('A check event', () => {
  it('answers with what was looked at, only reads, and writes a line that counts as no failure', async () => {
    const strategy = await deployed();
    expect(await check(strategy)).toEqual({
      payload: {
        checks: [
          { what: 'Secrets Manager, as the function reaches it', outcome: 'passed' },
          { what: 'The current value', outcome: 'passed' },
          { what: 'A new password', outcome: 'passed' },
        ],
      },
    });
    expect(strategy.calls).toEqual(['DescribeSecret', 'GetSecretValue']);
    const [line] = await strategy.log(1);
    expect(line).toMatchObject({
      level: 'INFO',
      step: 'check',
      secret: 'my-app/login',
      outcome: 'checked',
      failed: [],
    });
  });

  it('is refused for a secret that another function rotates, or that rotates no more, and tells nothing about it', async () => {
    const strategy = await deployed();
    const { client, secretArn } = strategy;
    const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 'other', SecretString: 'another value' }));
    for (const secretId of [ARN, 'other', 'my-app/login', secretArn.slice(0, -7), `${secretArn}x`]) {
      const answer = await check(strategy, secretId);
      const isUnknown = secretId.endsWith('x');
      expect(JSON.stringify(answer)).toMatch(isUnknown ? /can't find the specified secret/ : /does not rotate/);
      expect(JSON.stringify(answer)).not.toContain('current value');
    }
    await client.send(new CancelRotateSecretCommand({ SecretId: secretArn }));
    expect(JSON.stringify(await check(strategy))).toMatch(/has no rotation/);
  });

  it.each([[undefined], [1], ['']])('is not a check with the SecretId %j', async (SecretId) => {
    const strategy = await deployed();
    expect(JSON.stringify(await strategy.invoke({ Step: 'check', SecretId }))).toMatch(/not a rotation step/);
    expect(strategy.calls).toEqual([]);
  });

  it('runs the check of a strategy, whose errors are rows without values', async () => {
    const strategy = await deployed('__tests__/lambda/rotation/strategies/checking.ts');
    const { payload } = (await check(strategy)) as { payload: { checks: object[] } };
    expect(payload.checks.slice(2)).toEqual([
      { what: 'The login of app', outcome: 'failed', code: 'AUTHENTICATION', message: 'It refuses [scrubbed].' },
      { what: 'The quota', outcome: 'not checked', message: 'Nobody knows the quota of [scrubbed].' },
      { what: 'The context', outcome: 'passed' },
      { what: 'A new value', outcome: 'passed' },
      { what: 'The target', outcome: 'failed', code: 'INTERNAL', message: 'broken by [scrubbed]' },
    ]);
    expect(new Set(strategy.calls)).toEqual(new Set(['DescribeSecret', 'GetSecretValue']));
  });

  it('says of a strategy without a check that its target was not looked at', async () => {
    const strategy = await deployed('__tests__/lambda/rotation/strategies/slow.ts');
    const { payload } = (await check(strategy)) as { payload: { checks: object[] } };
    expect(payload.checks.at(-1)).toEqual({
      what: 'The target',
      outcome: 'not checked',
      message: expect.stringMatching(/^The strategy has no check/),
    });
  });
});
