import { ConstructError } from '../construct-error.ts';
import { isReference } from '../terraform/references.ts';

/** @throws OPTIONS for a customer key that is not given by its ARN */
export function checkKeyArn(arn: string | undefined, option = 'kmsKeyArn'): void {
  if (arn === undefined || isReference(arn) || /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(arn)) return;
  throw new ConstructError(
    'OPTIONS',
    `${option} is "${arn}". Expected a key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID: a policy cannot name a key by its alias.`,
  );
}
