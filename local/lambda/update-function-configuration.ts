import * as v from 'valibot';
import { action } from './action.ts';
import { configured } from './configured.ts';
import { FunctionName, SETTINGS } from './fields.ts';
import { describedFunction, existingFunction } from './functions.ts';

/**
 * Changes a function's settings. The next invocation has the new ones. An event in progress finishes with the old ones.
 *
 * @throws ResourceNotFoundException no such function.
 * @throws InvalidParameterValueException the new settings cannot be used.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html
 */
export const updateFunctionConfiguration = action(
  v.strictObject({ ...SETTINGS, FunctionName }),
  ({ FunctionName, ...settings }, account) => {
    const updated = existingFunction(FunctionName, account);
    updated.update(configured(updated.configuration, settings, account));
    return describedFunction(updated.configuration);
  },
);
