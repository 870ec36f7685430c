import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { putRolePolicy } from '../../../local/iam/role-policies.ts';
import { createKey } from '../../../local/kms/keys.ts';
import { addPermission } from '../../../local/lambda/add-permission.ts';
import { putFunctionConcurrency } from '../../../local/lambda/concurrency.ts';
import { deleteFunction } from '../../../local/lambda/functions.ts';
import { removePermission } from '../../../local/lambda/remove-permission.ts';
import { updateFunctionCode } from '../../../local/lambda/update-function-code.ts';
import { cancelRotateSecret } from '../../../local/secrets-manager/cancel-rotate-secret.ts';
import { putResourcePolicy } from '../../../local/secrets-manager/put-resource-policy.ts';
import { updateSecret } from '../../../local/secrets-manager/update-secret.ts';
import {
  type DeployedStrategy,
  type DeployStrategyOptions,
  deployStrategy,
} from '../../lambda/rotation/deploy-strategy.ts';
import { configure, type Seed } from './preflight-of.ts';

const ROTATE = ['DescribeSecret', 'GetSecretValue', 'PutSecretValue', 'UpdateSecretVersionStage'];
const STATEMENT = 'AllowSecretsManagerToRotate';

type Change = (deployed: DeployedStrategy) => unknown;

/** A password that would rotate, but for one change. */
const seeded =
  (change: Change, options: Partial<DeployStrategyOptions> = {}): Seed['seed'] =>
  async () => {
    const secretString = '{"username":"app","password":"the first password"}';
    const deployed = await deployStrategy({ entry: 'lambda/password.ts', secretString, ...options });
    configure(deployed, undefined);
    await change(deployed);
    return deployed;
  };

/** Gives the function's role these statements, and no others. */
function allow({ aws: { account }, functionArn }: DeployedStrategy, ...statements: readonly object[]): void {
  const RoleName = functionArn.split(':')[6] ?? '';
  const log = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [...statements, log] });
  putRolePolicy({ RoleName, PolicyName: 'rotation', PolicyDocument }, account);
}

const on = (Resource: string, Effect: string, ...actions: readonly string[]) => ({
  Effect,
  Action: actions.map((action) => (action.includes(':') ? action : `secretsmanager:${action}`)),
  Resource,
});

/** Encrypts the secret with a key that the role may use for these actions. */
function encrypt(deployed: DeployedStrategy, ...actions: readonly string[]): void {
  const { account } = deployed.aws;
  const { Arn: KmsKeyId } = createKey({}, account).KeyMetadata;
  updateSecret(
    {
      SecretId: deployed.secretArn,
      KmsKeyId,
      ClientRequestToken: randomUUID(),
      SecretString: '{"password":"another one"}',
    },
    account,
  );
  allow(deployed, on('*', 'Allow', ...ROTATE), ...(actions.length > 0 ? [on(KmsKeyId, 'Allow', ...actions)] : []));
}

const namedBy = (deployed: DeployedStrategy) => ({ FunctionName: deployed.functionArn });
const code = (source: string | Buffer) =>
  typeof source === 'string' ? zipSync({ 'index.js': strToU8(source) }) : source;

