import * as v from 'valibot';
import { action } from './action.ts';
import { FunctionName } from './fields.ts';
import { existingFunction } from './functions.ts';

/**
 * Keeps so many executions at a time for a function, and lets it have no more. Here it is only said.
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
 * Keeps no executions for a function any more.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
 */
export const deleteFunctionConcurrency = action(v.strictObject({ FunctionName }), ({ FunctionName }, account): void => {
  existingFunction(FunctionName, account).reservedConcurrency = undefined;
});
