import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role/index.js';
import type { TerraformStack } from 'cdktf';
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