/** What is seen from outside of the function, or by it before it comes to its target. */
export const OUTSIDE: readonly Seed[] = [
  {
    title: 'a function that was deleted',
    seed: seeded((deployed) => deleteFunction(namedBy(deployed), deployed.aws.account)),
    rows: [['The function', 'NO_FUNCTION', /is not there.*Deploy it again/]],
  },
  {
    title: 'a function that nobody may invoke',
    seed: seeded((deployed) =>
      removePermission({ ...namedBy(deployed), StatementId: STATEMENT }, deployed.aws.account),
    ),
    rows: [[/may invoke/, 'NOT_INVOCABLE', /has no policy.*AddPermission/]],
  },
  {
    title: 'a function that Secrets Manager may invoke for another secret',
    seed: seeded((deployed) => {
      const { account } = deployed.aws;
      removePermission({ ...namedBy(deployed), StatementId: STATEMENT }, account);
      const permission = {
        StatementId: 'other',
        Action: 'lambda:InvokeFunction',
        Principal: 'secretsmanager.amazonaws.com',
      };
      addPermission({ ...namedBy(deployed), ...permission, SourceArn: `${deployed.secretArn}-other` }, account);
    }),
    rows: [[/may invoke/, 'NOT_INVOCABLE', /for other secrets, and not for my-app\/login/]],
  },
  {
    title: 'a function that is throttled to nothing',
    seed: seeded((deployed) =>
      putFunctionConcurrency({ ...namedBy(deployed), ReservedConcurrentExecutions: 0 }, deployed.aws.account),
    ),
    rows: [['The function', 'NOT_INVOCABLE', /reserved concurrency of 0/]],
  },
  {
    title: 'a function whose code is older than the check',
    seed: seeded((deployed) => {
      const ZipFile = readFileSync('__tests__/lambda/upgrade/earlier-password.zip');
      return updateFunctionCode({ ...namedBy(deployed), ZipFile }, deployed.aws.account);
    }),
    rows: [['The function itself', 'OLD_FUNCTION', /older than preflight.*Deploy it again/]],
  },
  {
    title: 'a function whose archive is damaged',
    seed: seeded((deployed) =>
      updateFunctionCode({ ...namedBy(deployed), ZipFile: code('throw new Error("broken");') }, deployed.aws.account),
    ),
    rows: [['The function itself', 'INTERNAL', /broken/]],
  },
  {
    title: 'a rotation that was canceled',
    seed: seeded(({ aws, secretArn }) => cancelRotateSecret({ SecretId: secretArn }, aws.account)),
    rows: [['The rotation', 'CANCELED', /switched off/]],
  },
  {
    title: 'a secret without a schedule',
    seed: seeded(() => {}),
    rules: 'none',
    rows: [['The schedule', 'NO_SCHEDULE', /only by hand/]],
  },
  {
    title: 'an earlier rotation that does not end',
    seed: seeded(async (deployed) => {
      await deployed.pendingVersion();
      const secret = deployed.aws.account.secrets.find(deployed.secretArn);
      if (secret?.rotation) secret.rotation = { ...secret.rotation, lambdaArn: deployed.functionArn };
    }),
    rows: [['No rotation in progress', 'PENDING', /RotateSecret is refused.*--remove-from-version-id/]],
  },
  {
    title: 'a role without an action',
    seed: seeded((deployed) =>
      allow(deployed, on('*', 'Allow', ...ROTATE.filter((each) => each !== 'PutSecretValue'))),
    ),
    rows: [
      [
        /role may do with the secret/,
        'PRIVILEGE',
        /may not secretsmanager:PutSecretValue on .*no policy of its own allows it/,
      ],
    ],
  },
  {
    title: 'a role that a statement of its own denies an action',
    seed: seeded((deployed) =>
      allow(deployed, on('*', 'Allow', ...ROTATE), on('*', 'Deny', 'UpdateSecretVersionStage')),
    ),
    rows: [[/role may do with the secret/, 'PRIVILEGE', /UpdateSecretVersionStage.*a policy of its own denies it/]],
  },
  {
    title: 'a role that may not read the secret',
    seed: seeded((deployed) =>
      allow(deployed, on('*', 'Allow', ...ROTATE.filter((each) => each !== 'GetSecretValue'))),
    ),
    rows: [
      [/role may do with the secret/, 'PRIVILEGE', /secretsmanager:GetSecretValue/],
      ['The current value', 'PRIVILEGE', /not authorized to perform: secretsmanager:GetSecretValue/],
    ],
  },
  {
    title: 'a role that may decrypt with the key and not encrypt',
    seed: seeded((deployed) => encrypt(deployed, 'kms:Decrypt')),
    rows: [[/role may do with the key/, 'PRIVILEGE', /may not kms:GenerateDataKey on arn:aws:kms/]],
  },
  {
    title: 'a role that may not use the key at all',
    seed: seeded((deployed) => encrypt(deployed)),
    rows: [
      [/role may do with the key/, 'PRIVILEGE', /kms:Decrypt, kms:GenerateDataKey/],
      ['The current value', 'PRIVILEGE', /Access to KMS is not allowed/],
    ],
  },
  {
    title: "a policy of the secret that denies the function's role",
    seed: seeded(({ aws, secretArn }) => {
      const Statement = [
        { Sid: 'NoWriters', Effect: 'Deny', Principal: '*', Action: 'secretsmanager:PutSecretValue', Resource: '*' },
      ];
      putResourcePolicy(
        { SecretId: secretArn, ResourcePolicy: JSON.stringify({ Version: '2012-10-17', Statement }) },
        aws.account,
      );
    }),
    rows: [[/own policy/, 'PRIVILEGE', /"NoWriters" denies secretsmanager:PutSecretValue/]],
  },
  {
    title: 'settings of the function that are wrong',
    seed: seeded(() => {}, { environment: { PASSWORD_LENGTH: 'many' } }),
    rows: [["The function's settings", 'CONFIGURATION', /PASSWORD_LENGTH/]],
  },
  {
    title: 'a function that cannot reach Secrets Manager',
    seed: seeded(() => {}, { environment: { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' } }),
    rows: [[/Secrets Manager, as the function/, 'NETWORK', /ECONNREFUSED/]],
  },
  {
    title: 'a value that is no JSON',
    seed: seeded(() => {}, { secretString: 'the first password' }),
    rows: [['The current value', 'SECRET_VALUE', /not JSON/]],
  },
  {
    title: 'a field that has no place in the value',
    seed: seeded(() => {}, { environment: { PASSWORD_FIELDS: '/db/password' } }),
    rows: [['A new password', 'SECRET_VALUE', /nothing at \/db/]],
  },
];
