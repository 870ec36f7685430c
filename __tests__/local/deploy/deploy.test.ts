// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { deploy } from '../../../local/deploy/deploy.ts';
import { type LocalAws, localAws } from '../../../local/local-aws.ts';
import { rotatingStack, TURNING_FUNCTION } from './rotating-stack.ts';

let aws: LocalAws;
let folder: string;

beforeEach(async () => {
  aws = await localAws();
  folder = mkdtempSync(join(tmpdir(), 'rotaform-stack-'));
  mkdirSync(join(folder, 'assets', 'turn'), { recursive: true });
  writeFileSync(join(folder, 'assets', 'turn', 'index.js'), TURNING_FUNCTION);
});

afterEach(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const deployed = (stack: unknown, variables?: Record<string, unknown>) =>
  deploy(stack, aws.account, { folder, ...(variables && { variables }) });

/** The stack with one value changed, at a path such as `resource.aws_iam_role.turn.count`. */
function withValue(path: string, value: unknown): unknown {
  const stack: object = rotatingStack();
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<object>((at, key) => {
    if (!(key in at)) Object.assign(at, { [key]: {} });
    return Reflect.get(at, key);
  }, stack);
  Object.assign(parent, { [last]: value });
  return stack;
}

describe('a deployed stack', () => {
  it('rotates its secret with its own function as soon as it is deployed', async () => {
    const succeeded = once(aws.account.events, 'rotationSucceeded');
    await deployed(rotatingStack());
    await succeeded;
    const { endpoint, region } = aws.account;
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'local' };
    const client = new SecretsManagerClient({ endpoint, region, credentials });
    const read = (VersionStage: string) => client.send(new GetSecretValueCommand({ SecretId: 'turn', VersionStage }));
    expect(await read('AWSCURRENT')).toMatchObject({ SecretString: 'turned' });
    expect(await read('TERRAFORM_INITIAL')).toMatchObject({ SecretString: '{"password":null,"username":"reader"}' });
    client.destroy();
    expect(aws.account.functions.find('turn')?.log).toContain('createSecret green');
  });

  it('returns its outputs, except the sensitive ones', async () => {
    expect(await deployed(rotatingStack())).toEqual({
      outputs: {
        function_arn: `arn:aws:lambda:us-east-1:${aws.account.id}:function:turn`,
        place: `us-east-1/${aws.account.id}`,
        interval_days: 30,
      },
    });
  });

  it('has the role, policies and permission as declared', async () => {
    await deployed(rotatingStack());
    const role = aws.account.roles.find('turn');
    expect(JSON.parse(role?.AssumeRolePolicyDocument ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
    });
    expect(JSON.parse(role?.inlinePolicies.get('rotate') ?? '')).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: [
            'secretsmanager:UpdateSecretVersionStage',
            'secretsmanager:PutSecretValue',
            'secretsmanager:GetSecretValue',
          ],
          Resource: expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:\d{12}:secret:turn-\w{6}$/),
        },
        {
          Effect: 'Allow',
          Action: ['logs:PutLogEvents', 'logs:CreateLogStream'],
          Resource: `arn:aws:logs:us-east-1:${aws.account.id}:log-group:/aws/lambda/turn:*`,
        },
      ],
    });
    expect(aws.account.functions.find('turn')?.statements).toEqual([
      {
        StatementId: 'secretsmanager',
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
        SourceArn: expect.stringContaining(':secret:turn-'),
        SourceAccount: aws.account.id,
      },
    ]);
  });

  it("prefers the caller's value for a variable to its default", async () => {
    const shown = withValue('output.first.sensitive', false);
    const { outputs } = await deployed(shown, { first_password: 'opened once' });
    expect(outputs.first).toBe('opened once');
  });

  it('does not rotate at once if rotate_immediately is false', async () => {
    const steps: string[] = [];
    aws.account.events.on('rotationStepStarted', ({ step }) => steps.push(step));
    const tested = once(aws.account.events, 'rotationStepEnded');
    await deployed(withValue('resource.aws_secretsmanager_secret_rotation.turn.rotate_immediately', false));
    await tested;
    expect(steps).toEqual(['testSecret']);
  });
});

