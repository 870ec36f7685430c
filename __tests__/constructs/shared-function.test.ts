// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { tmpdir } from 'node:os';
import { App, TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  RotatedSecret,
  type RotatedSecretProps,
  Rotation,
  RotationFunction,
  Schedule,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf, type StackJson } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const schedule = Schedule.rate({ days: 30 });

function sharedFunction(stack: TerraformStack, kmsKeyArns: string[] = []): RotationFunction {
  return new RotationFunction(stack, 'fleet', {
    functionName: 'rotate-tenants',
    rotation: Rotation.password(),
    secretNamePrefix: 'tenants/',
    kmsKeyArns,
  });
}

function fleetOf(size: number, kmsKeyArns: string[] = []): StackJson {
  return synthesize((stack) => {
    const rotation = sharedFunction(stack, kmsKeyArns);
    for (let index = 0; index < size; index += 1) {
      const name = `tenants/${index}`;
      new RotatedSecret(stack, name, { name, rotation, schedule: schedule, initial: { username: name } });
    }
  });
}

const prefixArn =
  /^arn:\$\{data\.aws_partition\.\w+\.partition\}:secretsmanager:\$\{data\.aws_region\.\w+\.id\}:\$\{data\.aws_caller_identity\.\w+\.account_id\}:secret:tenants\/\*$/;

