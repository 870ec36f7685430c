import { CreateSecretCommand, RotateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { PRINTING, rotationFunction, runningAccount } from './running-account.ts';

/** When a secret rotates in its next three nightly windows, 02:00–06:00 UTC: the times without the days. */
async function nightlyRotations(momentInWindow?: (secretArn: string) => number) {
  const running = await runningAccount(momentInWindow && { rotation: { momentInWindow } });
  const { aws, client } = running;
  const { clock, events } = aws.account;
  const rotated: string[] = [];
  events.on('rotationStarted', ({ secretArn }) =>
    rotated.push(`${secretArn} ${clock.now().toISOString().slice(11, 16)}`),
  );
  await clock.advance({ seconds: (86_400_000 - (clock.now().getTime() % 86_400_000)) / 1000 });
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'opened once' }));
  await client.send(
    new RotateSecretCommand({
      SecretId: 's',
      RotationLambdaARN: await rotationFunction(running, PRINTING),
      RotationRules: { ScheduleExpression: 'cron(0 2 * * ? *)', Duration: '4h' },
    }),
  );
  await aws.rotationSettled('s');
  await clock.advance({ days: 3 });
  return rotated.slice(1).map((line) => line.replace(ARN, 's'));
}

describe('a secret rotates by itself', () => {
  it('as soon as its window opens', async () => {
    expect(await nightlyRotations()).toEqual(['s 02:00', 's 02:00', 's 02:00']);
  });

  it.each([
    [0.5, '04:00'],
    [0.75, '05:00'],
    [1, '06:00'],
  ])('at the chosen moment of its window: %d', async (moment, time) => {
    const asked: string[] = [];
    const momentInWindow = (secretArn: string) => {
      asked.push(secretArn);
      return moment;
    };
    expect(await nightlyRotations(momentInWindow)).toEqual([`s ${time}`, `s ${time}`, `s ${time}`]);
    expect(new Set(asked)).toEqual(new Set([expect.stringMatching(/:secret:s-\w{6}$/)]));
  });
});
