import * as v from 'valibot';
import { action } from './action.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName } from './fields.ts';

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
