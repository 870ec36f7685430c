import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zipSync } from 'fflate';
import { bundleFunction } from '../constructs/code/bundle-function.ts';
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
}

/** Makes a function that may do whatever it likes with secrets, and that Secrets Manager may invoke. @returns its ARN */
export async function deployFunction(
  account: Account,
  { archive, environment, timeoutSeconds }: FunctionOptions,
): Promise<string> {
  const statement = { Effect: 'Allow', Action: ['secretsmanager:*', 'logs:*'], Resource: '*' };
  const trust = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
  const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const { Arn } = createRole({ RoleName: 'strategy', AssumeRolePolicyDocument: policy(trust) }, account);
  putRolePolicy({ RoleName: 'strategy', PolicyName: 'rotation', PolicyDocument: policy(statement) }, account);
  const { FunctionArn } = await createFunction(
    {
      FunctionName: 'strategy',
      Role: Arn,
      Handler: 'index.handler',
      Runtime: 'nodejs24.x',
      Timeout: timeoutSeconds,
      Environment: { Variables: { ...environment } },
      ZipFile: archive,
    },
    account,
  );
  addPermission(
    {
      FunctionName: 'strategy',
      StatementId: 'AllowSecretsManagerToRotate',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
    },
    account,
  );
  return FunctionArn;
}

const archives = new Map<string, Uint8Array>();

/** The entry's zip, built once in a process. */
export function archiveOf(entry: string): Uint8Array {
  const archive = archives.get(entry) ?? buildArchive(entry);
  archives.set(entry, archive);
  return archive;
}

/** The entry's zip as it is deployed. */
export function buildArchive(entry: string): Uint8Array {
  const outdir = mkdtempSync(path.join(tmpdir(), 'rotaform-strategy-'));
  try {
    bundleFunction(entry, outdir);
    return zipSync({ 'index.js': readFileSync(path.join(outdir, 'index.js')) });
  } finally {
    rmSync(outdir, { recursive: true });
  }
}
