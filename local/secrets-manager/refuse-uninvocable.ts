import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { mayInvoke } from '../lambda/may-invoke.ts';
import type { Secret } from './secret.ts';

/**
 * Refuses a function that Secrets Manager may not invoke for the secret.
 *
 * @throws AccessDeniedException the function is missing, or its policy does not let Secrets Manager invoke it.
 */
export function refuseUninvocable(functionArn: string, secret: Secret, account: Account): void {
  const principal = 'secretsmanager.amazonaws.com';
  if (mayInvoke(account, { functionArn, principal, sourceArn: secret.arn, sourceAccount: account.id })) return;
  throw new AwsError(
    'AccessDeniedException',
    'Secrets Manager cannot invoke the specified Lambda function. Ensure that the function policy grants access to the principal secretsmanager.amazonaws.com.',
  );
}
