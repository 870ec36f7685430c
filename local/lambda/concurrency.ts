import * as v from 'valibot';
import { action } from './action.ts';
import { FunctionName } from './fields.ts';
import { existingFunction } from './functions.ts';

/**
 * Reserves concurrent executions for a function. With 0, every invocation is throttled. Any other number is
 * stored, and has no effect here.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
 */
export const putFunctionConcurrency = action(
  v.strictObject({ FunctionName, ReservedConcurrentExecutions: v.pipe(v.number(), v.integer(), v.minValue(0)) }),
  ({ FunctionName, ReservedConcurrentExecutions }, account) => {
    existingFunction(FunctionName, account).reservedConcurrency = ReservedConcurrentExecutions;
    return { ReservedConcurrentExecutions };
  },
);

/**
 * Removes a function's reserved concurrent executions.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
 */
export const deleteFunctionConcurrency = action(v.strictObject({ FunctionName }), ({ FunctionName }, account): void => {
  existingFunction(FunctionName, account).reservedConcurrency = undefined;
});
