import type {
  DataAwsIamPolicyDocumentStatement,
  DataAwsIamPolicyDocumentStatementCondition,
} from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import type { RotationNeeds } from '../targets/rotation-needs.ts';
import { StackPlace } from '../terraform/stack-place.ts';
import { keyStatement } from './key-statement.ts';

/** What encrypts a replica. */
interface ReplicaKey {
  readonly kmsKeyArn: string;
  readonly region: string;
  /** As `secretArn`, in the replica's region. */
  readonly secretArn: string;
}

interface FunctionUse {
  readonly needs: RotationNeeds;
  /** One secret, or with a `*` at its end all that begin like it. */
  readonly secretArn: string;
  /** Of a shared function: it may use a secret only while it is the function that rotates it. */
  readonly sharedFunctionArn?: string;
  readonly kmsKeyArns: readonly string[];
  readonly replicaKeys: readonly ReplicaKey[];
  readonly logGroupArn: string;
  readonly tracing: boolean;
}

/** What the role of a rotation function may do: these actions, on its secrets, its log and their keys. */
export function rotationStatements(scope: Construct, use: FunctionUse): DataAwsIamPolicyDocumentStatement[] {
  const { needs, secretArn, sharedFunctionArn, kmsKeyArns, replicaKeys, logGroupArn, tracing } = use;
  const useOfKeys = () =>
    keyStatement({
      sid: 'UseTheKey',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      kmsKeyArns,
      secretArns: [secretArn],
      region: StackPlace.of(scope).region,
    });
  return [
    {
      sid: 'RotateTheSecret',
      actions: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        ...(needs.readsEarlierVersions ? ['secretsmanager:ListSecretVersionIds'] : []),
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: [secretArn],
      ...(sharedFunctionArn !== undefined && { condition: [whileItRotatesTheSecret(sharedFunctionArn)] }),
    },
    {
      sid: 'WriteTheLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroupArn}:*`],
    },
    ...(kmsKeyArns.length === 0 ? [] : [useOfKeys()]),
    // Secrets Manager encrypts a replica's new version for whoever wrote it.
    ...replicaKeys.map((replica, index) =>
      keyStatement({
        sid: `UseTheKeyOfReplica${index + 1}`,
        actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
        kmsKeyArns: [replica.kmsKeyArn],
        secretArns: [secretArn, replica.secretArn],
        region: [StackPlace.of(scope).region, replica.region],
      }),
    ),
    ...(tracing ? [sendTraces] : []),
    ...needs.statements,
  ];
}

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html#awssecretsmanager-policy-keys */
function whileItRotatesTheSecret(functionArn: string): DataAwsIamPolicyDocumentStatementCondition {
  return {
    test: 'StringEquals',
    variable: 'secretsmanager:resource/AllowRotationLambdaArn',
    values: [functionArn],
  };
}

/** X-Ray has no resources to name. */
const sendTraces: DataAwsIamPolicyDocumentStatement = {
  sid: 'SendTraces',
  actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  resources: ['*'],
};
