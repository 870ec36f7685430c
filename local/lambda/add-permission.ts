import type { Account } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { existingFunction } from './existing-function.ts';
import type { PermissionStatement } from './lambda-function.ts';

export interface AddPermissionInput extends PermissionStatement {
  /** The function's name or ARN. */
  readonly FunctionName: string;
}

/**
 * Lets a service or account invoke the function, where the source matches.
 *
 * @throws ResourceNotFoundException no such function.
 * @throws ResourceConflictException it has a statement of that id.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
export function addPermission({ FunctionName, ...statement }: AddPermissionInput, account: Account): void {
  const { statements } = existingFunction(FunctionName, account);
  if (statements.some(({ StatementId }) => StatementId === statement.StatementId)) {
    throw new AwsError(
      'ResourceConflictException',
      `The statement id (${statement.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      409,
    );
  }
  statements.push(statement);
}
