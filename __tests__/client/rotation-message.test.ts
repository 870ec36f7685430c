import { describe, expect, it } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { takeRotationMessage } from '../../client/rotation-message.ts';
import { answering, sdkError, version } from './answering-client.ts';
import { login, newLogin, readingAccount } from './reading-account.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:db-AbCdEf';
const event = (detail: object = {}) => ({
  source: 'aws.secretsmanager',
  'detail-type': 'Secret Label Updated',
  resources: [ARN],
  detail: { name: 'db', labelUpdated: 'AWSCURRENT', versionId: '2', ...detail },
});

describe('takeRotationMessage', () => {
  it('brings the new value of the local AWS within five seconds, although the old one is fresh', async () => {
    const { cache, put } = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    const secret = cache.secret('db', { schema: login });
    expect(await secret.get()).toEqual(first);
    const heard: unknown[] = [];
    secret.onRotation((value) => heard.push(value));
    const versionId = await put(second);
    const started = Date.now();
    expect(await takeRotationMessage(secret, JSON.stringify(event({ versionId })))).toBe(true);
    expect(Date.now() - started).toBeLessThan(5_000);
    expect(secret.peek()).toEqual(second);
    expect(heard).toEqual([second]);
  });

  it.each([
    ['an event', event()],
    ['a text', JSON.stringify(event())],
    ['a message of SNS', { Type: 'Notification', Message: JSON.stringify(event()) }],
    ['a message of SNS by SQS', JSON.stringify({ Type: 'Notification', Message: JSON.stringify(event()) })],
  ])('takes %s', async (_, message) => {
    const { client } = answering(version('1', [1]), version('2', [2]));
    const secret = secretsCache({ client }).secret('db');
    await secret.get();
    expect(await takeRotationMessage(secret, message)).toBe(true);
    expect(secret.peek()).toEqual([2]);
  });

  it('knows a secret by its ARN', async () => {
    const { client } = answering(version('1', [1]), version('2', [2]));
    const secret = secretsCache({ client }).secret(ARN);
    await secret.get();
    expect(await takeRotationMessage(secret, event())).toBe(true);
  });

  it.each([
    ['of another secret', event({ name: 'other' })],
    ['of another label', event({ labelUpdated: 'TERRAFORM_INITIAL' })],
    ['of another source', { ...event(), source: 'my.application' }],
    ['that names no version', event({ versionId: undefined })],
    ['that is no event', 'hello'],
    ['that is empty', undefined],
    ['that is JSON and no object', 'null'],
  ])('makes no call for a message %s', async (_, message) => {
    const { client, asked } = answering(version('1', [1]));
    const secret = secretsCache({ client }).secret('db');
    expect(await takeRotationMessage(secret, message)).toBe(false);
    expect(asked).toEqual([]);
  });

  it('does not read again for a message that waited in a queue while the secret was read', async () => {
    const { client, asked } = answering(version('2', [2]));
    const secret = secretsCache({ client }).secret('db');
    await secret.get();
    const late = { ...event({ versionId: '1' }), time: new Date(Date.now() - 60_000).toISOString() };
    expect(await takeRotationMessage(secret, late)).toBe(true);
    expect(asked).toHaveLength(1);
  });

  it('throws if the read fails, so that a queue delivers the message again', async () => {
    const { client } = answering(sdkError('AccessDeniedException'));
    const secret = secretsCache({ client }).secret('db');
    await expect(takeRotationMessage(secret, event())).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});
