import type { Action } from '../action.ts';
import { AwsError } from '../aws-error.ts';
import { addPermission } from './add-permission.ts';
import { getFunctionCodeSigningConfig } from './code-signing.ts';
import { deleteFunctionConcurrency, putFunctionConcurrency } from './concurrency.ts';
import { type CreateFunctionInput, createFunction } from './create-function.ts';
import {
  deleteFunction,
  describedFunction,
  getFunction,
  getFunctionConfiguration,
  listVersionsByFunction,
} from './functions.ts';
import { getPolicy } from './get-policy.ts';
import { invoke } from './invoke.ts';
import { removePermission } from './remove-permission.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

/** Before anything else: such a function has neither a handler nor a runtime. @throws InvalidParameterValueException */
function refuseImage({ PackageType }: { readonly PackageType?: string | undefined }): void {
  if (PackageType === undefined || PackageType === 'Zip') return;
  throw new AwsError(
    'InvalidParameterValueException',
    `The package type ${PackageType} cannot run here: the local Lambda has no containers, and runs Node.js functions from zip archives. ` +
      'Give the function an archive and a nodejs runtime, or deploy it to AWS.',
  );
}

/** In a request, a new function's archive is in an object of its own. */
const createFunctionOnTheWire: Action<CreateFunctionInput & { readonly Code?: object }, unknown> = (
  { Code, ...input },
  account,
  requester,
) => {
  refuseImage(input);
  return describedFunction(createFunction({ ...input, ...Code }, account, requester));
};

/** Every action of the API that works here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['AddPermission', addPermission],
  ['CreateFunction', createFunctionOnTheWire],
  ['DeleteFunction', deleteFunction],
  ['DeleteFunctionConcurrency', deleteFunctionConcurrency],
  ['GetFunction', getFunction],
  ['GetFunctionCodeSigningConfig', getFunctionCodeSigningConfig],
  ['GetFunctionConfiguration', getFunctionConfiguration],
  ['GetPolicy', getPolicy],
  ['Invoke', invoke],
  ['ListTags', listTags],
  ['ListVersionsByFunction', listVersionsByFunction],
  ['PutFunctionConcurrency', putFunctionConcurrency],
  ['RemovePermission', removePermission],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateFunctionCode', updateFunctionCode],
  ['UpdateFunctionConfiguration', updateFunctionConfiguration],
]);
