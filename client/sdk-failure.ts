import { SecretReadError, type SecretReadErrorCode } from './secret-read-error.ts';

/** What of an error of the AWS SDK is looked at; never its response. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

const DENIED =
  /^(AccessDenied|Decryption|IncompleteSignature|InvalidClientToken|MissingAuth|NotAuthorized|OptIn|UnrecognizedClient)/;
/** The caller's own credentials have lapsed, or its clock is wrong: its next credentials will do. */
const LAPSED =
  /^(ExpiredToken|RequestExpired|InvalidSignature|RequestTimeTooSkewed|InvalidIdentityToken|IDP)|Credentials?Provider/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/;

/** The SDK's words for a client that does not know where to ask. */
const NO_REGION = 'Region is missing';

const REMEDY: Partial<Record<SecretReadErrorCode, string>> = {
  ACCESS_DENIED:
    ' Allow secretsmanager:GetSecretValue for this label, and kms:Decrypt if it has its own key; check the region.',
  CREDENTIALS: " Check the application's own AWS credentials, and its clock.",
  CONFIGURATION: ' Set AWS_REGION, or give the client a region.',
  NOT_FOUND: ' Check its name, region and label; the first rotation may still be running.',
};

/** What an AWS SDK threw as one of this world's errors, said in words that cannot hold a value. */
export function sdkFailure(error: unknown, what: string): SecretReadError {
  if (error instanceof SecretReadError) return error;
  // Not by its class: Jest gives each test file errors of its own.
  const { name = 'Error', message = '', code, $metadata = {} } = Object(error) as SdkError;
  const { httpStatusCode: status = 0, requestId } = $metadata;
  const kind = codeOf(name, message, code, status);
  // AWS's own message where AWS sent one; of anything else the name alone, since a parser's message quotes the response.
  let reason = typeof code === 'string' ? `${name} ${code}` : name;
  if (status >= 400 || kind === 'CREDENTIALS') reason = `${name}: ${message.replace(/\.$/, '')}`;
  if (kind === 'CONFIGURATION') reason = NO_REGION;
  if (requestId) reason += ` (request ${requestId})`;
  return new SecretReadError(kind, `${what} cannot be read: ${reason}.${REMEDY[kind] ?? ''}`);
}

function codeOf(name: string, message: string, code: unknown, status: number): SecretReadErrorCode {
  if (message === NO_REGION) return 'CONFIGURATION';
  if (LAPSED.test(name)) return 'CREDENTIALS';
  if (THROTTLED.test(name) || status === 429) return 'THROTTLED';
  // The SDK calls a connection that was reset a timeout, too.
  if (/Timeout/.test(name)) return code === undefined || code === 'ETIMEDOUT' ? 'TIMEOUT' : 'NETWORK';
  // A response of 200 that cannot be read was broken on its way.
  if (status < 400) return 'NETWORK';
  if (status >= 500) return 'SERVICE';
  if (DENIED.test(name)) return 'ACCESS_DENIED';
  // A secret marked for deletion answers InvalidRequestException.
  return /^(ResourceNotFound|InvalidRequest)/.test(name) ? 'NOT_FOUND' : 'REQUEST';
}
