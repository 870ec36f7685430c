import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region/index.js';
import type { Construct } from 'constructs';
import type { Rotation } from './rotation.ts';

interface Needs {
  readonly rotation: Rotation;
  readonly secretArn: string;
  readonly kmsKeyArn?: string;
  readonly logGroupArn: string;
  readonly tracing?: boolean;
}

/** What the role of a rotation function may do: these actions, on this secret, this log and this key. */
export function rotationStatements(scope: Construct, needs: Needs): DataAwsIamPolicyDocumentStatement[] {
  const { rotation, secretArn, kmsKeyArn, logGroupArn, tracing = false } = needs;
  return [
    {
      sid: 'RotateTheSecret',
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        ...(rotation.readsEarlierVersions ? ['secretsmanager:ListSecretVersionIds'] : []),
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: [secretArn],
    },
    {
      sid: 'WriteTheLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroupArn}:*`],
    },
    ...(kmsKeyArn === undefined ? [] : [useTheKey(scope, kmsKeyArn, secretArn)]),
    ...(tracing ? [sendTraces] : []),
    ...rotation.statements,
  ];
}

/** The key opens through Secrets Manager alone, and for this secret alone. */
function useTheKey(scope: Construct, kmsKeyArn: string, secretArn: string): DataAwsIamPolicyDocumentStatement {
  const region = new DataAwsRegion(scope, 'region');
  return {
    sid: 'UseTheKey',
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [kmsKeyArn],
    condition: [
      { test: 'StringEquals', variable: 'kms:ViaService', values: [`secretsmanager.${region.id}.amazonaws.com`] },
      { test: 'StringEquals', variable: 'kms:EncryptionContext:SecretARN', values: [secretArn] },
    ],
  };
}

/** X-Ray has no resources to name. */
const sendTraces: DataAwsIamPolicyDocumentStatement = {
  sid: 'SendTraces',
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
};
