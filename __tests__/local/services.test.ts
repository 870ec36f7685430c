import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalAws, localAws } from '../../local/local-aws.ts';
import { TRUST } from './secrets-manager/running-account.ts';
import { SIGNED } from './signed.ts';

let aws: LocalAws;

beforeEach(async () => {
  aws = await localAws();
});

afterEach(() => aws.close());

/** One call of a query API, such as IAM's: its status and its XML. */
async function query(Version: string, Action: string, parameters: Record<string, string> = {}) {
  const body = new URLSearchParams({ Action, Version, ...parameters });
  const response = await fetch(aws.endpoint, { method: 'POST', headers: SIGNED, body });
  return { status: response.status, xml: await response.text() };
}

const iam = (action: string, parameters?: Record<string, string>) => query('2010-05-08', action, parameters);

/** One call of a JSON API. */
async function json(target: string, input: unknown = {}) {
  const headers = { 'x-amz-target': target, ...SIGNED };
  const response = await fetch(aws.endpoint, { method: 'POST', headers, body: JSON.stringify(input) });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** One call of Lambda's REST API. */
async function lambda(method: string, path: string, input?: unknown) {
  const response = await fetch(`${aws.endpoint}${path}`, {
    method,
    headers: SIGNED,
    ...(input !== undefined && { body: JSON.stringify(input) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    error: response.headers.get('x-amzn-errortype'),
    body: text === '' ? undefined : JSON.parse(text),
  };
}

const FUNCTIONS = '/2015-03-31/functions';
const ZipFile = Buffer.from(zipSync({ 'index.js': strToU8('exports.handler = async () => {};') })).toString('base64');

/** A function `turn` and its role, created with API calls. */
async function createFunction(settings: object = {}) {
  await iam('CreateRole', { RoleName: 'turner', AssumeRolePolicyDocument: TRUST });
  return lambda('POST', FUNCTIONS, {
    FunctionName: 'turn',
    Role: `arn:aws:iam::${aws.account.id}:role/turner`,
    Handler: 'index.handler',
    Runtime: 'nodejs24.x',
    Code: { ZipFile },
    ...settings,
  });
}

describe('the local STS', () => {
  it('says who calls', async () => {
    const { status, xml } = await query('2011-06-15', 'GetCallerIdentity');
    expect(status).toBe(200);
    expect(xml).toContain('<GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:root</Arn>');
    expect(xml).toContain('<Account>123456789012</Account>');
  });
});

describe('the local IAM', () => {
  it('keeps a role with its tags, and shows its documents URL-encoded', async () => {
    await iam('CreateRole', {
      RoleName: 'turner',
      AssumeRolePolicyDocument: TRUST,
      'Tags.member.1.Key': 'team',
      'Tags.member.1.Value': 'R&D <1>',
      'Tags.member.2.Key': 'stage',
      'Tags.member.2.Value': 'prod',
    });
    const { xml } = await iam('GetRole', { RoleName: 'turner' });
    expect(xml).toContain('<Arn>arn:aws:iam::123456789012:role/turner</Arn>');
    expect(xml).toContain(`<AssumeRolePolicyDocument>${encodeURIComponent(TRUST)}</AssumeRolePolicyDocument>`);
    expect(xml).toContain('<member><Key>team</Key><Value>R&#38;D &#60;1&#62;</Value></member>');
    expect(xml).toContain('<member><Key>stage</Key><Value>prod</Value></member>');
    await iam('UntagRole', { RoleName: 'turner', 'TagKeys.member.1': 'team' });
    expect((await iam('GetRole', { RoleName: 'turner' })).xml).not.toContain('team');
  });

  it('refuses to delete a role that has policies, and deletes it when it has none', async () => {
    await iam('CreateRole', { RoleName: 'turner', AssumeRolePolicyDocument: TRUST });
    await iam('PutRolePolicy', { RoleName: 'turner', PolicyName: 'all', PolicyDocument: '{"Statement":[]}' });
    expect((await iam('ListRolePolicies', { RoleName: 'turner' })).xml).toContain('<member>all</member>');
    expect(await iam('DeleteRole', { RoleName: 'turner' })).toEqual({
      status: 409,
      xml: expect.stringContaining('<Code>DeleteConflict</Code>'),
    });
    await iam('DeleteRolePolicy', { RoleName: 'turner', PolicyName: 'all' });
    expect((await iam('DeleteRole', { RoleName: 'turner' })).status).toBe(200);
    expect(await iam('GetRole', { RoleName: 'turner' })).toEqual({
      status: 404,
      xml: expect.stringContaining('The role with name turner cannot be found.'),
    });
  });

  it('keeps the permissions boundary of a role', async () => {
    const boundary = (name: string) => `<PermissionsBoundaryArn>arn:aws:iam::123456789012:policy/${name}<`;
    const PermissionsBoundary = 'arn:aws:iam::123456789012:policy/one';
    await iam('CreateRole', { RoleName: 'bounded', AssumeRolePolicyDocument: TRUST, PermissionsBoundary });
    expect((await iam('GetRole', { RoleName: 'bounded' })).xml).toContain(boundary('one'));
    const other = { RoleName: 'bounded', PermissionsBoundary: 'arn:aws:iam::123456789012:policy/two' };
    await iam('PutRolePermissionsBoundary', other);
    expect((await iam('GetRole', { RoleName: 'bounded' })).xml).toContain(boundary('two'));
    await iam('DeleteRolePermissionsBoundary', { RoleName: 'bounded' });
    expect((await iam('GetRole', { RoleName: 'bounded' })).xml).not.toContain('PermissionsBoundary');
    await iam('DeleteRole', { RoleName: 'bounded' });
  });

  it('refuses an unknown action and an unknown parameter by name', async () => {
    expect((await iam('CreateUser')).xml).toContain('&#34;CreateUser&#34; is not an action of the local IAM.');
    const { xml } = await iam('CreateRole', {
      RoleName: 'turner',
      AssumeRolePolicyDocument: TRUST,
      Owner: 'data',
    });
    expect(xml).toContain('<Code>ValidationError</Code><Message>Owner is not supported by the local IAM.');
  });
});

describe('the local Lambda', () => {
  it('describes a function, and has its policy, tags and concurrency', async () => {
    expect(await createFunction({ Tags: { team: 'payments' } })).toMatchObject({
      status: 201,
      body: { FunctionName: 'turn', State: 'Active', Timeout: 3 },
    });
    const permission = {
      StatementId: 'rotate',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceAccount: '123456789012',
    };
    expect((await lambda('POST', `${FUNCTIONS}/turn/policy`, permission)).status).toBe(201);
    const { body } = await lambda('GET', `${FUNCTIONS}/turn/policy`);
    expect(JSON.parse(body.Policy).Statement).toEqual([
      {
        Sid: 'rotate',
        Effect: 'Allow',
        Principal: { Service: 'secretsmanager.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:us-east-1:123456789012:function:turn',
        Condition: { StringEquals: { 'AWS:SourceAccount': '123456789012' } },
      },
    ]);
    await lambda('PUT', '/2017-10-31/functions/turn/concurrency', { ReservedConcurrentExecutions: 2 });
    expect((await lambda('GET', `${FUNCTIONS}/turn`)).body).toMatchObject({
      Tags: { team: 'payments' },
      Concurrency: { ReservedConcurrentExecutions: 2 },
    });
    const tags = `/2017-03-31/tags/${encodeURIComponent('arn:aws:lambda:us-east-1:123456789012:function:turn')}`;
    expect((await lambda('DELETE', `${tags}?tagKeys=team`)).status).toBe(204);
    expect((await lambda('GET', tags)).body).toEqual({ Tags: {} });
  });

  it('answers 404 for the policy and the function after they are deleted', async () => {
    await createFunction();
    const missing = { status: 404, error: 'ResourceNotFoundException' };
    expect(await lambda('GET', `${FUNCTIONS}/turn/policy`)).toMatchObject(missing);
    expect(await lambda('DELETE', `${FUNCTIONS}/turn`)).toMatchObject({ status: 204 });
    expect(await lambda('GET', `${FUNCTIONS}/turn`)).toMatchObject(missing);
  });

  it('refuses an unknown path and an unknown setting by name', async () => {
    expect(await lambda('GET', '/2018-10-31/layers')).toMatchObject({
      status: 404,
      body: { Message: 'GET /2018-10-31/layers is not an action of the local Lambda.' },
    });
    expect(await createFunction({ Layers: ['x'] })).toMatchObject({
      status: 400,
      error: 'InvalidParameterValueException',
      body: { Message: 'Layers is not supported by the local Lambda.' },
    });
  });
});

describe('the local CloudWatch Logs', () => {
  it('keeps a log group with its retention and its tags', async () => {
    const logGroupName = '/aws/lambda/turn';
    await json('Logs_20140328.CreateLogGroup', { logGroupName, tags: { team: 'payments' } });
    await json('Logs_20140328.PutRetentionPolicy', { logGroupName, retentionInDays: 365 });
    const { body } = await json('Logs_20140328.DescribeLogGroups', { logGroupNamePrefix: logGroupName });
    const arn = 'arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/turn';
    expect(body.logGroups).toMatchObject([{ logGroupName, arn: `${arn}:*`, retentionInDays: 365, storedBytes: 0 }]);
    const tags = await json('Logs_20140328.ListTagsForResource', { resourceArn: arn });
    expect(tags.body).toEqual({ tags: { team: 'payments' } });
    expect((await json('Logs_20140328.CreateLogGroup', { logGroupName })).body.__type).toBe(
      'ResourceAlreadyExistsException',
    );
    await json('Logs_20140328.DeleteLogGroup', { logGroupName });
    expect((await json('Logs_20140328.DeleteLogGroup', { logGroupName })).body.__type).toBe(
      'ResourceNotFoundException',
    );
  });
});

describe('the local KMS', () => {
  it('keeps a key with its policy, its rotation and its alias, until it is scheduled for deletion', async () => {
    const created = await json('TrentService.CreateKey', { Description: 'of secrets' });
    const { KeyId, Arn } = created.body.KeyMetadata;
    await json('TrentService.EnableKeyRotation', { KeyId });
    await json('TrentService.CreateAlias', { AliasName: 'alias/secrets', TargetKeyId: Arn });
    expect((await json('TrentService.GetKeyRotationStatus', { KeyId })).body).toMatchObject({
      KeyRotationEnabled: true,
    });
    const byAlias = await json('TrentService.DescribeKey', { KeyId: 'alias/secrets' });
    expect(byAlias.body.KeyMetadata).toMatchObject({ KeyId, KeyState: 'Enabled', Description: 'of secrets' });
    const { body } = await json('TrentService.GetKeyPolicy', { KeyId: Arn });
    expect(JSON.parse(body.Policy).Statement[0].Principal).toEqual({ AWS: 'arn:aws:iam::123456789012:root' });
    await json('TrentService.ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    expect((await json('TrentService.DescribeKey', { KeyId })).body.KeyMetadata.KeyState).toBe('PendingDeletion');
    expect((await json('TrentService.DescribeKey', { KeyId: 'alias/none' })).body.__type).toBe('NotFoundException');
  });
});

describe('the local Secrets Manager', () => {
  it('keeps the policy of a secret', async () => {
    const SecretId = 'my-app/db';
    const Statement = [{ Effect: 'Deny', Principal: { AWS: '210987654321' }, Action: '*', Resource: '*' }];
    const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement });
    await json('secretsmanager.CreateSecret', { Name: SecretId, ClientRequestToken: 'x'.repeat(32) });
    expect((await json('secretsmanager.GetResourcePolicy', { SecretId })).body).not.toHaveProperty('ResourcePolicy');
    await json('secretsmanager.PutResourcePolicy', { SecretId, ResourcePolicy });
    expect((await json('secretsmanager.GetResourcePolicy', { SecretId })).body).toMatchObject({ ResourcePolicy });
    const refused = await json('secretsmanager.PutResourcePolicy', { SecretId, ResourcePolicy: '[]' });
    expect(refused.body.__type).toBe('MalformedPolicyDocumentException');
    await json('secretsmanager.DeleteResourcePolicy', { SecretId });
    expect((await json('secretsmanager.GetResourcePolicy', { SecretId })).body).not.toHaveProperty('ResourcePolicy');
  });

  it('reads several secrets at once, and reports an error with one next to the others', async () => {
    const ClientRequestToken = 'x'.repeat(32);
    await json('secretsmanager.CreateSecret', { Name: 'one', ClientRequestToken, SecretString: 'opened' });
    const { status, body } = await json('secretsmanager.BatchGetSecretValue', { SecretIdList: ['one', 'none'] });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      SecretValues: [{ Name: 'one', SecretString: 'opened' }],
      Errors: [{ SecretId: 'none', ErrorCode: 'ResourceNotFoundException' }],
    });
  });

  it('generates a password with the requested types, or says why none is possible', async () => {
    const { body } = await json('secretsmanager.GetRandomPassword', { PasswordLength: 60, ExcludePunctuation: true });
    expect(body.RandomPassword).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d]{60}$/);
    const refused = await json('secretsmanager.GetRandomPassword', { PasswordLength: 3 });
    expect(refused.body.__type).toBe('InvalidParameterException');
  });
});
