import { Token } from 'cdktf';
import { ConstructError } from '../construct-error.ts';

/** @throws OPTIONS for a customer key that is not given by its ARN */
export function checkKeyArn(arn: string | undefined): void {
  if (arn === undefined || Token.isUnresolved(arn) || /^arn:[\w-]+:kms:[\w-]+:\d{12}:key\/[\w-]+$/.test(arn)) return;
  throw new ConstructError(
    'OPTIONS',
    `kmsKeyArn is "${arn}". Expected a key's ARN, arn:aws:kms:REGION:ACCOUNT:key/ID: no policy can name a key by its alias.`,
  );
}
