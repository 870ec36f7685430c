import { randomUUID } from 'node:crypto';
import type { Account } from '../local/account.ts';
import { putRolePolicy } from '../local/iam/role-policies.ts';
import { createRole } from '../local/iam/roles.ts';
import { addPermission } from '../local/lambda/add-permission.ts';
import { createFunction } from '../local/lambda/create-function.ts';

export interface FunctionOptions {
  /** A zip with `index.js`. */
  readonly archive: Uint8Array;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** What the function may do with the account's secrets. @default everything */
  readonly actions?: readonly string[];
}

/** Makes a function that Secrets Manager may invoke for every secret of the account. @returns its ARN */
export async function deployFunction(
  account: Account,
  { archive, environment, timeoutSeconds, actions = ['secretsmanager:*'] }: FunctionOptions,
): Promise<string> {
  const name = `rotate-${randomUUID()}`;
  const secrets = `arn:aws:secretsmanager:${account.region}:${account.id}:secret:*`;
  const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const role = createRole({ RoleName: name, AssumeRolePolicyDocument: policy(trust) }, account);
  const rotate = { Effect: 'Allow', Action: actions, Resource: secrets };
  const log = { Effect: 'Allow', Action: 'logs:*', Resource: '*' };
  putRolePolicy({ RoleName: name, PolicyName: 'rotation', PolicyDocument: policy(rotate, log) }, account);
  const { FunctionArn } = await createFunction(
    {
      FunctionName: name,
      Description: 'Rotates secrets in Secrets Manager (declared with Rotaform)',
      Role: role.Arn,
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: timeoutSeconds,
      Environment: { Variables: { ...environment } },
      LoggingConfig: { LogFormat: 'JSON' },
      ZipFile: archive,
    },
    account,
  );
  addPermission(
    {
      FunctionName: name,
      StatementId: 'AllowSecretsManagerToRotate',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
      SourceArn: secrets,
    },
    account,
  );
  return FunctionArn;
}
