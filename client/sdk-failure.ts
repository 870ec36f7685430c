import { SecretReadError, type SecretReadErrorCode } from './secret-read-error.ts';

/** What of an error of the AWS SDK is looked at; never its response. */
interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
}

const DENIED =
  /^(AccessDenied|DecryptionFailure|IncompleteSignature|InvalidClientTokenId|MissingAuthenticationToken|NotAuthorized|OptInRequired|UnrecognizedClient)/;
/** The caller's own credentials have lapsed, or its clock is wrong: its next credentials will do. */
const LAPSED = /^(ExpiredToken|RequestExpired|InvalidSignature|RequestTimeTooSkewed)|Credentials?Provider/;
const THROTTLED = /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/;

/** The SDK's words for a client that does not know where to ask. */
const NO_REGION = 'Region is missing';

const REMEDY: Partial<Record<SecretReadErrorCode, string>> = {
  ACCESS_DENIED: 'Allow secretsmanager:GetSecretValue on it for this label, and kms:Decrypt if it has its own key.',
  CREDENTIALS: "Check the application's own AWS credentials, and its clock.",
  CONFIGURATION: 'Set AWS_REGION, or give the client a region.',
  NOT_FOUND: 'Check its name, region and label; a rotation may not have stored its first value yet.',
};

/** What an AWS SDK threw as one of this world's errors, said in words that cannot hold a value. */
export function sdkFailure(error: unknown, what: string): SecretReadError {
  if (error instanceof SecretReadError) return error;
  const found: SdkError = error instanceof Error ? error : { name: 'Error', message: '' };
  const code = codeOf(found);
  const request = found.$metadata?.requestId === undefined ? '' : ` (request ${found.$metadata.requestId})`;
  const remedy = REMEDY[code] === undefined ? '' : ` ${REMEDY[code]}`;
  return new SecretReadError(code, `${what} cannot be read: ${reason(found, code)}${request}.${remedy}`);
}

function codeOf({ name, message, code, $metadata = {} }: SdkError): SecretReadErrorCode {
  if (message === NO_REGION) return 'CONFIGURATION';
  const { httpStatusCode: status } = $metadata;
  if (LAPSED.test(name)) return 'CREDENTIALS';
  if (THROTTLED.test(name) || status === 429) return 'THROTTLED';
  // The SDK calls a connection that was reset a timeout, too.
  if (/Timeout/.test(name)) return code === undefined || code === 'ETIMEDOUT' ? 'TIMEOUT' : 'NETWORK';
  // A response of 200 that cannot be read was broken on its way.
  if (status === undefined || status < 400) return 'NETWORK';
  if (status >= 500) return 'SERVICE';
  if (DENIED.test(name)) return 'ACCESS_DENIED';
  // A secret marked for deletion answers InvalidRequestException.
  return /^(ResourceNotFound|InvalidRequest)/.test(name) ? 'NOT_FOUND' : 'REQUEST';
}

/** AWS's own message where AWS sent one; of anything else the name alone, since a parser's message quotes the response. */
function reason({ name, message, code, $metadata = {} }: SdkError, kind: SecretReadErrorCode): string {
  if (($metadata.httpStatusCode ?? 0) >= 400 || kind === 'CREDENTIALS') return `${name}: ${message.replace(/\.$/, '')}`;
  if (kind === 'CONFIGURATION') return NO_REGION;
  return typeof code === 'string' ? `${name} ${code}` : name;
}
