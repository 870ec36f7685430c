import type { Action } from '../action.ts';
import { addPermission } from './add-permission.ts';
import { type CreateFunctionInput, createFunction } from './create-function.ts';
import { deleteFunction } from './delete-function.ts';
import { deleteFunctionConcurrency } from './delete-function-concurrency.ts';
import { describedFunction } from './described-function.ts';
import { getFunction } from './get-function.ts';
import { getFunctionCodeSigningConfig } from './get-function-code-signing-config.ts';
import { getFunctionConfiguration } from './get-function-configuration.ts';
import { getPolicy } from './get-policy.ts';
import { listTags } from './list-tags.ts';
import { listVersionsByFunction } from './list-versions-by-function.ts';
import { putFunctionConcurrency } from './put-function-concurrency.ts';
import { removePermission } from './remove-permission.ts';
import { tagResource } from './tag-resource.ts';
import { untagResource } from './untag-resource.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

/** On the wire, a new function's archive stands in an object of its own. */
const createFunctionOnTheWire: Action<CreateFunctionInput & { readonly Code?: object }, unknown> = (
  { Code, ...input },
  account,
  caller,
) => describedFunction(createFunction({ ...input, ...Code }, account, caller));

/** Every action of the API that answers here, by AWS's name for it. */
export const actions: ReadonlyMap<string, Action<never, unknown>> = new Map<string, Action<never, unknown>>([
  ['AddPermission', addPermission],
  ['CreateFunction', createFunctionOnTheWire],
  ['DeleteFunction', deleteFunction],
  ['DeleteFunctionConcurrency', deleteFunctionConcurrency],
  ['GetFunction', getFunction],
  ['GetFunctionCodeSigningConfig', getFunctionCodeSigningConfig],
  ['GetFunctionConfiguration', getFunctionConfiguration],
  ['GetPolicy', getPolicy],
  ['ListTags', listTags],
  ['ListVersionsByFunction', listVersionsByFunction],
  ['PutFunctionConcurrency', putFunctionConcurrency],
  ['RemovePermission', removePermission],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateFunctionCode', updateFunctionCode],
  ['UpdateFunctionConfiguration', updateFunctionConfiguration],
]);
