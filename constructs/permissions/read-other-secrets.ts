import type { DataAwsIamPolicyDocumentStatement } from '@cdktf/provider-aws/lib/data-aws-iam-policy-document/index.js';
import { checkKeyArn } from '../checks/check-key-arn.ts';
import { ConstructError } from '../construct-error.ts';
import { isReference, listOf } from '../terraform/references.ts';
import { keyStatement } from './key-statement.ts';

interface OtherSecrets {
  /** Whose they are, for the statements' ids, such as `Administrator`. */
  readonly whose: string;
  readonly secretArns: readonly string[];
  /** The customer key that they are encrypted with. */
  readonly kmsKeyArn?: string | undefined;
}

/**
 * What a function's role needs to read secrets besides the one that it rotates: the key opens through Secrets Manager alone,
 * and for these secrets alone.
 * @param option what gives the ARNs, as its user wrote it
 * @throws OPTIONS for what is no whole ARN
 */
export function readOtherSecrets(
  option: string,
  { whose, secretArns: given, kmsKeyArn }: OtherSecrets,
): DataAwsIamPolicyDocumentStatement[] {
  const secretArns = listOf(given);
  for (const arn of secretArns) checkSecretArn(option, arn);
  checkKeyArn(kmsKeyArn);
  if (secretArns.length === 0) return [];
  const actions = ['secretsmanager:GetSecretValue'];
  const read = { sid: `ReadThe${whose}`, actions, resources: [...secretArns] };
  if (kmsKeyArn === undefined) return [read];
  const sid = `UseTheKeyOfThe${whose}`;
  return [read, keyStatement({ sid, actions: ['kms:Decrypt'], kmsKeyArns: [kmsKeyArn], secretArns })];
}

function checkSecretArn(option: string, arn: string): void {
  if (isReference(arn) || /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:.+-\w{6}$/.test(arn)) return;
  throw new ConstructError(
    'OPTIONS',
    `${option} is "${arn}". Expected a secret's whole ARN, which ends in a hyphen and six characters, such as its secretArn.`,
  );
}
