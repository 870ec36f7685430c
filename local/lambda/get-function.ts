import * as v from 'valibot';
import { action } from './action.ts';
import { describedFunction } from './described-function.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName, Qualifier } from './fields.ts';

/**
 * Tells all about a function; its archive cannot be fetched here.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
 */
export const getFunction = action(v.strictObject({ FunctionName, Qualifier }), ({ FunctionName }, account) => {
  const { configuration, tags, reservedConcurrency } = existingFunction(FunctionName, account);
  return {
    Configuration: describedFunction(configuration),
    Code: { RepositoryType: 'S3' },
    ...(tags.size > 0 && { Tags: Object.fromEntries(tags) }),
    ...(reservedConcurrency !== undefined && { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  };
});
