// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { type TerraformStack, TerraformVariable } from 'cdktf';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ReadGrant, RotatedSecret, Rotation, Schedule, StaticSecret } from '../../constructs/index.ts';
import type { LocalAws } from '../../local/local-aws.ts';
import { runningAccount, TRUST } from '../local/secrets-manager/running-account.ts';
import { deployStack } from './deploy-stack.ts';
import { refusal } from './refusal.ts';
import { blockOf, blocksOf } from './stack-json.ts';
import { synthesize } from './synthesize.ts';

const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:billing-AbCdEf';
const rotating = { rotation: Rotation.password(), schedule: Schedule.rate({ days: 30 }) };
const rotated = (stack: TerraformStack, props: object = {}) =>
  new RotatedSecret(stack, 'db', { name: 'app/db', ...rotating, ...props });

function grantOf(grant: (stack: TerraformStack) => ReadGrant) {
  const stack = synthesize((stack) => void grant(stack));
  return {
    statements: blockOf(stack, 'aws_iam_policy_document', 'read_by').statement,
    policy: blockOf(stack, 'aws_iam_role_policy', 'read_by'),
  };
}

const readingByLabels = (...values: string[]) =>
  expect.objectContaining({
    actions: ['secretsmanager:GetSecretValue'],
    condition: [{ test: 'StringEquals', variable: 'secretsmanager:VersionStage', values }],
  });

describe('grantRead', () => {
  it('lets the role read only this secret, its current version and its pending version', () => {
    const { statements, policy } = grantOf((stack) => rotated(stack).grantRead('web'));
    expect(statements).toEqual([readingByLabels('AWSCURRENT', 'AWSPENDING')]);
    expect(statements).toMatchObject([
      { resources: [expect.stringMatching(/^\$\{aws_secretsmanager_secret\.db_\w+\.arn\}$/)] },
    ]);
    expect(policy).toEqual({
      name_prefix: 'read-secret-',
      role: 'web',
      policy: expect.stringMatching(/^\$\{data\.aws_iam_policy_document\.db_read_by_web_\w+\.json\}$/),
    });
  });

  it('lets it read by the named labels, and no others', () => {
    const { statements } = grantOf((stack) => rotated(stack).grantRead('web', { versionStages: ['AWSPREVIOUS'] }));
    expect(statements).toEqual([readingByLabels('AWSPREVIOUS')]);
  });

  it('lets it read without a label, if any will do', () => {
    const { statements } = grantOf((stack) => rotated(stack).grantRead('web', { versionStages: 'any' }));
    expect(statements).toMatchObject([{ actions: ['secretsmanager:GetSecretValue'] }]);
    expect(statements).not.toMatchObject([{ condition: expect.anything() }]);
  });

  it('is declared once for a role that gets it twice, and refused with other labels the second time', () => {
    synthesize((stack) => {
      const secret = rotated(stack);
      const role = new IamRole(stack, 'role', { assumeRolePolicy: TRUST });
      expect(secret.grantRead(role)).toBe(secret.grantRead(role));
      const error = refusal(() => secret.grantRead(role, { versionStages: ['AWSCURRENT'] }));
      expect(error).toMatchObject({
        code: 'OPTIONS',
        message: expect.stringContaining('with different versionStages'),
      });
    });
  });

  it('lets it read an existing secret, and one that never rotates', () => {
    const existing = grantOf((stack) =>
      RotatedSecret.existing(stack, 'billing', { secretArn, kmsKeyArn, ...rotating }).grantRead('web'),
    );
    expect(existing.statements).toMatchObject([{ resources: [secretArn] }, { resources: [kmsKeyArn] }]);
    const stays = grantOf((stack) => new StaticSecret(stack, 'client', { name: 'app/client' }).grantRead('web'));
    expect(stays.statements).toEqual([readingByLabels('AWSCURRENT')]);
  });

  it('lets it decrypt with the key, only through Secrets Manager and only for this secret', () => {
    for (const secretOf of [
      rotated,
      (stack: TerraformStack, props: object) => new StaticSecret(stack, 'db', { name: 'app/db', ...props }),
    ]) {
      const { statements } = grantOf((stack) => secretOf(stack, { kmsKeyArn }).grantRead('web'));
      expect(statements).toEqual([
        expect.anything(),
        {
          sid: 'UseTheKey',
          actions: ['kms:Decrypt'],
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
        },
      ]);
    }
  });

  it('gives each role its own policy, whichever comes first', () => {
    const addresses = (...names: string[]) => {
      const stack = synthesize((stack) => {
        const secret = rotated(stack);
        const role = (id: string) => new IamRole(stack, id, { name: id, assumeRolePolicy: '{}' });
        for (const name of names) secret.grantRead(name.startsWith('made') ? role(name) : name);
      });
      expect(blocksOf(stack, 'aws_iam_role_policy', 'read_by')).toHaveLength(names.length);
      return new Set(Object.keys(stack.resource.aws_iam_role_policy ?? {}));
    };
    expect(addresses('made-web', 'worker', 'made-api')).toEqual(addresses('made-api', 'made-web', 'worker'));
  });

  it.each<[string, object, string]>([
    ['no labels', { versionStages: [] }, 'versionStages is empty'],
    ['an unknown option', { stages: ['AWSCURRENT'] }, 'grantRead has no option "stages"'],
  ])('refuses %s', (_what, options, message) => {
    const error = refusal(() => grantOf((stack) => rotated(stack).grantRead('web', options)));
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining(message) });
  });
});

