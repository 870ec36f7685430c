// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  type Replica,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
  StaticSecret,
} from '../../constructs/index.ts';
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const rotating = { rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const keyIn = (region: string) => `arn:aws:kms:${region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing-AbCdEf';
const replicas = [{ region: 'eu-west-1', kmsKeyArn: keyIn('eu-west-1') }, { region: 'ap-south-1' }];
const kmsKeyArn = keyIn('us-east-1');
const IN_EUROPE = expect.stringMatching(
  /^\$\{replace\(aws_secretsmanager_secret\.db_\w+\.arn, ":us-east-1:", ":eu-west-1:"\)\}$/,
);
const IN_INDIA = expect.stringMatching(
  /^\$\{replace\(aws_secretsmanager_secret\.db_\w+\.arn, ":us-east-1:", ":ap-south-1:"\)\}$/,
);
const HERE = expect.stringMatching(/^\$\{aws_secretsmanager_secret\.db_\w+\.arn\}$/);

describe('replicas', () => {
  it('are those of the secret, each with its key', () => {
    const stack = synthesize((stack) => new StaticSecret(stack, 'db', { name: 'app/db', replicas }));
    expect(blockOf(stack, 'aws_secretsmanager_secret').replica).toEqual([
      { region: 'eu-west-1', kms_key_id: keyIn('eu-west-1') },
      { region: 'ap-south-1' },
    ]);
  });

  it('are reached by grantRead, with the key of each', () => {
    const stack = synthesize((stack) =>
      new RotatedSecret(stack, 'db', { name: 'app/db', kmsKeyArn, replicas, ...rotating }).grantRead('web'),
    );
    expect(blockOf(stack, 'aws_iam_policy_document', 'read_by').statement).toMatchObject([
      { sid: 'ReadTheSecret', resources: [HERE, IN_EUROPE, IN_INDIA] },
      { sid: 'UseTheKey', resources: [kmsKeyArn] },
      {
        sid: 'UseTheKeyOfReplica1',
        actions: ['kms:Decrypt'],
        resources: [keyIn('eu-west-1')],
        condition: [{ values: ['secretsmanager.eu-west-1.amazonaws.com'] }, { values: [HERE, IN_EUROPE] }],
      },
    ]);
  });

  it('of a secret with a literal ARN have literal ARNs', () => {
    const stack = synthesize((stack) =>
      RotatedSecret.existing(stack, 'billing', { secretArn, replicas, ...rotating }).grantRead('web'),
    );
    expect(blockOf(stack, 'aws_iam_policy_document', 'read_by').statement).toMatchObject([
      {
        resources: [
          secretArn,
          secretArn.replace('us-east-1', 'eu-west-1'),
          secretArn.replace('us-east-1', 'ap-south-1'),
        ],
      },
      { sid: 'UseTheKeyOfReplica1' },
    ]);
  });

  it('have keys that the function may use, only through Secrets Manager and for the secret', () => {
    const stack = synthesize((stack) => {
      new RotatedSecret(stack, 'db', { name: 'app/db', replicas, ...rotating });
    });
    expect(blockOf(stack, 'aws_iam_policy_document', 'permissions').statement).toContainEqual({
      sid: 'UseTheKeyOfReplica1',
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [keyIn('eu-west-1')],
      condition: [
        {
          test: 'StringEquals',
          variable: 'kms:ViaService',
          values: [expect.stringContaining('data.aws_region'), 'secretsmanager.eu-west-1.amazonaws.com'],
        },
        { test: 'StringEquals', variable: 'kms:EncryptionContext:SecretARN', values: [HERE, IN_EUROPE] },
      ],
    });
  });

  it('of a shared function are those of its secrets', () => {
    const declare = (ofFunction: readonly Replica[]) =>
      synthesize((stack) => {
        const rotation = new RotationFunction(stack, 'fleet', {
          ...{ functionName: 'rotate-fleet', rotation: rotating.rotation, secretNamePrefix: 'fleet/' },
          replicas: ofFunction,
        });
        new RotatedSecret(stack, 'db', { ...rotating, name: 'fleet/db', rotation, replicas });
      });
    expect(refusal(() => declare([])).message).toContain(
      'The secret "fleet/db" has a replica with a customer key, which its function test/fleet may not use.',
    );
    const { statement } = blockOf(declare(replicas), 'aws_iam_policy_document', 'permissions');
    expect(statement).toContainEqual(expect.objectContaining({ sid: 'UseTheKeyOfReplica1' }));
  });

  it('may have a region and a key that only Terraform knows', () => {
    const stack = synthesize((stack) => {
      const region = new TerraformVariable(stack, 'region', { type: 'string' }).stringValue;
      const { arn } = new KmsKey(stack, 'key', {});
      new StaticSecret(stack, 'db', { name: 'app/db', replicas: [{ region, kmsKeyArn: arn }] }).grantRead('web');
    });
    expect(blockOf(stack, 'aws_secretsmanager_secret').replica).toMatchObject([{ region: '${var.region}' }]);
    expect(blockOf(stack, 'aws_iam_policy_document', 'read_by').statement).toMatchObject([
      { resources: [HERE, expect.stringContaining('join("", [":", var.region, ":"])')] },
      { condition: [{ values: ['secretsmanager.${var.region}.amazonaws.com'] }, {}] },
    ]);
  });

  it.each<[string, unknown, string]>([
    ['in the region of the secret', [{ region: 'us-east-1' }], "has the secret's own region us-east-1"],
    ['twice in a region', [{ region: 'eu-west-1' }, { region: 'eu-west-1' }], 'has eu-west-1 twice'],
    ['in no region', [{ region: 'Ireland' }], 'has "Ireland" as a region'],
    ['in a host', [{ region: 'eu-west-1.attacker.example/' }], 'as a region'],
    ['without a region', [{ kmsKeyArn: keyIn('eu-west-1') }], 'needs the option region'],
    ['in another partition', [{ region: 'cn-north-1' }], 'AWS keeps aws-cn and aws apart'],
    ['in GovCloud', [{ region: 'us-gov-west-1' }], 'AWS keeps aws-us-gov and aws apart'],
    ['with a key of elsewhere', [{ region: 'eu-west-1', kmsKeyArn }], 'has a kmsKeyArn of us-east-1 for eu-west-1'],
    ['with an alias', [{ region: 'eu-west-1', kmsKeyArn: 'alias/team' }], 'kmsKeyArn of a replica is "alias/team"'],
    ['that is a name', ['eu-west-1'], 'A replica takes an object of options, found String'],
    ['that is not a list', { region: 'eu-west-1' }, 'replicas is not a list'],
  ])('is refused %s', (_, given, message) => {
    const error = refusal(() =>
      synthesize((stack) => new StaticSecret(stack, 'db', { name: 'app/db', replicas: given as Replica[] })),
    );
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining(message) });
  });

  it('is refused in the region of the secret, though only Terraform knows it', () => {
    const declare = (stack: TerraformStack) => {
      const variable = new TerraformVariable(stack, 'region', { type: 'string' });
      const provider = new AwsProvider(stack, 'b', { alias: 'b', region: variable.stringValue });
      new StaticSecret(stack, 'db', { name: 'app/db', provider, replicas: [{ region: variable.stringValue }] });
    };
    expect(refusal(() => synthesize(declare)).message).toContain("has the secret's own region. Leave it out.");
  });
});
