import { describe, expect, it } from 'vitest';
import { readRotationEvent, secretName } from '../../../lambda/rotation/rotation-event.ts';

const event = {
  Step: 'createSecret',
  SecretId: 'arn:aws:secretsmanager:us-east-1:123456789012:secret:my-app/db-AbCdEf',
  ClientRequestToken: 'EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE',
};

describe('readRotationEvent', () => {
  it('accepts what Secrets Manager sends, with or without a RotationToken', () => {
    expect(readRotationEvent(event)).toEqual(event);
    const withToken = { ...event, RotationToken: 'r'.repeat(256) };
    expect(readRotationEvent(withToken)).toEqual(withToken);
  });

  it('accepts a name instead of the ARN, and Terraform’s token, which is not a UUID', () => {
    expect(() => readRotationEvent({ ...event, SecretId: 'my-app/db' })).not.toThrow();
    expect(() => readRotationEvent({ ...event, ClientRequestToken: `terraform-${'1'.repeat(26)}` })).not.toThrow();
  });

  it.each([
    ['nothing', undefined, 'Step is nothing'],
    ['a string', 'createSecret', 'Step is nothing'],
    ['an empty event', {}, 'SecretId is nothing'],
    [
      'another step',
      { ...event, Step: 'deleteSecret' },
      'expected one of createSecret, setSecret, testSecret, finishSecret',
    ],
    ['a step in another case', { ...event, Step: 'CreateSecret' }, 'expected one of'],
    ['an empty SecretId', { ...event, SecretId: '' }, 'SecretId is an empty string'],
    ['a short token', { ...event, ClientRequestToken: 'short' }, 'version id of 32 to 64 characters'],
    ['a token that is a number', { ...event, ClientRequestToken: 1 }, 'version id of 32 to 64 characters'],
    ['a long token', { ...event, ClientRequestToken: 't'.repeat(65) }, 'version id of 32 to 64 characters'],
    ['a short RotationToken', { ...event, RotationToken: 'short' }, 'RotationToken has not 36 to 256 characters'],
  ])('refuses %s as EVENT, and says what to do', (_what, received, message) => {
    expect(() => readRotationEvent(received)).toThrow(expect.objectContaining({ code: 'EVENT' }));
    expect(() => readRotationEvent(received)).toThrow(message);
    expect(() => readRotationEvent(received)).toThrow('call RotateSecret');
  });
});

describe('secretName', () => {
  it.each([
    [event.SecretId, 'my-app/db'],
    ['arn:aws-cn:secretsmanager:cn-north-1:123456789012:secret:a-b-c-123456', 'a-b-c'],
    ['my-app/db', 'my-app/db'],
  ])('of %s is %s', (secretId, name) => expect(secretName(secretId)).toBe(name));
});
