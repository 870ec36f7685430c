import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { CloudTrailRecord } from '../../local/cloudtrail/cloud-trail-record.ts';
import { watchCloudTrail } from '../../local/cloudtrail/watch-cloud-trail.ts';
import { rotationFunction, runningAccount, TURNING } from './secrets-manager/running-account.ts';

/** An account with the secret "s", and what CloudTrail records about it from now on. */
async function recordedAccount() {
  const running = await runningAccount();
  const { ARN = '' } = await running.client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
  const records: CloudTrailRecord[] = [];
  watchCloudTrail(running.aws.account, (record) => records.push(record));
  const named = (name: string) => records.filter(({ eventName }) => eventName === name);
  const rotate = async (source: string) => {
    const RotationLambdaARN = await rotationFunction(running, source);
    const { VersionId = '' } = await running.client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    await running.aws.rotationSettled('s');
    return { functionArn: RotationLambdaARN, versionId: VersionId };
  };
  return { ...running, ARN, records, named, rotate };
}

describe('the records of CloudTrail', () => {
  it('say who read a secret, and which version', async () => {
    const { client, records } = await recordedAccount();
    await client.send(new GetSecretValueCommand({ SecretId: 's', VersionStage: 'AWSCURRENT' }));
    expect(records).toEqual([
      {
        eventVersion: expect.any(String),
        userIdentity: {
          type: 'Root',
          principalId: '123456789012',
          arn: 'arn:aws:iam::123456789012:root',
          accountId: '123456789012',
        },
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        eventSource: 'secretsmanager.amazonaws.com',
        eventName: 'GetSecretValue',
        awsRegion: 'us-east-1',
        sourceIPAddress: '127.0.0.1',
        requestParameters: { secretId: 's', versionStage: 'AWSCURRENT' },
        responseElements: null,
        eventID: expect.stringMatching(/^[0-9a-f-]{36}$/),
        readOnly: true,
        eventType: 'AwsApiCall',
        managementEvent: true,
        recipientAccountId: '123456789012',
        eventCategory: 'Management',
      },
    ]);
  });

  it('say why a read was refused', async () => {
    const { client, named } = await recordedAccount();
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'none' }))).rejects.toThrow();
    expect(named('GetSecretValue')).toMatchObject([
      {
        errorCode: 'ResourceNotFoundException',
        errorMessage: "Secrets Manager can't find the specified secret.",
        requestParameters: { secretId: 'none' },
      },
    ]);
  });

  it('show a rotation from start to success, and the role of its function', async () => {
    const { ARN, records, named, rotate } = await recordedAccount();
    const { versionId } = await rotate(TURNING);
    expect(records.map(({ eventName }) => eventName)).toEqual([
      'RotationStarted',
      'RotateSecret',
      'PutSecretValue',
      'DescribeSecret',
      'UpdateSecretVersionStage',
      'RotationSucceeded',
    ]);
    for (const name of ['RotationStarted', 'RotationSucceeded']) {
      expect(named(name)).toMatchObject([
        {
          eventType: 'AwsServiceEvent',
          userIdentity: { accountId: '123456789012', invokedBy: 'secretsmanager.amazonaws.com' },
          sourceIPAddress: 'secretsmanager.amazonaws.com',
          additionalEventData: { SecretId: ARN },
          requestParameters: null,
          requestID: `Rotation-${ARN}-${versionId}`,
          readOnly: false,
        },
      ]);
    }
    expect(named('UpdateSecretVersionStage')).toMatchObject([
      {
        userIdentity: {
          type: 'AssumedRole',
          arn: expect.stringMatching(/^arn:aws:sts::123456789012:assumed-role\/rotate\/rotate-/),
          sessionContext: {
            sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::123456789012:role/rotate', userName: 'rotate' },
          },
        },
        requestParameters: { secretId: ARN, versionStage: 'AWSCURRENT', moveToVersionId: versionId },
        readOnly: false,
      },
    ]);
  });

  it('show the function and step of a failed rotation, but not what the function said', async () => {
    const { ARN, records, named, rotate } = await recordedAccount();
    const source = `exports.handler = async ({ Step }) => { if (Step === 'setSecret') throw new Error('sentinel-value'); };`;
    const { functionArn } = await rotate(source);
    expect(named('RotationFailed')).toMatchObject([
      {
        eventType: 'AwsServiceEvent',
        errorMessage: `Error when executing lambda ${functionArn} during setSecret step`,
        additionalEventData: { SecretId: ARN },
      },
    ]);
    expect(named('RotationSucceeded')).toEqual([]);
    expect(JSON.stringify(records)).not.toContain('sentinel-value');
  });

  it.each(['PutSecretValue', 'UpdateSecret'])(
    'show that a rotation was abandoned when %s makes a new value current',
    async (action) => {
      const { call, ARN, records, named, rotate } = await recordedAccount();
      const put = (SecretString: string) =>
        call(action, { SecretId: 's', ClientRequestToken: randomUUID(), SecretString });
      const { versionId } = await rotate("exports.handler = async () => { throw new Error('broken'); };");
      expect(named('RotationAbandoned')).toEqual([]);
      await put('by hand');
      const requestID = `Rotation-${ARN}-${versionId}`;
      expect(named('RotationAbandoned')).toMatchObject([
        { eventType: 'AwsServiceEvent', additionalEventData: { SecretId: ARN }, requestID },
      ]);
      expect(records.at(-1)?.eventName).toBe(action);
      await put('once more');
      expect(named('RotationAbandoned')).toHaveLength(1);
    },
  );

  it('show no abandoned rotation if a put does not move AWSCURRENT', async () => {
    const { client, named, rotate } = await recordedAccount();
    await rotate("exports.handler = async () => { throw new Error('broken'); };");
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString: 'beside', VersionStages: ['MINE'] }));
    expect(named('RotationAbandoned')).toEqual([]);
  });

  it('contain no value, however it was sent', async () => {
    const { client, call, records } = await recordedAccount();
    const SecretString = 'sentinel-value';
    await client.send(new CreateSecretCommand({ Name: 'other', SecretString, Description: 'sentinel-value' }));
    await client.send(new PutSecretValueCommand({ SecretId: 's', SecretString }));
    await client.send(new UpdateSecretCommand({ SecretId: 's', SecretBinary: Buffer.from('sentinel-value') }));
    await client.send(new GetSecretValueCommand({ SecretId: 'other' }));
    // Refused: no token; a token that belongs to another value; a field of the wrong kind.
    const ClientRequestToken = randomUUID();
    await call('PutSecretValue', { SecretId: 's', SecretString });
    await call('PutSecretValue', { SecretId: 's', ClientRequestToken, SecretString: 'one' });
    await call('PutSecretValue', { SecretId: 's', ClientRequestToken, SecretString });
    await call('PutSecretValue', { SecretId: 's', ClientRequestToken, SecretString: [SecretString] });
    await call('PutSecretValue', { SecretId: 's', ClientRequestToken, Password: SecretString });
    expect(records).toHaveLength(9);
    expect(records.filter(({ errorCode }) => errorCode)).toHaveLength(4);
    const text = JSON.stringify(records);
    expect(text).not.toContain('sentinel-value');
    expect(text).not.toContain(Buffer.from('sentinel-value').toString('base64'));
  });
});
