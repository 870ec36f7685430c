import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { strToU8, zipSync } from 'fflate';
import { onTestFinished } from 'vitest';
import type { Account } from '../../../local/account.ts';
import { putRolePolicy } from '../../../local/iam/role-policies.ts';
import { createRole } from '../../../local/iam/roles.ts';
import { addPermission } from '../../../local/lambda/add-permission.ts';
import { createFunction } from '../../../local/lambda/create-function.ts';
import { type LocalAws, type LocalAwsOptions, localAws } from '../../../local/local-aws.ts';

import { startInProcess } from '../../../testing/in-process-function.ts';
import { SIGNED } from '../signed.ts';

export const INVALID_NAME =
  'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';

/** The SDK's `send`, and a call without the SDK: status, content type and parsed body. */
export interface RunningAccount {
  readonly aws: LocalAws;
  readonly client: SecretsManagerClient;
  call(action: string, input?: unknown): Promise<{ status: number; contentType: string | null; body: WireBody }>;
}

/** The raw answer to a call. */
type WireBody = Record<string, unknown>;

/** An empty account that is closed when the test ends; its functions run in this process, unless `options` say otherwise. */
export async function runningAccount(options: LocalAwsOptions = {}): Promise<RunningAccount> {
  const aws = await localAws({
    rotation: { attempts: 2, retryDelaySeconds: 0 },
    startFunction: startInProcess,
    ...options,
  });
  const client = sdkClient(aws);
  onTestFinished(async () => {
    client.destroy();
    await aws.close();
  });
  return {
    aws,
    client,
    async call(action, input = {}) {
      const response = await fetch(aws.endpoint, {
        method: 'POST',
        headers: { 'x-amz-target': `secretsmanager.${action}`, ...SIGNED },
        body: typeof input === 'string' ? input : JSON.stringify(input),
      });
      const text = await response.text();
      const contentType = response.headers.get('content-type');
      return { status: response.status, contentType, body: text === '' ? {} : JSON.parse(text) };
    },
  };
}

export function sdkClient({ endpoint, account, environment }: LocalAws): SecretsManagerClient {
  return new SecretsManagerClient({
    endpoint,
    region: account.region,
    maxAttempts: 1,
    // A server ends a connection that was idle for long, and a test on a busy machine may be about to use it.
    requestHandler: { httpAgent: { keepAlive: false } },
    credentials: {
      accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
    },
  });
}

/** What the code of test functions can use: one API call, made with node:http. */
const CALL = `
const http = require('node:http');
const call = (action, input) => new Promise((resolve, reject) => {
  const credential = 'Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20260101/us-east-1/secretsmanager/aws4_request';
  const request = http.request(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    agent: false,
    headers: {
      'x-amz-target': 'secretsmanager.' + action,
      authorization: 'AWS4-HMAC-SHA256 ' + credential + ', SignedHeaders=host, Signature=none',
    },
  }, async (response) => {
    let text = '';
    for await (const chunk of response) text += chunk;
    const body = text ? JSON.parse(text) : {};
    if (response.statusCode === 200) resolve(body);
    else reject(Object.assign(new Error(body.Message), { name: body.__type }));
  });
  request.on('error', reject);
  request.end(JSON.stringify(input));
});
`;

/** A function that rotates correctly, any number of times, and again after any error. */
export const TURNING = `exports.handler = async ({ Step, SecretId, ClientRequestToken }) => {
  if (Step === 'createSecret') {
    await call('PutSecretValue', { SecretId, ClientRequestToken, SecretString: ClientRequestToken, VersionStages: ['AWSPENDING'] });
  }
  if (Step === 'finishSecret') {
    const { VersionIdsToStages } = await call('DescribeSecret', { SecretId });
    const [current] = Object.entries(VersionIdsToStages).find(([, stages]) => stages.includes('AWSCURRENT')) ?? [];
    await call('UpdateSecretVersionStage', {
      SecretId, VersionStage: 'AWSCURRENT', MoveToVersionId: ClientRequestToken, RemoveFromVersionId: current });
  }
};`;

/** A function that does nothing but print its events. */
export const PRINTING = 'exports.handler = async (event) => console.log(JSON.stringify(event));';

/** Creates a role that Lambda may assume, with these actions on everything. @returns its ARN */
export function functionRole(account: Account, RoleName: string, Action: string | readonly string[] = '*'): string {
  const { Arn } = account.roles.find(RoleName) ?? createRole({ RoleName, AssumeRolePolicyDocument: TRUST }, account);
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  putRolePolicy({ RoleName, PolicyName: 'all', PolicyDocument }, account);
  return Arn;
}

/** A trust policy that lets Lambda assume the role. */
export const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

/** Creates a function that may do everything, and that Secrets Manager may invoke for every secret. @returns its ARN */
export async function rotationFunction(
  { aws: { account } }: RunningAccount,
  source: string,
  { timeoutSeconds = 10, isPermitted = true } = {},
): Promise<string> {
  const FunctionName = `rotate-${randomUUID()}`;
  const { FunctionArn } = await createFunction(
    {
      FunctionName,
      Role: functionRole(account, 'rotate'),
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: timeoutSeconds,
      ZipFile: zipSync({ 'index.js': strToU8(CALL + source) }),
    },
    account,
  );
  if (isPermitted) {
    addPermission(
      {
        FunctionName,
        StatementId: 'secretsmanager',
        Principal: 'secretsmanager.amazonaws.com',
        Action: 'lambda:InvokeFunction',
        SourceArn: `arn:aws:secretsmanager:*:${account.id}:secret:*`,
        SourceAccount: account.id,
      },
      account,
    );
  }
  return FunctionArn;
}