describe('grantRead for another account', () => {
  const READER = 'arn:aws:iam::444455556666:role/teams/web';
  const replicas = [{ region: 'eu-west-1', kmsKeyArn: kmsKeyArn.replace('us-east-1', 'eu-west-1') }];
  const readers = (stack: TerraformStack) =>
    new AwsProvider(stack, 'readers', {
      ...{ alias: 'readers', region: 'us-east-1' },
      assumeRole: [{ roleArn: 'arn:aws:iam::444455556666:role/deploy' }],
    });
  const shared = (stack: TerraformStack, props: object = {}) => rotated(stack, { kmsKeyArn, replicas, ...props });
  const admitted = (principal: unknown) => [
    {
      ...{
        sid: expect.stringMatching(/^ReadBy[\da-f]{16}$/),
        actions: ['secretsmanager:GetSecretValue'],
        resources: ['*'],
      },
      effect: undefined,
      principals: [{ type: 'AWS', identifiers: [principal] }],
      condition: [
        { test: 'StringEquals', variable: 'secretsmanager:VersionStage', values: ['AWSCURRENT', 'AWSPENDING'] },
      ],
    },
  ];

  it('returns the policy of the secret, the statements for its keys, and the document for the other account', () => {
    let grant: ReadGrant | undefined;
    const stack = synthesize((stack) => {
      grant = shared(stack).grantRead(READER);
    });
    expect(blockOf(stack, 'aws_iam_policy_document', 'resource_policy').statement).toEqual(admitted(READER));
    expect(blockOf(stack, 'aws_secretsmanager_secret_policy').block_public_policy).toBe(true);
    expect(grant?.rolePolicy).toBeUndefined();
    expect(blocksOf(stack, 'aws_iam_role_policy', 'read_by')).toEqual([]);
    expect(blockOf(stack, 'aws_iam_policy_document', 'read_by').statement).toMatchObject([
      { sid: 'ReadTheSecret' },
      { sid: 'UseTheKey' },
      { sid: 'UseTheKeyOfReplica1' },
    ]);
    expect(grant?.keyStatements.map(({ kmsKeyArn }) => kmsKeyArn)).toEqual([kmsKeyArn, replicas[0]?.kmsKeyArn]);
    for (const { statement } of grant?.keyStatements ?? []) {
      expect(statement).toMatchObject({
        actions: ['kms:Decrypt'],
        resources: ['*'],
        principals: [{ type: 'AWS', identifiers: [READER] }],
        condition: [{ variable: 'kms:ViaService' }, { variable: 'kms:EncryptionContext:SecretARN' }],
      });
    }
  });

  it('gives a role of a provider’s account its policy there', () => {
    const stack = synthesize((stack) => {
      const role = new IamRole(stack, 'web', { assumeRolePolicy: '{}', provider: readers(stack) });
      shared(stack).grantRead(role);
    });
    expect(blockOf(stack, 'aws_iam_role_policy', 'read_by')).toMatchObject({
      provider: 'aws.readers',
      role: expect.stringMatching(/^\$\{aws_iam_role\.web\.name\}$/),
    });
    expect(blockOf(stack, 'aws_iam_policy_document', 'read_by').provider).toBe('aws.readers');
    expect(blockOf(stack, 'aws_iam_policy_document', 'resource_policy').provider).toBeUndefined();
    expect(blockOf(stack, 'aws_iam_policy_document', 'resource_policy').statement).toEqual(
      admitted('${aws_iam_role.web.arn}'),
    );
  });

  it('takes a role’s ARN for the role, and its name where the provider is given', () => {
    const stack = synthesize((stack) => {
      const provider = readers(stack);
      const secret = shared(stack);
      const role = new IamRole(stack, 'web', { assumeRolePolicy: '{}', provider });
      expect(secret.grantRead(role.arn)).toBe(secret.grantRead(role));
      expect(secret.grantRead({ arn: role.arn })).toBe(secret.grantRead(role));
      secret.grantRead(READER, { provider });
      secret.grantRead({ arn: new TerraformVariable(stack, 'reader', { type: 'string' }).stringValue }, { provider });
    });
    expect(blocksOf(stack, 'aws_iam_role_policy', 'read_by').map(({ role }) => role)).toEqual([
      'web',
      '${aws_iam_role.web.name}',
      '${replace(var.reader, "/^.*//", "")}',
    ]);
  });

  it('is one grant each for two of them', () => {
    const stack = synthesize((stack) => {
      const secret = shared(stack);
      secret.grantRead(READER);
      secret.grantRead(READER);
      secret.grantRead('arn:aws:iam::444455556666:user/web');
      secret.grantRead('arn:aws:iam::777788889999:root');
    });
    const { statement } = blockOf(stack, 'aws_iam_policy_document', 'resource_policy');
    expect(new Set((statement as { sid: string }[]).map(({ sid }) => sid)).size).toBe(3);
  });

  it('adds no secret policy for a role of the same account, given as ARN, name or construct', () => {
    const stack = synthesize((stack) => {
      const provider = readers(stack);
      const secret = new StaticSecret(stack, 'key', { name: 'app/key', provider });
      secret.grantRead(READER);
      secret.grantRead('web');
      secret.grantRead(new IamRole(stack, 'other', { assumeRolePolicy: '{}', provider }));
    });
    expect(blocksOf(stack, 'aws_secretsmanager_secret_policy')).toEqual([]);
    expect(blocksOf(stack, 'aws_iam_role_policy').map(({ role }) => role)).toEqual([
      '${aws_iam_role.other.name}',
      'web',
    ]);
  });

  it.each<[string, (stack: TerraformStack) => unknown, string]>([
    ['everybody', (stack) => shared(stack).grantRead('*'), 'The reader of grantRead is "*"'],
    ['any role', (stack) => shared(stack).grantRead('arn:aws:iam::444455556666:role/*'), 'which may be anybody'],
    ['any account', (stack) => shared(stack).grantRead('arn:aws:iam::*:root'), 'which may be anybody'],
    [
      'a session',
      (stack) => shared(stack).grantRead('arn:aws:sts::444455556666:assumed-role/web/app'),
      'a session of a role',
    ],
    [
      'a group',
      (stack) => shared(stack).grantRead('arn:aws:iam::444455556666:group/web'),
      'a group, which is not a principal',
    ],
    ['a service', (stack) => shared(stack).grantRead('ecs-tasks.amazonaws.com:web'), 'Expected the ARN of a role'],
    ['nobody', (stack) => shared(stack).grantRead(''), 'The reader of grantRead is ""'],
    ['a statement', (stack) => shared(stack).grantRead('web"},{"AWS":"*'), 'Expected the ARN of a role'],
    [
      'another partition',
      (stack) => shared(stack).grantRead('arn:aws-cn:iam::444455556666:role/web'),
      'nobody reads across partitions',
    ],
    [
      'a user with a provider',
      (stack) => shared(stack).grantRead('arn:aws:iam::444455556666:user/web', { provider: readers(stack) }),
      'Leave provider out',
    ],
    [
      'a reader, without a customer key',
      (stack) => shared(stack, { kmsKeyArn: undefined }).grantRead(READER),
      'The secret test/db has no customer key, and its reader is in another account',
    ],
    [
      'a reader, with a replica that has none',
      (stack) => shared(stack, { replicas: [{ region: 'eu-west-1' }] }).grantRead(READER),
      'A replica of test/db has no customer key',
    ],
    [
      'a reader of an existing secret whose policy is not declared',
      (stack) => RotatedSecret.existing(stack, 'b', { secretArn, kmsKeyArn, ...rotating }).grantRead(READER),
      'which would be written over',
    ],
  ])('refuses %s', (_, declare, message) => {
    const error = refusal(() => synthesize((stack) => void declare(stack)));
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringContaining(message) });
  });
});

