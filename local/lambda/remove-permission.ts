import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { FunctionName } from './fields.ts';
import { existingFunction } from './functions.ts';

/**
 * Removes a statement from the function's resource policy.
 *
 * @throws ResourceNotFoundException no such function, or it has no such statement.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_RemovePermission.html
 */
export const removePermission = action(
  v.strictObject({ FunctionName, StatementId: v.string() }),
  ({ FunctionName, StatementId }, account): void => {
    const { statements } = existingFunction(FunctionName, account);
    const index = statements.findIndex((statement) => statement.StatementId === StatementId);
    if (index === -1) {
      throw new AwsError('ResourceNotFoundException', `Statement ${StatementId} is not found in resource policy.`, 404);
    }
    statements.splice(index, 1);
  },
);
