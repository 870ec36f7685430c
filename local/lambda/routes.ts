import type { Route } from '../wire/rest-protocol.ts';

const FUNCTIONS = '/2015-03-31/functions';
const FUNCTION = `${FUNCTIONS}/{FunctionName}`;
const TAGS = '/2017-03-31/tags/{Resource}';
const CONCURRENCY = '/2017-10-31/functions/{FunctionName}/concurrency';
const CODE_SIGNING = '/2020-06-30/functions/{FunctionName}/code-signing-config';

/**
 * The two limits are Lambda's own, as its refusals name them: an archive of 50 MB in base64, and the settings of a function.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
export const routes: readonly Route[] = [
  { action: 'AddPermission', method: 'POST', path: `${FUNCTION}/policy`, statusCode: 201 },
  { action: 'CreateFunction', method: 'POST', path: FUNCTIONS, statusCode: 201, maxBodyBytes: 70_167_211 },
  { action: 'DeleteFunction', method: 'DELETE', path: FUNCTION, statusCode: 204 },
  { action: 'DeleteFunctionConcurrency', method: 'DELETE', path: CONCURRENCY, statusCode: 204 },
  { action: 'GetFunction', method: 'GET', path: FUNCTION },
  { action: 'GetFunctionCodeSigningConfig', method: 'GET', path: CODE_SIGNING },
  { action: 'GetFunctionConfiguration', method: 'GET', path: `${FUNCTION}/configuration` },
  { action: 'GetPolicy', method: 'GET', path: `${FUNCTION}/policy` },
  {
    action: 'Invoke',
    method: 'POST',
    path: `${FUNCTION}/invocations`,
    maxBodyBytes: 6_291_556,
    payload: {
      member: 'Payload',
      headers: {
        'x-amz-invocation-type': 'InvocationType',
        'x-amz-log-type': 'LogType',
        'x-amz-function-error': 'FunctionError',
        'x-amz-executed-version': 'ExecutedVersion',
      },
    },
  },
  { action: 'ListTags', method: 'GET', path: TAGS },
  { action: 'ListVersionsByFunction', method: 'GET', path: `${FUNCTION}/versions` },
  { action: 'PutFunctionConcurrency', method: 'PUT', path: CONCURRENCY },
  { action: 'RemovePermission', method: 'DELETE', path: `${FUNCTION}/policy/{StatementId}`, statusCode: 204 },
  { action: 'TagResource', method: 'POST', path: TAGS, statusCode: 204 },
  { action: 'UntagResource', method: 'DELETE', path: TAGS, statusCode: 204 },
  { action: 'UpdateFunctionCode', method: 'PUT', path: `${FUNCTION}/code`, maxBodyBytes: 69_905_067 },
  { action: 'UpdateFunctionConfiguration', method: 'PUT', path: `${FUNCTION}/configuration` },
];