describe('a stack is refused before anything is created if', () => {
  it.each([
    [
      'a type is unknown',
      'resource.aws_s3_bucket.x',
      {},
      'UNSUPPORTED',
      'aws_s3_bucket.x: the local deploy does not support the type "aws_s3_bucket".',
    ],
    ['a data source is unknown', 'data.aws_ami.x', {}, 'UNSUPPORTED', 'the type "data.aws_ami"'],
    [
      'an attribute is unknown',
      'resource.aws_iam_role.turn.managed_policy_arns',
      [],
      'UNSUPPORTED',
      'aws_iam_role.turn: "managed_policy_arns" is not supported by the local deploy.',
    ],
    ['a meta-argument is used', 'resource.aws_iam_role.turn.count', 2, 'UNSUPPORTED', 'aws_iam_role.turn: "count"'],
    [
      'a resource is repeated',
      'resource.aws_iam_role.turn.for_each',
      {},
      'UNSUPPORTED',
      'aws_iam_role.turn: "for_each"',
    ],
    [
      'a provisioner is used',
      'resource.aws_iam_role.turn.provisioner',
      [],
      'UNSUPPORTED',
      'aws_iam_role.turn: "provisioner"',
    ],
    [
      'a lifecycle is more than ignored changes',
      'resource.aws_iam_role.turn.lifecycle',
      { prevent_destroy: true },
      'UNSUPPORTED',
      'aws_iam_role.turn.lifecycle',
    ],
    ['a section is unknown', 'locals', { a: 1 }, 'UNSUPPORTED', 'The stack: "locals"'],
    [
      'a variable is validated',
      'variable.first_password.validation',
      {},
      'UNSUPPORTED',
      'var.first_password: "validation"',
    ],
    [
      'an expression is unknown',
      'resource.aws_iam_role.turn.name',
      '${upper("x")}',
      'UNSUPPORTED',
      'aws_iam_role.turn.name: the function "upper"',
    ],
    [
      'a reference names nothing',
      'resource.aws_iam_role.turn.name',
      '${aws_kms_key.x.arn}',
      'REFERENCE',
      'aws_iam_role.turn.name: "aws_kms_key.x" is not declared',
    ],
    [
      'depends_on leads nowhere',
      'resource.aws_iam_role.turn.depends_on',
      ['aws_kms_key.x'],
      'REFERENCE',
      'aws_iam_role.turn.depends_on: "aws_kms_key.x"',
    ],
    [
      'resources wait for each other',
      'resource.aws_iam_role.turn.name',
      '${aws_iam_role_policy.turn.id}',
      'CYCLE',
      'aws_iam_role.turn → aws_iam_role_policy.turn → aws_iam_role.turn',
    ],
    [
      'a variable has no value',
      'variable.user',
      { type: 'string' },
      'VARIABLE',
      'var.user has no value and no default',
    ],
  ])('%s', async (_where, path, value, code, message) => {
    await expect(deployed(withValue(path, value))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
    expect(aws.account.roles.find('turn')).toBeUndefined();
  });

  it('a value is given for a variable that does not exist', async () => {
    await expect(deployed(rotatingStack(), { frist_password: 'x' })).rejects.toThrow(
      '"frist_password" was given a value',
    );
  });

  it.each([undefined, null, 'text', { resource: 'text' }])('it is %j instead of Terraform JSON', async (stack) => {
    await expect(deployed(stack)).rejects.toMatchObject({ code: 'STACK' });
  });
});

describe('a deploy stops if', () => {
  it.each([
    [
      'an attribute is missing',
      'resource.aws_iam_role.turn.assume_role_policy',
      null,
      'VALUE',
      'aws_iam_role.turn.assume_role_policy is missing',
    ],
    [
      'a value has the wrong type',
      'resource.aws_lambda_function.turn.timeout',
      'soon',
      'VALUE',
      'aws_lambda_function.turn.timeout does not have the expected value: number',
    ],
    [
      'a function has no archive',
      'resource.aws_lambda_function.turn.filename',
      null,
      'VALUE',
      'aws_lambda_function.turn.filename is missing. Expected filename, or s3_bucket and s3_key.',
    ],
    [
      'the file to be signed is not uploaded',
      'resource.aws_signer_signing_job.turn',
      {
        profile_name: 'team',
        source: { s3: { bucket: 'code', key: 'turn.zip', version: '1' } },
        destination: { s3: { bucket: 'code' } },
      },
      'VALUE',
      'aws_signer_signing_job.turn.source: the stack does not upload s3://code/turn.zip',
    ],
    [
      'a nested block occurs twice',
      'resource.aws_lambda_function.turn.tracing_config',
      [{ mode: 'Active' }, { mode: 'Active' }],
      'UNSUPPORTED',
      'aws_lambda_function.turn.tracing_config.1',
    ],
    [
      'a nested attribute is unknown',
      'resource.aws_lambda_function.turn.tracing_config',
      { mode: 'Active', modus: 'x' },
      'UNSUPPORTED',
      'aws_lambda_function.turn.tracing_config.0.modus',
    ],
    [
      'AWS refuses',
      'resource.aws_iam_role_policy.turn.role',
      'nobody',
      'REFUSED',
      'aws_iam_role_policy.turn: NoSuchEntity: The role with name nobody cannot be found.',
    ],
  ])('%s', async (_where, path, value, code, message) => {
    await expect(deployed(withValue(path, value))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });

  it.each(['${hunter2(1)}', '${hunter2.x}', '${var.first_password}${jsonencode("hunter2"', { password: 'hunter2' }])(
    'a secret value is wrong, without showing it: %j',
    async (value) => {
      const failed = deployed(withValue('resource.aws_secretsmanager_secret_version.turn.secret_string_wo', value));
      const error = await failed.catch((refused: Error) => refused);
      expect(error).toMatchObject({
        message: expect.stringContaining('aws_secretsmanager_secret_version.turn.secret_string_wo'),
      });
      expect(String(error)).not.toContain('hunter2');
    },
  );
});
