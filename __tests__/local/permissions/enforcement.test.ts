import { randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  type CreateSecretCommandInput,
  RotateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import type { CallEvent } from '../../../local/account-events.ts';
import { attachRolePolicy, putRolePolicy } from '../../../local/iam/role-policies.ts';
import { createRole, deleteRole } from '../../../local/iam/roles.ts';
import { adoptKey } from '../../../local/kms/adopt-key.ts';
import { createFunction } from '../../../local/lambda/create-function.ts';
import { invokeFunction } from '../../../local/lambda/invoke-function.ts';
import { removePermission } from '../../../local/lambda/remove-permission.ts';
import { functionRole, rotationFunction, runningAccount, TRUST, TURNING } from '../secrets-manager/running-account.ts';

const KEY = 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** A function that makes the call in its event, and returns the result. */
const CALLING = `exports.handler = ({ action, input }) =>
  call(action, input).then(() => 'done', ({ name, message }) => name + ': ' + message);`;

/** An account with a secret `s`, and a function whose role has these statements. */
async function accountWith(statements: readonly object[], secret: Partial<CreateSecretCommandInput> = {}) {
  const running = await runningAccount();
  const { aws, client } = running;
  const { account } = aws;
  adoptKey(secret.KmsKeyId, account);
  const { ARN = '' } = await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first', ...secret }));
  const functionArn = await rotationFunction(running, CALLING);
  const functionName = functionArn.split(':').at(-1) ?? '';
  const calls: CallEvent[] = [];
  account.events.on('call', (each) => calls.push(each));
  const allow = (changed: readonly object[]) => {
    const Statement = changed.map((each) => ({ Effect: 'Allow', Resource: ARN, ...each }));
    putRolePolicy({ RoleName: 'rotate', PolicyName: 'all', PolicyDocument: JSON.stringify({ Statement }) }, account);
  };
  allow(statements);
  return {
    ...running,
    account,
    ARN,
    functionArn,
    functionName,
    calls,
    allow,
    caller: `arn:aws:sts::123456789012:assumed-role/rotate/${functionName}`,
    async run(action: string, input: object = { SecretId: ARN }) {
      const result = await invokeFunction(account, { functionArn, payload: { action, input } });
      return 'payload' in result ? result.payload : result.failure.errorMessage;
    },
  };
}

describe('a function', () => {
  const READ = { Action: 'secretsmanager:GetSecretValue' };

  it('reads many secrets by filters only if it may list secrets, too', async () => {
    const BATCH = { Action: 'secretsmanager:BatchGetSecretValue', Resource: '*' };
    const { allow, run, caller, ARN } = await accountWith([READ, BATCH]);
    const filters = { Filters: [{ Key: 'name', Values: ['s'] }] };
    expect(await run('BatchGetSecretValue', { SecretIdList: [ARN] })).toBe('done');
    expect(await run('BatchGetSecretValue', filters)).toContain(
      `User: ${caller} is not authorized to perform: secretsmanager:ListSecrets because no identity-based policy allows`,
    );
    allow([READ, BATCH, { Action: 'secretsmanager:ListSecrets', Resource: '*' }]);
    expect(await run('BatchGetSecretValue', filters)).toBe('done');
  });

  it('does what its role allows, and nothing else', async () => {
    const { run, caller, ARN } = await accountWith([READ]);
    expect(await run('GetSecretValue')).toBe('done');
    expect(await run('DescribeSecret')).toBe(
      `AccessDeniedException: User: ${caller} is not authorized to perform: secretsmanager:DescribeSecret on resource: ${ARN} because no identity-based policy allows the secretsmanager:DescribeSecret action`,
    );
  });

  it('is refused before anything happens', async () => {
    const { run, account, calls, caller } = await accountWith([READ]);
    const input = { SecretId: 's', ClientRequestToken: randomUUID(), SecretString: 'second' };
    expect(await run('PutSecretValue', input)).toContain('AccessDeniedException');
    expect(account.secrets.find('s')?.versions.size).toBe(1);
    expect(calls).toContainEqual({
      service: 'secretsmanager',
      action: 'PutSecretValue',
      caller: { arn: caller },
      accountId: account.id,
      region: account.region,
      secretId: 's',
      errorCode: 'AccessDeniedException',
      errorMessage: expect.stringContaining('secretsmanager:PutSecretValue'),
    });
  });

  it('is judged by the full ARN, however it names the secret', async () => {
    const { run, ARN } = await accountWith([READ]);
    expect(await run('GetSecretValue', { SecretId: 's' })).toBe('done');
    expect(await run('GetSecretValue', { SecretId: ARN.slice(0, -7) })).toBe('done');
  });

  it('is told if a statement denies the call', async () => {
    const { run, caller, ARN } = await accountWith([READ, { ...READ, Effect: 'Deny' }]);
    expect(await run('GetSecretValue')).toBe(
      `AccessDeniedException: User: ${caller} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${ARN} with an explicit deny in an identity-based policy`,
    );
  });

  it('learns that a secret does not exist only if it may read any secret', async () => {
    const { run, allow } = await accountWith([READ]);
    expect(await run('GetSecretValue', { SecretId: 'none' })).toMatch(
      /^AccessDeniedException: .* on resource: none because/,
    );
    allow([{ ...READ, Resource: '*' }]);
    expect(await run('GetSecretValue', { SecretId: 'none' })).toMatch(/^ResourceNotFoundException/);
  });

  it('lists secrets only if it may list all', async () => {
    const { run, allow, caller } = await accountWith([{ Action: 'secretsmanager:*' }]);
    expect(await run('ListSecrets', {})).toBe(
      `AccessDeniedException: User: ${caller} is not authorized to perform: secretsmanager:ListSecrets because no identity-based policy allows the secretsmanager:ListSecrets action`,
    );
    allow([{ Action: 'secretsmanager:ListSecrets', Resource: '*' }]);
    expect(await run('ListSecrets', {})).toBe('done');
  });

  it('creates secrets only with allowed names', async () => {
    const create = { Action: 'secretsmanager:CreateSecret', Resource: 'arn:aws:secretsmanager:*:*:secret:app/*' };
    const { run } = await accountWith([create]);
    const input = { ClientRequestToken: randomUUID(), SecretString: 'x' };
    expect(await run('CreateSecret', { ...input, Name: 'app/db' })).toBe('done');
    expect(await run('CreateSecret', { ...input, Name: 'other' })).toContain('AccessDeniedException');
  });

  it.each([
    [
      'the stage that it reads',
      { 'secretsmanager:VersionStage': 'AWSPENDING' },
      { 'secretsmanager:VersionStage': 'AWSCURRENT' },
    ],
    [
      'the name that it uses for the secret',
      { 'secretsmanager:SecretId': 'other' },
      { 'secretsmanager:SecretId': 's' },
    ],
    ["the secret's tags", { 'aws:ResourceTag/team': 'blue' }, { 'aws:ResourceTag/team': 'red' }],
    [
      'its own role',
      { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/x' },
      { 'aws:PrincipalArn': 'arn:aws:iam::123456789012:role/rotate' },
    ],
  ])('must meet conditions on %s', async (_what, other, same) => {
    const { run, allow } = await accountWith([{ ...READ, Condition: { StringEquals: other } }], {
      Tags: [{ Key: 'team', Value: 'red' }],
    });
    const current = { SecretId: 's', VersionStage: 'AWSCURRENT' };
    expect(await run('GetSecretValue', current)).toContain('AccessDeniedException');
    allow([{ ...READ, Condition: { StringEquals: same } }]);
    expect(await run('GetSecretValue', current)).toBe('done');
  });

  it('does not meet a condition on the stage if it names none, although it means AWSCURRENT', async () => {
    const Condition = { StringEquals: { 'secretsmanager:VersionStage': 'AWSCURRENT' } };
    const { run } = await accountWith([{ ...READ, Condition }]);
    expect(await run('GetSecretValue', { SecretId: 's' })).toContain('AccessDeniedException');
    expect(await run('GetSecretValue', { SecretId: 's', VersionStage: 'AWSCURRENT' })).toBe('done');
  });

  it("must meet conditions on the secret's rotation function", async () => {
    const Condition = { StringEquals: { 'secretsmanager:resource/AllowRotationLambdaArn': 'set below' } };
    const { run, allow, aws, client, functionArn } = await accountWith([{ ...READ, Condition }]);
    await client.send(
      new RotateSecretCommand({ SecretId: 's', RotationLambdaARN: functionArn, RotateImmediately: false }),
    );
    await aws.rotationSettled('s');
    expect(await run('GetSecretValue')).toContain('AccessDeniedException');
    Condition.StringEquals['secretsmanager:resource/AllowRotationLambdaArn'] = functionArn;
    allow([{ ...READ, Condition }]);
    expect(await run('GetSecretValue')).toBe('done');
  });

  it('is told which policy cannot be judged here, and why', async () => {
    const { run, allow, account } = await accountWith([
      { ...READ, Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1/32' } } },
    ]);
    expect(await run('GetSecretValue')).toEqual(
      expect.stringMatching(
        /^UnsupportedPolicy: The local AWS cannot judge secretsmanager:GetSecretValue by the policy all of the role rotate: it does not know the condition operator IpAddress \(known: StringEquals, /,
      ),
    );
    allow([READ]);
    attachRolePolicy({ RoleName: 'rotate', PolicyArn: 'arn:aws:iam::aws:policy/SecretsManagerReadWrite' }, account);
    expect(await run('GetSecretValue')).toMatch(
      /does not know what the managed policy arn:aws:iam::aws:policy\/SecretsManagerReadWrite of the role rotate allows/,
    );
  });
});

describe('a secret under a customer key', () => {
  const via = 'secretsmanager.us-east-1.amazonaws.com';
  const all = { Action: 'secretsmanager:*' };
  const put = () => ({ SecretId: 's', ClientRequestToken: randomUUID(), SecretString: 'second' });

  it('can be read by a role that may decrypt with the key, through Secrets Manager and for this secret', async () => {
    const { run, allow, ARN, calls, caller } = await accountWith([all], { KmsKeyId: KEY });
    const use = (ViaService: string, SecretARN: string) => ({
      Action: 'kms:Decrypt',
      Resource: KEY,
      Condition: { StringEquals: { 'kms:ViaService': ViaService, 'kms:EncryptionContext:SecretARN': SecretARN } },
    });
    expect(await run('GetSecretValue')).toBe('AccessDeniedException: Access to KMS is not allowed');
    expect(calls.filter(({ service }) => service === 'kms')).toEqual([
      {
        service: 'kms',
        action: 'Decrypt',
        caller: { arn: caller },
        accountId: '123456789012',
        region: 'us-east-1',
        errorCode: 'AccessDeniedException',
        errorMessage: `User: ${caller} is not authorized to perform: kms:Decrypt on resource: ${KEY} because no identity-based policy allows the kms:Decrypt action`,
      },
    ]);
    allow([all, use('s3.us-east-1.amazonaws.com', ARN)]);
    expect(await run('GetSecretValue')).toContain('Access to KMS is not allowed');
    allow([all, use(via, `${ARN}x`)]);
    expect(await run('GetSecretValue')).toContain('Access to KMS is not allowed');
    allow([all, use(via, ARN)]);
    expect(await run('GetSecretValue')).toBe('done');
  });

  it.each(['kms:GenerateDataKey', 'kms:Decrypt'])('accepts no new value without %s', async (missing) => {
    const both = ['kms:GenerateDataKey', 'kms:Decrypt'];
    const { run, allow } = await accountWith([all, { Action: both, Resource: KEY }], {
      KmsKeyId: KEY.split('/').at(-1),
    });
    expect(await run('PutSecretValue', put())).toBe('done');
    allow([all, { Action: both.filter((each) => each !== missing), Resource: KEY }]);
    expect(await run('PutSecretValue', put())).toBe('AccessDeniedException: Access to KMS is not allowed');
    expect(await run('UpdateSecret', put())).toBe('AccessDeniedException: Access to KMS is not allowed');
    expect(await run('DescribeSecret')).toBe('done');
  });

  it('is judged by the key, even if the secret names an alias', async () => {
    const { run, allow, aws } = await accountWith([all], { KmsKeyId: 'alias/secrets' });
    const { Arn = '' } = aws.account.keys.find('alias/secrets') ?? {};
    allow([all, { Action: 'kms:Decrypt', Resource: Arn.replace(/key\/.*/, 'alias/secrets') }]);
    expect(await run('GetSecretValue')).toBe('AccessDeniedException: Access to KMS is not allowed');
    allow([all, { Action: 'kms:Decrypt', Resource: Arn }]);
    expect(await run('GetSecretValue')).toBe('done');
  });

  it("needs no permission for KMS if the key is AWS's own", async () => {
    const { run, calls } = await accountWith([all], { KmsKeyId: 'alias/aws/secretsmanager' });
    expect(await run('GetSecretValue')).toBe('done');
    expect(calls.filter(({ service }) => service === 'kms')).toEqual([]);
  });
});

describe('the log of a function', () => {
  const LINES = 'exports.handler = async () => console.log("one line");';

  async function logged(
    actions: readonly string[],
    resource = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/*',
  ) {
    const running = await runningAccount();
    const { account } = running.aws;
    const functionArn = await rotationFunction(running, LINES);
    const Statement = [{ Effect: 'Allow', Action: ['s3:GetObject', ...actions], Resource: resource }];
    putRolePolicy({ RoleName: 'rotate', PolicyName: 'all', PolicyDocument: JSON.stringify({ Statement }) }, account);
    const calls: string[] = [];
    const lines: string[] = [];
    account.events.on('call', ({ service, action, errorCode = 'done' }) =>
      calls.push(`${service}:${action} ${errorCode}`),
    );
    account.events.on('functionLog', ({ line }) => lines.push(line));
    for (const payload of [1, 2])
      expect(await invokeFunction(account, { functionArn, payload })).toEqual({ payload: null });
    await running.aws.close();
    return { calls, lines };
  }

  it('is written if its role allows it', async () => {
    const { calls, lines } = await logged(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(lines).toEqual(['one line', 'one line']);
    expect(calls).toEqual(['logs:CreateLogStream done', 'logs:PutLogEvents done', 'logs:PutLogEvents done']);
  });

  it.each([
    [['logs:PutLogEvents'], 'logs:CreateLogStream AccessDeniedException'],
    [['logs:CreateLogStream'], 'logs:PutLogEvents AccessDeniedException'],
  ])('is lost if its role only has %j, and the function still runs', async (actions, refused) => {
    const { calls, lines } = await logged(actions);
    expect(lines).toEqual([]);
    expect(calls.filter((call) => call === refused)).toHaveLength(2);
  });

  it('is lost if its role may only write another log', async () => {
    const { lines } = await logged(['logs:*'], 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/other:*');
    expect(lines).toEqual([]);
  });

  it("is written with AWS's managed policy", async () => {
    const running = await runningAccount();
    const { account } = running.aws;
    const lines: string[] = [];
    account.events.on('functionLog', ({ line }) => lines.push(line));
    const functionArn = await rotationFunction(running, LINES);
    account.roles.find('rotate')?.inlinePolicies.clear();
    const PolicyArn = 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole';
    attachRolePolicy({ RoleName: 'rotate', PolicyArn }, account);
    await invokeFunction(account, { functionArn, payload: {} });
    await running.aws.close();
    expect(lines).toEqual(['one line']);
  });
});

describe('Lambda', () => {
  const REFUSED = 'The role defined for the function cannot be assumed by Lambda.';

  it.each([
    ['does not exist', undefined],
    ['trusts another service', TRUST.replace('lambda.', 'ec2.')],
  ])('creates no function if its role %s', async (_why, AssumeRolePolicyDocument) => {
    const { account } = (await runningAccount()).aws;
    if (AssumeRolePolicyDocument) createRole({ RoleName: 'r', AssumeRolePolicyDocument }, account);
    const input = {
      FunctionName: 'f',
      Role: 'arn:aws:iam::123456789012:role/r',
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      ZipFile: new Uint8Array(),
    };
    const refused = expect.objectContaining({ code: 'InvalidParameterValueException', message: REFUSED });
    expect(() => createFunction(input, account)).toThrow(refused);
  });

  it('invokes no function after its role was deleted', async () => {
    const { run, account } = await accountWith([]);
    expect(() => deleteRole({ RoleName: 'rotate' }, account)).toThrow(
      'Cannot delete entity, must delete policies first.',
    );
    account.roles.find('rotate')?.inlinePolicies.clear();
    deleteRole({ RoleName: 'rotate' }, account);
    await expect(run('GetSecretValue')).rejects.toMatchObject({ code: 'AccessDeniedException', message: REFUSED });
  });
});

describe('a rotation fails', () => {
  it('if its role lost a permission, and the failure names it', async () => {
    const running = await runningAccount();
    const { aws, client } = running;
    const RotationLambdaARN = await rotationFunction(running, TURNING);
    functionRole(aws.account, 'rotate', ['logs:*', 'secretsmanager:PutSecretValue', 'secretsmanager:DescribeSecret']);
    const failures: string[] = [];
    aws.account.events.on('rotationFailed', ({ failure }) => failures.push(failure.errorMessage));
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    expect(await aws.rotationSettled('s')).toBe('failed');
    expect(failures).toEqual([expect.stringContaining('secretsmanager:UpdateSecretVersionStage')]);
  });

  it('if the permission to invoke the function was removed after the rotation was declared', async () => {
    const running = await runningAccount();
    const { aws, client } = running;
    const RotationLambdaARN = await rotationFunction(running, TURNING);
    await client.send(new CreateSecretCommand({ Name: 's', SecretString: 'first' }));
    const failures: unknown[] = [];
    aws.account.events.on('rotationFailed', ({ failure }) => failures.push(failure));
    aws.account.events.once('rotationStepEnded', () => {
      removePermission({ FunctionName: RotationLambdaARN, StatementId: 'secretsmanager' }, aws.account);
    });
    await client.send(new RotateSecretCommand({ SecretId: 's', RotationLambdaARN }));
    expect(await aws.rotationSettled('s')).toBe('failed');
    expect(failures).toEqual([
      {
        errorType: 'AccessDeniedException',
        errorMessage:
          'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
      },
    ]);
    expect(() =>
      removePermission({ FunctionName: RotationLambdaARN, StatementId: 'secretsmanager' }, aws.account),
    ).toThrow(expect.objectContaining({ code: 'ResourceNotFoundException' }));
  });
});
