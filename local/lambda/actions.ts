import type { Action } from '../action.ts';
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
import { removePermission } from './remove-permission.ts';
import { listTags, tagResource, untagResource } from './tags.ts';
import { updateFunctionCode } from './update-function-code.ts';
import { updateFunctionConfiguration } from './update-function-configuration.ts';

/** In a request, a new function's archive is in an object of its own. */
const createFunctionOnTheWire: Action<CreateFunctionInput & { readonly Code?: object }, unknown> = (
  { Code, ...input },
  account,
  caller,
) => describedFunction(createFunction({ ...input, ...Code }, account, caller));

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
  ['ListTags', listTags],
  ['ListVersionsByFunction', listVersionsByFunction],
  ['PutFunctionConcurrency', putFunctionConcurrency],
  ['RemovePermission', removePermission],
  ['TagResource', tagResource],
  ['UntagResource', untagResource],
  ['UpdateFunctionCode', updateFunctionCode],
  ['UpdateFunctionConfiguration', updateFunctionConfiguration],
]);
