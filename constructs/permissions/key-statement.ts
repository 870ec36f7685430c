import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';

interface KeyUse {
  readonly sid: string;
  readonly actions: readonly string[];
  readonly kmsKeyArns: readonly string[];
  /** The secrets. An ARN with a `*` at its end stands for all secrets that begin like it. */
  readonly secretArns: readonly string[];
  /** The region of the secrets, or several. @default any */
  readonly region?: string | readonly string[];
}

/** Use of customer keys: only through Secrets Manager, and only for these secrets. */
export function keyStatement(use: KeyUse): DataAwsIamPolicyDocumentStatement {
  const { sid, actions, kmsKeyArns, secretArns, region = '*' } = use;
  const isPrefix = secretArns.some((arn) => arn.endsWith('*'));
  return {
    sid,
    actions: [...actions],
    resources: [...kmsKeyArns],
    condition: [
      {
        test: region === '*' ? 'StringLike' : 'StringEquals',
        variable: 'kms:ViaService',
        values: [region].flat().map((each) => `secretsmanager.${each}.amazonaws.com`),
      },
      {
        test: isPrefix ? 'StringLike' : 'StringEquals',
        variable: 'kms:EncryptionContext:SecretARN',
        values: [...secretArns],
      },
    ],
  };
}
