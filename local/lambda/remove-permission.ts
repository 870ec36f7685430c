import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { existingFunction } from './existing-function.ts';

export interface RemovePermissionInput {
  /** The function's name or ARN. */
  readonly FunctionName: string;
  readonly StatementId: string;
}

/**
 * Takes a statement out of the function's resource policy.
 *
 * @throws ResourceNotFoundException no such function, or it has no such statement.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html
 */
export function removePermission({ FunctionName, StatementId }: RemovePermissionInput, account: Account): void {
  const { statements } = existingFunction(FunctionName, account);
  const index = statements.findIndex((statement) => statement.StatementId === StatementId);
  if (index === -1) {
    throw new AwsError('ResourceNotFoundException', `Statement ${StatementId} is not found in resource policy.`, 404);
  }
  statements.splice(index, 1);
}
