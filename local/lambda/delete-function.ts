import * as v from 'valibot';
import { action } from './action.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName } from './fields.ts';

/**
 * Deletes a function with its resource policy, and ends its processes.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html
 */
export const deleteFunction = action(v.strictObject({ FunctionName }), ({ FunctionName }, account): void => {
  account.functions.remove(existingFunction(FunctionName, account));
});
