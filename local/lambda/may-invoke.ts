import type { Account } from '../account.ts';
import { arnMatches } from '../permissions/arn-matches.ts';

export interface InvocationSource {
  /** The function's name or ARN. */
  readonly functionArn: string;
  /** Such as `secretsmanager.amazonaws.com`. */
  readonly principal: string;
  /** The resource for which the service invokes the function, such as the secret. */
  readonly sourceArn: string;
  readonly sourceAccount: string;
}

/** Whether the function exists and a statement of its resource policy lets this source invoke it. */
export function mayInvoke(
  account: Account,
  { functionArn, principal, sourceArn, sourceAccount }: InvocationSource,
): boolean {
  const statements = account.functions.find(functionArn)?.statements ?? [];
  return statements.some(
    (statement) =>
      (statement.Action === 'lambda:InvokeFunction' || statement.Action === 'lambda:*') &&
      (statement.Principal === principal || statement.Principal === '*') &&
      (statement.SourceArn === undefined || arnMatches(statement.SourceArn, sourceArn)) &&
      (statement.SourceAccount === undefined || statement.SourceAccount === sourceAccount),
  );
}
