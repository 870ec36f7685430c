import type { RequestHead } from '../http-server.ts';

/** Who a request says that it is from: the scope of its AWS signature, version 4. The signature itself is not verified. */
export interface Signature {
  readonly accessKeyId: string;
  /** Such as `us-east-1`. */
  readonly region: string;
  /** Such as `secretsmanager`. */
  readonly service: string;
}

const AUTHORIZATION = /^AWS4-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=[^,\s]+,\s*Signature=[^,\s]+$/;

/**
 * The signature of a request, from its `Authorization` header, as AWS SDKs, the AWS CLI and Terraform send it. A web page cannot
 * send that header without asking first, and is refused then; but it can make any URL. So a signature in the query is only
 * accepted for GetCallerIdentity alone, which changes and tells nothing: no other path, and no action in a header.
 *
 * @returns undefined if there is none, or it does not look like one
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function signatureOf({ method, path, headers, query }: RequestHead): Signature | undefined {
  const [, credential] = AUTHORIZATION.exec(headers.authorization ?? '') ?? [];
  if (credential !== undefined) return scopeOf(credential);
  const isPresigned =
    method === 'GET' &&
    path === '/' &&
    headers['x-amz-target'] === undefined &&
    query.Action === 'GetCallerIdentity' &&
    query['X-Amz-Algorithm'] === 'AWS4-HMAC-SHA256' &&
    typeof query['X-Amz-Signature'] === 'string';
  const { 'X-Amz-Credential': inQuery } = query;
  return isPresigned && typeof inQuery === 'string' ? scopeOf(inQuery) : undefined;
}

function scopeOf(credential: string): Signature | undefined {
  // An access key id has no slash in AWS, but may have one here.
  const parts = /^(.+)\/\d{8}\/([\w-]+)\/([\w-]+)\/aws4_request$/.exec(credential);
  const [, accessKeyId, region, service] = parts ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined;
  return { accessKeyId, region, service };
}
