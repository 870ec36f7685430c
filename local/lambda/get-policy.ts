import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { FunctionName, Qualifier } from './fields.ts';
import { existingFunction } from './functions.ts';
import { policyStatement } from './policy-statement.ts';

/**
 * Who may invoke a function, as a policy document.
 *
 * @throws ResourceNotFoundException no such function, or nobody may invoke it.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetPolicy.html
 */
export const getPolicy = action(v.strictObject({ FunctionName, Qualifier }), ({ FunctionName }, account) => {
  const { configuration, statements } = existingFunction(FunctionName, account);
  if (statements.length === 0) {
    throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
  }
  const Statement = statements.map((statement) => policyStatement(statement, configuration.FunctionArn));
  return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement }) };
});
