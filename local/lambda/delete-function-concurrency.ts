import * as v from 'valibot';
import { action } from './action.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName } from './fields.ts';

/**
 * Keeps no executions for a function any more.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunctionConcurrency.html
 */
export const deleteFunctionConcurrency = action(v.strictObject({ FunctionName }), ({ FunctionName }, account): void => {
  existingFunction(FunctionName, account).reservedConcurrency = undefined;
});
