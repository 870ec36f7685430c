import { TerraformStack, Testing, Token } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  RotatedSecret,
  Rotation,
  RotationFunction,
  type RotationFunctionOptions,
  type RotationFunctionProps,
  Schedule,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

function stackOf(functionOptions: RotationFunctionOptions): StackJson {
  return synthesize((stack) => {
    new RotatedSecret(stack, 'db', {
      name: 'app/db',
      rotation: Rotation.password(),
      schedule: Schedule.rate({ days: 30 }),
      functionOptions,
    });
  });
}

/** Each option, and what it becomes in the blocks of each type. */
const options: {
  readonly [Name in keyof RotationFunctionOptions]-?: readonly [
    given: Required<RotationFunctionOptions>[Name],
    becomes: Readonly<Record<string, object>>,
  ];
} = {
  functionName: [
    'rotate-db',
    {
      aws_lambda_function: { function_name: 'rotate-db' },
      aws_cloudwatch_log_group: { name: '/aws/lambda/rotate-db' },
      aws_iam_role: { name_prefix: 'rotate-db-' },
    },
  ],
  timeoutSeconds: [90, { aws_lambda_function: { timeout: 90 } }],
  memoryMegabytes: [512, { aws_lambda_function: { memory_size: 512 } }],
  runtime: ['nodejs22.x', { aws_lambda_function: { runtime: 'nodejs22.x' } }],
  architecture: ['x86_64', { aws_lambda_function: { architectures: ['x86_64'] } }],
  logRetentionDays: [90, { aws_cloudwatch_log_group: { retention_in_days: 90 } }],
  logKmsKeyArn: [kmsKeyArn, { aws_cloudwatch_log_group: { kms_key_id: kmsKeyArn } }],
  environmentKmsKeyArn: [kmsKeyArn, { aws_lambda_function: { kms_key_arn: kmsKeyArn } }],
  roleArn: [
    'arn:aws:iam::111122223333:role/teams/rotation',
    { aws_lambda_function: { role: 'arn:aws:iam::111122223333:role/teams/rotation' } },
  ],
  permissionsBoundaryArn: [
    'arn:aws:iam::111122223333:policy/boundary',
    { aws_iam_role: { permissions_boundary: 'arn:aws:iam::111122223333:policy/boundary' } },
  ],
  rolePath: ['/teams/data/', { aws_iam_role: { path: '/teams/data/' } }],
  tracing: [true, { aws_lambda_function: { tracing_config: { mode: 'Active' } } }],
  reservedConcurrentExecutions: [1, { aws_lambda_function: { reserved_concurrent_executions: 1 } }],
  network: [
    { subnetIds: ['subnet-0123456789abcdef0'], securityGroupIds: ['sg-0123456789abcdef0'] },
    {
      aws_lambda_function: {
        vpc_config: { subnet_ids: ['subnet-0123456789abcdef0'], security_group_ids: ['sg-0123456789abcdef0'] },
      },
    },
  ],
  codeSigning: [
    {
      configArn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0',
      profileName: 'team',
      bucketName: 'b',
    },
    {
      aws_s3_object: { bucket: 'b', source_hash: expect.stringMatching(/^\$\{data\.archive_file\./) },
      aws_signer_signing_job: {
        profile_name: 'team',
        source: {
          s3: {
            bucket: 'b',
            key: expect.stringMatching(/^\$\{aws_s3_object\.\w+\.key\}$/),
            version: expect.stringMatching(/^\$\{aws_s3_object\.\w+\.version_id\}$/),
          },
        },
        destination: { s3: { bucket: 'b', prefix: 'rotaform/signed/' } },
      },
      aws_lambda_function: {
        code_signing_config_arn: 'arn:aws:lambda:us-east-1:111122223333:code-signing-config:csc-0',
        s3_bucket: expect.stringMatching(/^\$\{aws_signer_signing_job\.\w+\.signed_object\[0\]\.s3\[0\]\.bucket\}$/),
        s3_key: expect.stringMatching(/^\$\{aws_signer_signing_job\.\w+\.signed_object\[0\]\.s3\[0\]\.key\}$/),
      },
    },
  ],
};

describe('RotationFunction', () => {
  it.each(Object.entries(options))('passes %s on to Terraform', (option, [given, becomes]) => {
    const stack = stackOf({ [option]: given });
    for (const [type, properties] of Object.entries(becomes)) expect(blockOf(stack, type)).toMatchObject(properties);
  });

  it('has 30 seconds, 256 MB, Node.js 24 on arm64 and no tracing by default', () => {
    const stack = stackOf({});
    expect(blockOf(stack, 'aws_lambda_function')).toMatchObject({
      timeout: 30,
      memory_size: 256,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      tracing_config: { mode: 'PassThrough' },
    });
    expect(blockOf(stack, 'aws_lambda_function')).not.toHaveProperty('reserved_concurrent_executions');
  });

  it('runs signed code only from S3: Lambda refuses an archive that comes another way', () => {
    const [codeSigning] = options.codeSigning;
    expect(blockOf(stackOf({ codeSigning }), 'aws_lambda_function')).not.toHaveProperty('filename');
  });

  it('may send traces only if tracing is on', () => {
    expect(blockOf(stackOf({ tracing: true }), 'aws_iam_policy_document', 'permissions')).toMatchObject({
      statement: [{}, {}, { sid: 'SendTraces', actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'] }],
    });
    expect(blockOf(stackOf({ tracing: false }), 'aws_iam_policy_document', 'permissions')).toMatchObject({
      statement: [{}, {}],
    });
  });

  it.each([
    ['neither a secret nor a prefix', {}, 'found neither'],
    ['both a secret and a prefix', { secretArn: 'arn', secretNamePrefix: 'tenants/' }, 'found both'],
    ['an unknown option', { secretArns: [] }, 'no option "secretArns"'],
    ['a key by its alias', { secretNamePrefix: 'tenants/', kmsKeyArns: ['alias/db'] }, 'kmsKeyArn is "alias/db"'],
  ])('refuses %s', (_what, given, message) => {
    const error = refusal(() => functionOf(given));
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toContain(message);
  });

  it('keeps apart secrets with names that differ only in punctuation, and leaves the name of the first as it was', () => {
    const stack = synthesize((scope) => {
      for (const name of ['my-app/db', 'my.app/db', 'my_app/db']) {
        const schedule = Schedule.rate({ days: 30 });
        new RotatedSecret(scope, name.replace('/', '-'), { name, rotation: Rotation.password(), schedule });
      }
    });
    const names = blocksOf(stack, 'aws_lambda_function').map((block) => String(block.function_name));
    expect(names.toSorted()).toEqual([
      'rotate-my-app-db',
      expect.stringMatching(/^rotate-my-app-db-[0-9a-f]{8}$/),
      'rotate-my_app-db',
    ]);
    const logs = blocksOf(stack, 'aws_cloudwatch_log_group').map((block) => block.name);
    expect(logs.toSorted()).toEqual(names.map((name) => `/aws/lambda/${name}`).toSorted());
  });

  it('keeps apart secrets with one name prefix in two stacks of an app', () => {
    const app = Testing.app();
    const [first, second] = ['first', 'second'].map((id) => {
      const stack = new TerraformStack(app, id);
      const schedule = Schedule.rate({ days: 30 });
      const secret = new RotatedSecret(stack, 'db', { namePrefix: 'db-', rotation: Rotation.password(), schedule });
      return secret.rotationFunction.function.functionNameInput;
    });
    expect(first).toBe('rotate-db');
    expect(second).toMatch(/^rotate-db-[0-9a-f]{8}$/);
  });

  it('refuses a larger environment than Lambda accepts, names included', () => {
    const declare = (bytes: number) => () =>
      synthesize((stack) => {
        const environment = { LONG: 'x'.repeat(bytes - '{"LONG":""}'.length) };
        const rotation = Rotation.custom({ entry: 'examples/custom-strategy/api-key.ts', environment });
        new RotatedSecret(stack, 'db', { name: 'app/db', rotation, schedule: Schedule.rate({ days: 30 }) });
      });
    expect(declare(4_096)).not.toThrow();
    expect(refusal(declare(4_097))).toMatchObject({
      code: 'ENVIRONMENT',
      message: expect.stringContaining('has 4097 bytes'),
    });
  });

  it('refuses the name of another function of the stack', () => {
    const error = refusal(() =>
      synthesize((stack) => {
        for (const name of ['app/db', 'app-db']) {
          new RotatedSecret(stack, name.replace('/', '_'), {
            name,
            functionOptions: { functionName: 'rotate-app-db' },
            rotation: Rotation.password(),
            schedule: Schedule.rate({ days: 30 }),
          });
        }
      }),
    );
    expect(error.code).toBe('NAME');
    expect(error.message).toBe(
      'The functions test/app_db/rotation/function and test/app-db/rotation/function are both named "rotate-app-db". Give ' +
        'one of them another name with functionOptions.functionName.',
    );
  });

  it.each([
    ['an empty prefix', '', 'The secretNamePrefix "" is empty'],
    ['a prefix with a star', 'tenants/*', 'has the character "*"'],
    ['a prefix that only Terraform knows', Token.asString({ known: 'to Terraform' }), 'is only known to Terraform'],
  ])('refuses %s', (_what, secretNamePrefix, message) => {
    const error = refusal(() => functionOf({ secretNamePrefix }));
    expect(error.code).toBe('NAME');
    expect(error.message).toContain(message);
  });
});

function functionOf(props: object): StackJson {
  return synthesize((stack) => {
    const common = { functionName: 'rotate-tenants', rotation: Rotation.password() };
    new RotationFunction(stack, 'fleet', { ...common, ...props } as RotationFunctionProps);
  });
}
