import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import type { Construct } from 'constructs';
import { StackPlace } from '../terraform/stack-place.ts';

interface KeyUse {
  readonly actions: readonly string[];
  readonly kmsKeyArns: readonly string[];
  /** One secret, or with a `*` at its end all that begin like it. */
  readonly secretArn: string;
  readonly test: 'StringEquals' | 'StringLike';
}

/** Use of customer keys: through Secrets Manager alone, and for these secrets alone. */
export function keyStatement(
  scope: Construct,
  { actions, kmsKeyArns, secretArn, test }: KeyUse,
): DataAwsIamPolicyDocumentStatement {
  return {
    sid: 'UseTheKey',
    actions: [...actions],
    resources: [...kmsKeyArns],
    condition: [
      {
        test: 'StringEquals',
        variable: 'kms:ViaService',
        values: [`secretsmanager.${StackPlace.of(scope).region}.amazonaws.com`],
      },
      { test, variable: 'kms:EncryptionContext:SecretARN', values: [secretArn] },
    ],
  };
}