describe('A reader with a grant', () => {
  it('reads that encrypted secret by its labels, and nothing else', async () => {
    const { aws } = await runningAccount();
    const { account } = aws;
    await deployStack(account, (stack) => {
      const web = new IamRole(stack, 'web', { name: 'web', assumeRolePolicy: TRUST });
      rotated(stack, { kmsKeyArn }).grantRead(web);
      new RotatedSecret(stack, 'other', { name: 'app/other', ...rotating });
    });
    for (const name of ['app/db', 'app/other']) expect(await aws.rotationSettled(name)).toBe('succeeded');

    const client = clientOf(aws, 'web');
    const read = async (VersionStage: string, SecretId = 'app/db') =>
      client.send(new GetSecretValueCommand({ SecretId, VersionStage })).then(
        ({ VersionStages }) => VersionStages,
        ({ name }) => name,
      );
    expect(await read('AWSCURRENT')).toContain('AWSCURRENT');
    expect(await read('AWSPENDING')).toBe('ResourceNotFoundException');
    expect(await read('AWSPREVIOUS')).toBe('AccessDeniedException');
    expect(await read('AWSCURRENT', 'app/other')).toBe('AccessDeniedException');
  });
});

/** An application that runs as the role. */
function clientOf({ account, endpoint }: LocalAws, role: string): SecretsManagerClient {
  const roleArn = `arn:aws:iam::${account.id}:role/${role}`;
  const caller = { arn: `arn:aws:sts::${account.id}:assumed-role/${role}/app` };
  const accessKeyId = account.sessions.add({ roleArn, caller, kill: async () => {} });
  const credentials = { accessKeyId, secretAccessKey: 'any' };
  const client = new SecretsManagerClient({ endpoint, region: account.region, credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  return client;
}
