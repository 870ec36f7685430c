import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { CREDENTIALS_VARIABLE } from '../rules/secret-id.ts';
import { checkOptions } from './checks/check-options.ts';
import { readOtherSecrets } from './permissions/read-other-secrets.ts';
import { checkTexts } from './terraform/references.ts';

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
  checkTexts('The secretArn of fromSecret', secretArn);
  const secrets = { whose: 'Credentials', secretArns: [secretArn], kmsKeyArn: options.kmsKeyArn };
  return {
    kind: 'secret',
    secretArn,
    environment: { [CREDENTIALS_VARIABLE]: secretArn },
    statements: readOtherSecrets('The secretArn of fromSecret', secrets),
  };
}
