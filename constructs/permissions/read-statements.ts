import type {
  DataAwsIamPolicyDocumentStatement,
  DataAwsIamPolicyDocumentStatementCondition,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import { arnInRegion, type Replica } from '../secret/replicas.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import { keyStatement } from './key-statement.ts';

export interface SecretToRead {
  readonly secretArn: string;
  readonly kmsKeyArn?: string | undefined;
  readonly rotates: boolean;
  readonly replicas: readonly Replica[];
}

/** What a key's policy needs, so that a reader of another account may use the key. */
export interface KeyPolicyStatement {
  readonly kmsKeyArn: string;
  readonly statement: DataAwsIamPolicyDocumentStatement;
}

/** For the reader's own policy: the secret and its replicas by label, and the keys of each. */
export function readStatements(
  scope: Construct,
  secret: SecretToRead,
  versionStages: readonly string[] | 'any',
): DataAwsIamPolicyDocumentStatement[] {
  const { secretArn, replicas } = secret;
  const arns = [secretArn, ...replicas.map(({ region }) => arnInRegion(scope, secretArn, region))];
  return [{ sid: 'ReadTheSecret', ...readAction(versionStages), resources: arns }, ...keyUses(scope, secret)];
}

/** For the secret's policy: lets a principal of another account read it. */
export function admission(
  sid: string,
  principalArn: string,
  versionStages: readonly string[] | 'any',
): DataAwsIamPolicyDocumentStatement {
  return { sid, principals: [{ type: 'AWS', identifiers: [principalArn] }], ...readAction(versionStages) };
}

/** For the policies of the keys: lets a principal of another account decrypt, through Secrets Manager and for this secret alone. */
export function keyPolicyStatements(
  scope: Construct,
  secret: SecretToRead,
  sid: string,
  principalArn: string,
): KeyPolicyStatement[] {
  return keyUses(scope, secret).map(({ resources = [], ...statement }) => ({
    kmsKeyArn: String(resources[0]),
    statement: { ...statement, sid, resources: ['*'], principals: [{ type: 'AWS', identifiers: [principalArn] }] },
  }));
}

function keyUses(
  scope: Construct,
  { secretArn, kmsKeyArn, replicas }: SecretToRead,
): DataAwsIamPolicyDocumentStatement[] {
  const own =
    kmsKeyArn === undefined ? [] : [decrypt('UseTheKey', kmsKeyArn, [secretArn], StackPlace.of(scope).region)];
  const others = replicas.flatMap(({ region, kmsKeyArn: key }, index) =>
    key === undefined
      ? []
      : [decrypt(`UseTheKeyOfReplica${index + 1}`, key, [secretArn, arnInRegion(scope, secretArn, region)], region)],
  );
  return [...own, ...others];
}

function decrypt(sid: string, kmsKeyArn: string, secretArns: readonly string[], region: string) {
  return keyStatement({ sid, actions: ['kms:Decrypt'], kmsKeyArns: [kmsKeyArn], secretArns, region });
}

function readAction(versionStages: readonly string[] | 'any') {
  const condition: DataAwsIamPolicyDocumentStatementCondition[] =
    versionStages === 'any'
      ? []
      : [{ test: 'StringEquals', variable: 'secretsmanager:VersionStage', values: [...versionStages] }];
  return { actions: ['secretsmanager:GetSecretValue'], ...(condition.length > 0 && { condition }) };
}
