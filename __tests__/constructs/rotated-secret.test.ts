// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import type { TerraformStack } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  EphemeralVariable,
  OnRotated,
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  Schedule,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const base = { name: 'app/db', rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };

const deny = { Effect: 'Deny', Principal: '*', Action: 'secretsmanager:DeleteSecret', Resource: '*' };

type Given = (stack: TerraformStack) => Partial<RotatedSecretProps>;
type Becomes = Readonly<Record<string, object>>;

/** The stack of one secret, with these properties beside or instead of the usual ones. */
function stackOf(given: Given): StackJson {
  return synthesize((stack) => new RotatedSecret(stack, 'db', { ...base, ...given(stack) }));
}

function firstPassword(stack: TerraformStack): string {
  return new EphemeralVariable(stack, 'first_password', 'What the database has today').stringValue;
}

/** Each option, and what it becomes in the blocks of each type. */
const options: Readonly<Record<keyof RotatedSecretProps, readonly [Given, Becomes]>> = {
  name: [
    () => ({ name: 'app/web.key' }),
    {
      aws_secretsmanager_secret: { name: 'app/web.key' },
      aws_lambda_function: { function_name: 'rotate-app-web-key' },
    },
  ],
  namePrefix: [
    () => ({ name: undefined, namePrefix: 'app/db-' }),
    { aws_secretsmanager_secret: { name_prefix: 'app/db-' }, aws_lambda_function: { function_name: 'rotate-app-db' } },
  ],
  rotation: [
    () => ({ rotation: Rotation.password({ length: 40 }) }),
    { aws_lambda_function: { environment: { variables: { PASSWORD_LENGTH: '40' } } } },
  ],
  schedule: [
    () => ({ schedule: Schedule.cron('0 8 ? * MON-FRI *', { windowHours: 2 }) }),
    {
      aws_secretsmanager_secret_rotation: {
        rotation_rules: { schedule_expression: 'cron(0 8 ? * MON-FRI *)', duration: '2h' },
      },
    },
  ],
  refreshEveryMinutes: [
    () => ({ refreshEveryMinutes: 30 }),
    {
      aws_scheduler_schedule: { name: 'rotate-app-db', schedule_expression: 'rate(30 minutes)' },
      aws_lambda_function: { environment: { variables: { REFRESH_EVERY_MINUTES: '30' } } },
    },
  ],
  description: [() => ({ description: 'For the web' }), { aws_secretsmanager_secret: { description: 'For the web' } }],
  initial: [
    () => ({ initial: { username: 'app', port: 5432 } }),
    { aws_secretsmanager_secret_version: { secret_string_wo: '{"username":"app","port":5432}' } },
  ],
  rotateImmediately: [
    (stack) => ({ rotateImmediately: false, initial: { password: firstPassword(stack) } }),
    { aws_secretsmanager_secret_rotation: { rotate_immediately: false } },
  ],
  onRotated: [
    () => ({ onRotated: [OnRotated.sqs({ queueArn: 'arn:aws:sqs:us-east-1:111122223333:rotated' })] }),
    { aws_cloudwatch_event_target: { arn: 'arn:aws:sqs:us-east-1:111122223333:rotated' } },
  ],
  provider: [
    (stack) => ({ provider: new AwsProvider(stack, 'west', { alias: 'west', region: 'us-west-2' }) }),
    { aws_secretsmanager_secret: { provider: 'aws.west' }, aws_lambda_function: { provider: 'aws.west' } },
  ],
  replicas: [
    () => ({ replicas: [{ region: 'eu-west-1' }] }),
    { aws_secretsmanager_secret: { replica: [{ region: 'eu-west-1' }] } },
  ],
  resourcePolicy: [
    () => ({ resourcePolicy: JSON.stringify({ Statement: deny }) }),
    { aws_secretsmanager_secret_policy: { block_public_policy: true } },
  ],
  blockPublicPolicy: [
    () => ({ resourcePolicy: JSON.stringify({ Statement: deny }), blockPublicPolicy: false }),
    { aws_secretsmanager_secret_policy: { block_public_policy: false } },
  ],
  kmsKeyArn: [() => ({ kmsKeyArn }), { aws_secretsmanager_secret: { kms_key_id: kmsKeyArn } }],
  recoveryWindowDays: [
    () => ({ recoveryWindowDays: 0 }),
    { aws_secretsmanager_secret: { recovery_window_in_days: 0 } },
  ],
  tags: [
    () => ({ tags: { team: 'web' } }),
    {
      aws_secretsmanager_secret: { tags: { team: 'web' } },
      aws_lambda_function: { tags: { team: 'web' } },
      aws_iam_role: { tags: { team: 'web' } },
      aws_cloudwatch_log_group: { tags: { team: 'web' } },
    },
  ],
  refreshKmsKeyArn: [
    () => ({ refreshEveryMinutes: 30, refreshKmsKeyArn: kmsKeyArn }),
    { aws_scheduler_schedule: { kms_key_arn: kmsKeyArn } },
  ],
  functionOptions: [
    () => ({ functionOptions: { functionName: 'rotate-db', timeoutSeconds: 60 } }),
    { aws_lambda_function: { function_name: 'rotate-db', timeout: 60 } },
  ],
};

