import * as v from 'valibot';
import { action } from './action.ts';
import { describedFunction } from './described-function.ts';
import { existingFunction } from './existing-function.ts';
import { FunctionName } from './fields.ts';

/**
 * A function's versions: `$LATEST` alone, since none is published here.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html
 */
export const listVersionsByFunction = action(
  v.strictObject({ FunctionName, MaxItems: v.optional(v.string()) }),
  ({ FunctionName }, account) => {
    const { configuration } = existingFunction(FunctionName, account);
    const FunctionArn = `${configuration.FunctionArn}:$LATEST`;
    return { Versions: [{ ...describedFunction(configuration), FunctionArn }] };
  },
);
