import { createServer } from 'node:net';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AccountEvents } from '../../local/account-events.ts';
import { localAws } from '../../local/local-aws.ts';
import { rotationFunction, runningAccount, sdkClient } from './secrets-manager/running-account.ts';
import { SIGNED } from './signed.ts';

describe('localAws', () => {
  it('answers only on this machine', async () => {
    const { aws } = await runningAccount();
    expect(aws.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(aws.account.endpoint).toBe(aws.endpoint);
  });

  it('says what it found and what to do when the port is in use', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void busy.close());
    const address = busy.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    await expect(localAws({ port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is in use by another program. Stop it, or choose another port (0 takes any free one).`,
    );
  });

  it('frees its port when it is closed, and may be closed again', async () => {
    const first = await localAws();
    await first.close();
    await first.close();
    const second = await localAws({ port: Number(new URL(first.endpoint).port) });
    expect(second.endpoint).toBe(first.endpoint);
    await second.close();
  });

  it('gives an SDK everything that it needs in the environment', async () => {
    const { aws } = await runningAccount();
    for (const [name, value] of Object.entries(aws.environment)) {
      const before = process.env[name];
      process.env[name] = value;
      onTestFinished(() => {
        if (before === undefined) delete process.env[name];
        else process.env[name] = before;
      });
    }
    const client = new SecretsManagerClient();
    onTestFinished(() => client.destroy());
    expect(await client.send(new ListSecretsCommand())).toMatchObject({ SecretList: [] });
  });

  it('has the account id and region from its options', async () => {
    const { client } = await runningAccount({ accountId: '210987654321', region: 'eu-central-1' });
    const { ARN } = await client.send(new CreateSecretCommand({ Name: 's' }));
    expect(ARN).toMatch(/^arn:aws:secretsmanager:eu-central-1:210987654321:secret:s-/);
  });

  it('reports every call: who made it, about which secret, and why it was refused', async () => {
    const { aws, client, call } = await runningAccount();
    const calls: AccountEvents['call'][0][] = [];
    aws.account.events.on('call', (each) => calls.push(each));
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 's3cret' }));
    await call('GetSecretValue', { SecretId: 'none' });
    await call('FryEggs');
    const caller = { arn: 'arn:aws:iam::123456789012:root' };
    const about = { service: 'secretsmanager', caller, accountId: '123456789012', region: 'us-east-1' };
    expect(calls).toEqual([
      { ...about, action: 'CreateSecret', secretId: 's' },
      {
        ...about,
        action: 'GetSecretValue',
        secretId: 'none',
        errorCode: 'ResourceNotFoundException',
        errorMessage: "Secrets Manager can't find the specified secret.",
      },
      {
        ...about,
        action: 'FryEggs',
        errorCode: 'UnknownOperationException',
        errorMessage: '"FryEggs" is not an action of the local Secrets Manager.',
      },
    ]);
    expect(JSON.stringify(calls)).not.toContain('s3cret');
  });

  it('refuses a call to a service that it does not have, and says which services it has', async () => {
    const { aws } = await runningAccount();
    for (const target of ['DynamoDB_20120810.ListTables', '']) {
      const response = await fetch(aws.endpoint, { method: 'POST', headers: { 'x-amz-target': target, ...SIGNED } });
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({
        __type: 'UnknownOperationException',
        Message: expect.stringContaining(
          `POST / with the X-Amz-Target "${target}" names no service of the local AWS. It has Secrets Manager (X-Amz-Target: secretsmanager.…), CloudWatch Logs (`,
        ),
      });
    }
  });

  it('lets clients work at the same time: each put makes one version, and one of them becomes current', async () => {
    const { aws, client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    const clients = Array.from({ length: 10 }, () => sdkClient(aws));
    onTestFinished(() => clients.forEach((each) => void each.destroy()));
    const put = await Promise.all(
      clients.map((each, n) => each.send(new PutSecretValueCommand({ SecretId: 's', SecretString: String(n) }))),
    );
    expect(new Set(put.map(({ VersionId }) => VersionId)).size).toBe(10);
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 's' }));
    expect(
      Object.values(VersionIdsToStages ?? {})
        .flat()
        .sort(),
    ).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
    const { VersionId, SecretString } = await client.send(new GetSecretValueCommand({ SecretId: 's' }));
    expect(put[Number(SecretString)]?.VersionId).toBe(VersionId);
  });

  it('lets one of many clients create a secret', async () => {
    const { aws } = await runningAccount();
    const clients = Array.from({ length: 10 }, () => sdkClient(aws));
    onTestFinished(() => clients.forEach((each) => void each.destroy()));
    const results = await Promise.allSettled(
      clients.map((each) => each.send(new CreateSecretCommand({ Name: 's', SecretString: 'x' }))),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('stops a rotation in progress and its function when it is closed', async () => {
    const running = await runningAccount();
    const { aws, client } = running;
    const RotationLambdaARN = await rotationFunction(
      running,
      'exports.handler = () => new Promise(() => setInterval(() => {}, 1000));',
    );
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    const started = new Promise((resolve) => aws.account.events.once('rotationStepStarted', resolve));
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    await started;
    await aws.close();
    expect(await aws.rotationSettled('s')).toBe('cancelled');
  });

  it('says how the latest rotation ended, if there was one', async () => {
    const { aws, client } = await runningAccount();
    await client.send(new CreateSecretCommand({ Name: 's' }));
    expect(await aws.rotationSettled('s')).toBeUndefined();
    await expect(aws.rotationSettled('none')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });
});
