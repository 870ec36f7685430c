import * as v from 'valibot';
import { action } from './action.ts';
import { Architectures, FunctionName, ZipFile } from './fields.ts';
import { describedFunction, existingFunction } from './functions.ts';
import { codeOf, unzipCode } from './unzip-code.ts';

/**
 * Replaces a function's archive. The next invocation runs the new one. An event in progress finishes with the old one.
 *
 * @throws ResourceNotFoundException no such function.
 * @throws InvalidParameterValueException the archive cannot be used.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html
 */
export const updateFunctionCode = action(
  v.strictObject({
    FunctionName,
    ZipFile,
    Architectures: v.optional(Architectures),
    Publish: v.optional(v.literal(false)),
    DryRun: v.optional(v.literal(false)),
  }),
  ({ FunctionName, ZipFile, Architectures }, account) => {
    const updated = existingFunction(FunctionName, account);
    const { configuration } = updated;
    updated.update(
      { ...configuration, ...codeOf(ZipFile), Architectures: Architectures ?? configuration.Architectures },
      unzipCode(ZipFile),
    );
    updated.archive = ZipFile;
    return describedFunction(updated.configuration);
  },
);