describe('RotatedSecret', () => {
  it.each(Object.entries(options))('passes %s on to Terraform', (_option, [given, becomes]) => {
    const stack = stackOf(given);
    for (const [type, properties] of Object.entries(becomes)) expect(blockOf(stack, type)).toMatchObject(properties);
  });

  it('passes nothing to Terraform for options that are not given', () => {
    const stack = stackOf(() => ({}));
    expect(blockOf(stack, 'aws_secretsmanager_secret')).toEqual({
      name: 'app/db',
      lifecycle: { create_before_destroy: true },
    });
    expect(blockOf(stack, 'aws_secretsmanager_secret_version')).toMatchObject({ secret_string_wo: '{}' });
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation')).toMatchObject({ rotate_immediately: true });
    expect(blocksOf(stack, 'aws_iam_policy_document', 'permissions')).toMatchObject([
      { statement: [{ sid: 'RotateTheSecret' }, { sid: 'WriteTheLog' }] },
    ]);
  });

  it('uses a customer key only through Secrets Manager, and only for this secret', () => {
    const stack = stackOf(() => ({ kmsKeyArn }));
    expect(blockOf(stack, 'aws_iam_policy_document', 'permissions')).toHaveProperty('statement.2', {
      sid: 'UseTheKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [kmsKeyArn],
      condition: [
        {
          test: 'StringEquals',
          variable: 'kms:ViaService',
          values: [expect.stringMatching(/^secretsmanager\.\$\{data\.aws_region\.\w+\.id\}\.amazonaws\.com$/)],
        },
        {
          test: 'StringEquals',
          variable: 'kms:EncryptionContext:SecretARN',
          values: [expect.stringMatching(/^\$\{aws_secretsmanager_secret\.\w+\.arn\}$/)],
        },
      ],
    });
  });

  it('writes no first version if rotation makes the plain string', () => {
    const stack = stackOf(() => ({ rotation: Rotation.password({ format: 'text' }) }));
    expect(blocksOf(stack, 'aws_secretsmanager_secret_version')).toEqual([]);
    expect(blockOf(stack, 'aws_secretsmanager_secret_rotation')).toHaveProperty('depends_on.length', 3);
  });

  it.each([
    ['neither a name nor a namePrefix', { name: undefined }, 'found neither'],
    ['both a name and a namePrefix', { namePrefix: 'app' }, 'found both'],
  ])('refuses %s', (_what, given, message) => {
    const error = refusal(() => stackOf(() => given));
    expect(error.code).toBe('NAME');
    expect(error.message).toContain(message);
  });

  it.each([5, 31, -7, 7.5, Number.NaN])('refuses a recovery window of %s days', (recoveryWindowDays) => {
    const error = refusal(() => stackOf(() => ({ recoveryWindowDays })));
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toBe(
      `recoveryWindowDays is ${recoveryWindowDays}. Expected 7 to 30, or 0 to delete at once.`,
    );
  });

  it.each(['alias/db', 'arn:aws:kms:us-east-1:111122223333:alias/db', '1234abcd-12ab-34cd-56ef-1234567890ab'])(
    'refuses %s as a customer key, because the policy could not name it',
    (given) => {
      const error = refusal(() => stackOf(() => ({ kmsKeyArn: given })));
      expect(error.code).toBe('OPTIONS');
      expect(error.message).toContain('arn:aws:kms:REGION:ACCOUNT:key/ID');
    },
  );

  it('accepts a customer key that only Terraform knows', () => {
    const stack = stackOf((scope) => ({ kmsKeyArn: new EphemeralVariable(scope, 'key', 'The key').stringValue }));
    expect(blockOf(stack, 'aws_secretsmanager_secret')).toHaveProperty('kms_key_id', '${var.key}');
  });

  it.each([
    ['no schedule', { schedule: undefined }, 'RotatedSecret needs a Schedule as schedule, found nothing.'],
    [
      'no rotation',
      { rotation: undefined },
      'RotatedSecret needs a Rotation or a RotationFunction as rotation, found nothing. ' +
        'Make one with Rotation.password or ',
    ],
    ['a schedule for its rotation', { rotation: base.schedule }, 'as rotation, found Schedule.'],
    ['a string for its schedule', { schedule: 'rate(30 days)' }, 'needs a Schedule as schedule, found String.'],
    ['an unknown option', { scheduel: base.schedule }, 'RotatedSecret has no option "scheduel".'],
    [
      'an unknown option of its function',
      { functionOptions: { timeout: 5 } },
      'functionOptions has no option "timeout".',
    ],
    ['a rotation in functionOptions', { functionOptions: { rotation: base.rotation } }, 'has no option "rotation"'],
  ])('refuses %s', (_what, given, message) => {
    const error = refusal(() => stackOf(() => given as object));
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toContain(message);
  });

  it('says how to make a schedule', () => {
    const error = refusal(() => stackOf(() => ({ schedule: undefined })));
    expect(error.message).toContain('Make one with Schedule.rate or Schedule.cron.');
  });

  it('refuses a schedule that Secrets Manager would refuse', () => {
    const error = refusal(() => stackOf(() => ({ schedule: Schedule.rate({ hours: 4 }, { windowHours: 5 }) })));
    expect(error.code).toBe('SCHEDULE');
    expect(error.message).toContain('A window of 5 hours runs into the next one:');
  });
});
