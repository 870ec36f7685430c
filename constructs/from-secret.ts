import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { Token } from 'cdktf';
import { checkKeyArn } from './check-key-arn.ts';
import { checkOptions } from './check-options.ts';
import { ConstructError } from './construct-error.ts';

export interface FromSecretOptions {
  /** The customer key that the secret is encrypted with. @default AWS's own key, `aws/secretsmanager` */
  readonly kmsKeyArn?: string;
}

/** Credentials that stand in a secret of their own, which the rotation function reads; `fromSecret` makes them. */
export interface SecretCredentials {
  readonly kind: 'secret';
  readonly secretArn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What the function's role needs to read them. */
  readonly statements: readonly DataAwsIamPolicyDocumentStatement[];
}

/**
 * Credentials from a secret of their own, such as a `StaticSecret`: the rotation reads it by its ARN, and its role gets the
 * permission. In no environment, no state and no plan.
 * @throws ConstructError OPTIONS
 * @example credentials: fromSecret(client.secretArn)
 */
export function fromSecret(secretArn: string, options: FromSecretOptions = {}): SecretCredentials {
  checkOptions('fromSecret', options, { kmsKeyArn: 'optional' });
  const { kmsKeyArn } = options;
  checkKeyArn(kmsKeyArn);
  if (!Token.isUnresolved(secretArn) && !/^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-\w{6}$/.test(secretArn)) {
    throw new ConstructError(
      'OPTIONS',
      `fromSecret got "${secretArn}". Expected a secret's whole ARN, such as its secretArn.`,
    );
  }
  const read = { sid: 'ReadTheCredentials', actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] };
  return {
    kind: 'secret',
    secretArn,
    environment: { CREDENTIALS_SECRET_ARN: secretArn },
    statements: kmsKeyArn === undefined ? [read] : [read, useOfKey(kmsKeyArn, secretArn)],
  };
}

/** The key opens through Secrets Manager alone, and for this secret alone. */
function useOfKey(kmsKeyArn: string, secretArn: string): DataAwsIamPolicyDocumentStatement {
  return {
    sid: 'UseTheKeyOfTheCredentials',
    actions: ['kms:Decrypt'],
    resources: [kmsKeyArn],
    condition: [
      { test: 'StringLike', variable: 'kms:ViaService', values: ['secretsmanager.*.amazonaws.com'] },
      { test: 'StringEquals', variable: 'kms:EncryptionContext:SecretARN', values: [secretArn] },
    ],
  };
}
