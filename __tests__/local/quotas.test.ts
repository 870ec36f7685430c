import { DescribeSecretCommand, ListSecretsCommand } from '@aws-sdk/client-secrets-manager';
import { expect, it } from 'vitest';
import { Quotas } from '../../local/quotas.ts';
import { runningAccount } from './secrets-manager/running-account.ts';

const PLACE = { id: '123456789012', region: 'us-east-1' };

it('refuses the calls of one second beyond the quota, of each account and region apart', () => {
  const quotas = new Quotas();
  const rotate = (count: number, action = 'RotateSecret', place = PLACE) => {
    for (let call = 0; call < count; call += 1) quotas.take('secretsmanager', action, place);
  };
  rotate(49);
  // These two count together.
  rotate(1, 'CancelRotateSecret');
  expect(() => rotate(1)).toThrow('Rate exceeded');
  rotate(50, 'RotateSecret', { ...PLACE, region: 'eu-central-1' });
  rotate(50, 'PutSecretValue');
  rotate(200, 'AnyOther');
});

it('throttles a client of the local AWS only if asked to', async () => {
  for (const quotas of [true, false]) {
    const { client } = await runningAccount({ quotas });
    const calls = Array.from({ length: 150 }, () => client.send(new ListSecretsCommand()));
    const names = (await Promise.allSettled(calls)).map((call) =>
      call.status === 'rejected' ? call.reason.name : 'ok',
    );
    expect(names.includes('ok')).toBe(true);
    if (!quotas) expect(names).not.toContain('ThrottlingException');
    await expect(client.send(new DescribeSecretCommand({ SecretId: 's' }))).rejects.toThrow("can't find");
  }
});