describe('A function that a fleet shares', () => {
  it.each([1, 100, 1000])('has one permission and one policy of the same size for %i secrets', (size) => {
    const [fleet, none] = [fleetOf(size), fleetOf(0)];
    expect(blocksOf(fleet, 'aws_secretsmanager_secret_rotation')).toHaveLength(size);
    for (const type of [
      'aws_lambda_permission',
      'aws_iam_role_policy',
      'aws_iam_policy_document',
      'aws_lambda_function',
      'aws_caller_identity',
      'archive_file',
    ]) {
      expect(blocksOf(fleet, type)).toEqual(blocksOf(none, type));
    }
    expect(blocksOf(fleet, 'aws_lambda_permission')).toHaveLength(1);
  });

  it('is invoked only for secrets of its prefix and its account', () => {
    expect(blockOf(fleetOf(1), 'aws_lambda_permission')).toMatchObject({
      source_arn: expect.stringMatching(prefixArn),
      source_account: expect.stringMatching(/^\$\{data\.aws_caller_identity\.\w+\.account_id\}$/),
    });
  });

  it('may use a secret of its prefix only while it rotates that secret', () => {
    const [rotate] = statementsOf(fleetOf(1));
    expect(rotate).toMatchObject({
      sid: 'RotateTheSecret',
      resources: [expect.stringMatching(prefixArn)],
      condition: [
        {
          test: 'StringEquals',
          variable: 'secretsmanager:resource/AllowRotationLambdaArn',
          values: [expect.stringMatching(/^\$\{aws_lambda_function\.\w+\.arn\}$/)],
        },
      ],
    });
  });

  it('may use the declared keys for secrets of its prefix', () => {
    const [, , useTheKeys] = statementsOf(fleetOf(1, [kmsKeyArn]));
    expect(useTheKeys).toMatchObject({
      resources: [kmsKeyArn],
      condition: [
        { variable: 'kms:ViaService' },
        {
          test: 'StringLike',
          variable: 'kms:EncryptionContext:SecretARN',
          values: [expect.stringMatching(prefixArn)],
        },
      ],
    });
  });

  it('rotates each secret by its own schedule once the function and the first version exist', () => {
    expect(blocksOf(fleetOf(2), 'aws_secretsmanager_secret_rotation')).toMatchObject(
      Array(2).fill({
        rotation_lambda_arn: expect.stringMatching(/^\$\{aws_lambda_function\.fleet_\w+\.arn\}$/),
        depends_on: [
          expect.stringMatching(/^aws_lambda_permission\.fleet_/),
          expect.stringMatching(/^aws_iam_role_policy\.fleet_/),
          expect.stringMatching(/^aws_cloudwatch_log_group\.fleet_/),
          expect.stringMatching(/^aws_secretsmanager_secret_version\.tenants/),
        ],
      }),
    );
  });

  it('decides which fields of a first version are secret', () => {
    expect(refusedSecret({ initial: { password: 'never-in-a-message' } })).toMatchObject({
      code: 'INITIAL_VALUE',
      message: expect.not.stringContaining('never-in-a-message'),
    });
  });

  it.each<[string, Partial<RotatedSecretProps>, string, string]>([
    ['a name outside the prefix', { name: 'app/1' }, 'NAME', 'The secret "app/1" is outside "tenants/"'],
    [
      'a namePrefix outside the prefix',
      { name: undefined, namePrefix: 'tenants' },
      'NAME',
      'The secret "tenants" is outside "tenants/"',
    ],
    ['a key that the function may not use', { kmsKeyArn }, 'OPTIONS', "Add it to the function's kmsKeyArns."],
    [
      'options for its own function',
      { functionOptions: { timeoutSeconds: 60 } },
      'OPTIONS',
      'Give them to the RotationFunction',
    ],
  ])('refuses a secret with %s', (_what, given, code, message) => {
    expect(refusedSecret(given)).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('refuses a secret with a name that only Terraform knows', () => {
    const error = refusal(() =>
      synthesize((stack) => {
        const name = new TerraformVariable(stack, 'tenant', {}).stringValue;
        new RotatedSecret(stack, 'one', { name, rotation: sharedFunction(stack), schedule });
      }),
    );
    expect(error).toMatchObject({ code: 'NAME', message: expect.stringContaining('begins with "tenants/"') });
  });

  it('accepts a key that only Terraform knows if it was declared with it', () => {
    const stack = synthesize((stack) => {
      const [key, other] = ['key', 'other'].map((id) => new TerraformVariable(stack, id, {}));
      const rotation = sharedFunction(stack, [String(key?.value)]);
      const secret = { rotation, schedule };
      new RotatedSecret(stack, 'one', { ...secret, name: 'tenants/1', kmsKeyArn: key?.stringValue });
      expect(
        refusal(() => new RotatedSecret(stack, 'two', { ...secret, name: 'tenants/2', kmsKeyArn: other?.stringValue }))
          .code,
      ).toBe('OPTIONS');
    });
    expect(blockOf(stack, 'aws_secretsmanager_secret', 'one')).toHaveProperty('kms_key_id', '${var.key}');
  });

  it('refuses a secret of another stack', () => {
    const app = new App({ outdir: tmpdir() });
    const rotation = sharedFunction(new TerraformStack(app, 'one'));
    const other = new TerraformStack(app, 'other');
    expect(refusal(() => new RotatedSecret(other, 'secret', { name: 'tenants/1', rotation, schedule }))).toMatchObject({
      code: 'OPTIONS',
      message: expect.stringContaining('is in another stack'),
    });
  });

  it('refuses to share a function that was declared for one secret', () => {
    const error = refusal(() =>
      synthesize((stack) => {
        const rotation = new RotationFunction(stack, 'own', {
          functionName: 'own',
          rotation: Rotation.password(),
          secretArn: 'arn:aws:secretsmanager:us-east-1:111122223333:secret:tenants/1-AbCdEf',
        });
        new RotatedSecret(stack, 'one', { name: 'tenants/1', rotation, schedule });
      }),
    );
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining('with a secretNamePrefix') });
  });
});

function refusedSecret(given: Partial<RotatedSecretProps>) {
  return refusal(() =>
    synthesize((stack) => {
      const secret = { name: 'tenants/1', rotation: sharedFunction(stack), schedule };
      new RotatedSecret(stack, 'one', { ...secret, ...given });
    }),
  );
}

function statementsOf(stack: StackJson): unknown[] {
  return blockOf(stack, 'aws_iam_policy_document', 'permissions').statement as unknown[];
}
