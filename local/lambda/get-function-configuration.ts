import * as v from 'valibot';
import { action } from './action.ts';
import { describedFunction } from './described-function.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName, Qualifier } from './fields.ts';

/**
 * A function's configuration.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionConfiguration.html
 */
export const getFunctionConfiguration = action(
  v.strictObject({ FunctionName, Qualifier }),
  ({ FunctionName }, account) => describedFunction(existingFunction(FunctionName, account).configuration),
);
