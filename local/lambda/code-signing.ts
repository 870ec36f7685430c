import * as v from 'valibot';
import { action } from './action.ts';
import { FunctionName } from './fields.ts';
import { existingFunction } from './functions.ts';

/**
 * Which code signing configuration a function has, if any.
 *
 * @throws ResourceNotFoundException no such function.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_GetFunctionCodeSigningConfig.html
 */
export const getFunctionCodeSigningConfig = action(v.strictObject({ FunctionName }), ({ FunctionName }, account) => {
  const { configuration, codeSigningConfigArn } = existingFunction(FunctionName, account);
  return { FunctionName: configuration.FunctionName, CodeSigningConfigArn: codeSigningConfigArn };
});
