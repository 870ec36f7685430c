import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { oauthError, type Service } from './answer.ts';
import type { AwsIdentity, GoogleState } from './google-state.ts';

const VALID_SECONDS = 900;

interface SignedRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: ReadonlyMap<string, string>;
}

/** `https://sts.googleapis.com/v1/token`: a federated token for a request to AWS that a role has signed. */
export const exchange: Service = ({ body }, google) => {
  const { audience, subject_token, subject_token_type, grant_type, requested_token_type } = body;
  if (
    grant_type !== 'urn:ietf:params:oauth:grant-type:token-exchange' ||
    requested_token_type !== 'urn:ietf:params:oauth:token-type:access_token' ||
    subject_token_type !== 'urn:ietf:params:aws:token-type:aws4_request'
  ) {
    return oauthError(400, 'invalid_request', 'Expected an access token for an aws4_request.');
  }
  const roles = google.providers.get(String(audience));
  if (roles === undefined) {
    return oauthError(400, 'invalid_target', 'The target service indicated by the "audience" parameters is invalid.');
  }
  const request = readRequest(String(subject_token));
  if (request === undefined || request.headers.get('x-goog-cloud-target-resource') !== audience) {
    return oauthError(400, 'invalid_grant', 'The x-goog-cloud-target-resource header does not match the audience.');
  }
  const caller = callerOf(request, google);
  if (caller === undefined)
    return oauthError(400, 'invalid_grant', 'Invalid AWS request: SignatureDoesNotMatch or signature expired.');
  if (!roles.has(caller.roleArn)) {
    return oauthError(400, 'unauthorized_client', 'The given credential is rejected by the attribute condition.');
  }
  const scopes = String(body.scope).split(' ');
  return [
    200,
    {
      access_token: google.issue({ principal: caller.roleArn, scopes }, 3_600),
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      token_type: 'Bearer',
      expires_in: 3_600,
    },
  ];
};

function readRequest(subjectToken: string): SignedRequest | undefined {
  try {
    const { url, method, headers } = JSON.parse(decodeURIComponent(subjectToken));
    const pairs = headers.map(({ key, value }: { key: string; value: string }) => [key.toLowerCase(), value] as const);
    return { url: new URL(url), method, headers: new Map(pairs) };
  } catch {
    return undefined;
  }
}

/** Who signed it, as GetCallerIdentity would say: Google sends the request to AWS, which checks every byte that was signed. */
function callerOf({ url, method, headers }: SignedRequest, google: GoogleState): AwsIdentity | undefined {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/sts\/aws4_request, SignedHeaders=([^,]+), Signature=(\w{64})$/;
  const [, accessKeyId = '', day = '', region = '', signedHeaders = '', signature = ''] =
    pattern.exec(headers.get('authorization') ?? '') ?? [];
  const date = headers.get('x-amz-date') ?? '';
  const identity = google.awsIdentity(accessKeyId);
  const names = signedHeaders.split(';');
  const isCallerIdentity =
    method === 'POST' &&
    url.host === `sts.${region}.amazonaws.com` &&
    url.host === headers.get('host') &&
    url.search === '?Action=GetCallerIdentity&Version=2011-06-15';
  if (identity === undefined || !isCallerIdentity || !date.startsWith(day)) return undefined;
  if (!['host', 'x-amz-date'].every((name) => names.includes(name))) return undefined;
  if (Math.abs(google.nowMs() - timeOf(date)) > VALID_SECONDS * 1_000) return undefined;
  const canonicalHeaders = names.map((name) => `${name}:${headers.get(name)}\n`).join('');
  const request = [method, url.pathname, url.search.slice(1), canonicalHeaders, signedHeaders, sha256('')].join('\n');
  const scope = [day, region, 'sts', 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(request)].join('\n');
  const start: string | Buffer = `AWS4${identity.secretAccessKey}`;
  const expected = hmac(scope.reduce(hmac, start), toSign);
  return timingSafeEqual(expected, Buffer.from(signature, 'hex')) ? identity : undefined;
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

/** Of `20260102T030405Z`. */
function timeOf(date: string): number {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
