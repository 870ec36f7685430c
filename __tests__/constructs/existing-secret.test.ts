// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  type ExistingSecretProps,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
  SecretRotation,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-AbCdEf';
const oldFunctionArn = 'arn:aws:lambda:us-east-1:111122223333:function:by-hand';
const base = { secretArn, rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };

function stackOf(given: Partial<ExistingSecretProps> = {}): StackJson {
  return synthesize((stack) => RotatedSecret.existing(stack, 'billing', { ...base, ...given }));
}

function preconditionsOf(stack: StackJson): { condition: string; error_message: string }[] {
  const { lifecycle } = blockOf(stack, 'aws_secretsmanager_secret_rotation');
  return (lifecycle as { precondition: { condition: string; error_message: string }[] }).precondition;
}

describe('RotatedSecret.existing', () => {
  it('has a function, a permission and a rotation, and nothing that could write a value', () => {
    expect(Object.keys(stackOf().resource).sort()).toEqual([
      'aws_cloudwatch_log_group',
      'aws_iam_role',
      'aws_iam_role_policy',
      'aws_lambda_function',
      'aws_lambda_permission',
      'aws_secretsmanager_secret_rotation',
    ]);
  });

  it('rotates the secret with that ARN at once, by the schedule, with a function named after it', () => {
    const stack = stackOf();
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation')).toMatchObject({
      secret_id: secretArn,
      rotate_immediately: true,
      rotation_rules: { schedule_expression: 'rate(30 days)' },
    });
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({ function_name: 'rotate-billing-key' });
    expect(blockOf(stack, 'aws_lambda_permission')).toMatchObject({ source_arn: secretArn });
    expect(blockOf(stack, 'aws_iam_policy_document', 'permissions')).toMatchObject({
      statement: [{ resources: [secretArn] }, {}],
    });
  });

  it('passes its options on to Terraform', () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const functionOptions = { functionName: 'rotate-db', timeoutSeconds: 60 };
    const stack = stackOf({ rotateImmediately: false, kmsKeyArn, functionOptions, tags: { team: 'web' } });
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation')).toMatchObject({ rotate_immediately: false });
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({
      function_name: 'rotate-db',
      timeout: 60,
      tags: { team: 'web' },
    });
    expect(blockOf(stack, 'aws_iam_policy_document', 'permissions')).toMatchObject({
      statement: [{}, {}, { sid: 'UseTheKey', resources: [kmsKeyArn] }],
    });
  });

  it('requires that only its own function or the one to take over from rotates the secret', () => {
    const ours = /"arn:\$\{data\.aws_partition\.\w+\.partition\}:lambda:\$\{.+\}:\$\{.+\}:function:rotate-billing-key"/;
    const today = 'data\\.aws_secretsmanager_secret_rotation\\.billing_today_\\w+\\.rotation_lambda_arn';
    const [, alone] = preconditionsOf(stackOf());
    expect(alone?.condition).toMatch(new RegExp(`^\\$\\{contains\\(\\["", ${ours.source}\\], ${today}\\)\\}$`));
    const [, taking] = preconditionsOf(stackOf({ takeOverFrom: oldFunctionArn }));
    expect(taking?.condition).toMatch(
      new RegExp(`^\\$\\{contains\\(\\["", ${ours.source}, "${oldFunctionArn}"\\], ${today}\\)\\}$`),
    );
    expect(taking?.error_message).toContain('give the ARN of the other one as takeOverFrom');
  });

  it('shares a function if the secret is under its prefix', () => {
    const declare = (secretNamePrefix: string) =>
      synthesize((stack) => {
        const rotation = new RotationFunction(stack, 'fleet', {
          functionName: 'rotate-all',
          rotation: Rotation.password(),
          secretNamePrefix,
        });
        const rotated = RotatedSecret.existing(stack, 'billing', { ...base, rotation });
        expect(rotated).toBeInstanceOf(SecretRotation);
        expect(rotated).toMatchObject({ secretArn, rotationFunction: rotation });
      });
    expect(blocksOf(declare('billing/'), 'aws_lambda_function')).toHaveLength(1);
    expect(preconditionsOf(declare('billing/'))[1]?.condition).toContain(':function:rotate-all"');
    expect(refusal(() => declare('tenants/'))).toMatchObject({
      code: 'NAME',
      message: expect.stringContaining('The secret "billing/key" is outside "tenants/"'),
    });
  });

  it('has nothing to tag if its function is shared', () => {
    const error = refusal(() =>
      synthesize((stack) => {
        const rotation = new RotationFunction(stack, 'fleet', {
          functionName: 'rotate-all',
          rotation: Rotation.password(),
          secretNamePrefix: 'billing/',
        });
        RotatedSecret.existing(stack, 'billing', { ...base, rotation, tags: { team: 'web' } });
      }),
    );
    expect(error).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringContaining('has tags and a shared function'),
    });
  });

  it.each([
    'billing/key',
    'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key',
    'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing/key-??????',
    'arn:aws:secretsmanager:us-east-1:111122223333:secret:*',
    'arn:aws:lambda:us-east-1:111122223333:function:billing-AbCdEf',
    '',
  ])('refuses "%s" for the ARN, and says how to find it', (given) => {
    expect(refusal(() => stackOf({ secretArn: given }))).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringContaining('aws secretsmanager describe-secret --secret-id NAME --query ARN'),
    });
  });

  it('accepts an ARN that only Terraform knows', () => {
    const declare = (functionOptions?: { functionName: string }) =>
      synthesize((stack) => {
        const given = new TerraformVariable(stack, 'arn', {}).stringValue;
        RotatedSecret.existing(stack, 'billing', {
          ...base,
          secretArn: given,
          ...(functionOptions && { functionOptions }),
        });
      });
    const stack = declare({ functionName: 'rotate-db' });
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation')).toMatchObject({ secret_id: '${var.arn}' });
    expect(preconditionsOf(stack)[0]?.condition).toMatch(/^\$\{contains\(\[var\.arn\], data\.[\w.]+\.id\)\}$/);
    expect(blockOf(declare(), 'aws_lambda_function').function_name).toContain('sha256(replace(var.arn,');
  });

  it.each([
    ['no ARN', { secretArn: undefined }, 'RotatedSecret.existing needs the option secretArn, found nothing.'],
    ['a value', { initial: {} }, 'RotatedSecret.existing has no option "initial".'],
    ['a function by its name', { takeOverFrom: 'by-hand' }, '--query RotationLambdaARN prints it'],
  ])('refuses %s', (_what, given, message) => {
    expect(refusal(() => stackOf(given as object))).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringContaining(message),
    });
  });

  it.each([oldFunctionArn, `${oldFunctionArn}:live`, `${oldFunctionArn}:$LATEST`])('takes over from %s', (given) => {
    expect(preconditionsOf(stackOf({ takeOverFrom: given }))[1]?.condition).toContain(`"${given}"`);
  });
});
