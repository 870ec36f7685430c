import * as v from 'valibot';
import { AwsError } from '../aws-error.ts';
import { action } from './action.ts';
import { FunctionName } from './fields.ts';
import { existingFunction } from './functions.ts';
import { policyStatement } from './policy-statement.ts';

/**
 * Lets a service or account invoke the function, if the source matches.
 *
 * @throws ResourceNotFoundException no such function.
 * @throws ResourceConflictException it has a statement with that id.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
export const addPermission = action(
  v.strictObject({
    FunctionName,
    StatementId: v.pipe(v.string(), v.regex(/^[\w-]+$/), v.maxLength(100)),
    Action: v.string(),
    Principal: v.string(),
    SourceArn: v.optional(v.string()),
    SourceAccount: v.optional(v.pipe(v.string(), v.regex(/^\d{12}$/))),
  }),
  ({ FunctionName, ...statement }, account) => {
    const { configuration, statements } = existingFunction(FunctionName, account);
    if (statements.some(({ StatementId }) => StatementId === statement.StatementId)) {
      throw new AwsError(
        'ResourceConflictException',
        `The statement id (${statement.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
        409,
      );
    }
    statements.push(statement);
    return { Statement: JSON.stringify(policyStatement(statement, configuration.FunctionArn)) };
  },
);
