import { causesOf } from './causes-of.ts';
import { RotationError, type RotationErrorCode } from './rotation-error.ts';

/** Names of AWS's errors, and codes of Node's, by what they mean for a rotation. */
const KINDS: readonly (readonly [RotationErrorCode, RegExp])[] = [
  ['PRIVILEGE', /^(AccessDenied(Exception)?|DecryptionFailure|EncryptionFailure|UnrecognizedClientException)$/],
  ['THROTTLED', /^(Throttling(Exception)?|TooManyRequestsException|RequestLimitExceeded|LimitExceededException)$/],
  ['SERVICE', /^(InternalServiceError|InternalServiceErrorException|ServiceUnavailable.*|ResourceExistsException)$/],
  ['SERVICE', /^(InvalidRequestException|InvalidParameterException)$/],
  ['CONFIGURATION', /^(ResourceNotFoundException|ValidationException|CredentialsProviderError)$/],
  ['TLS', /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/],
  ['NETWORK', /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|EPIPE|ETIMEDOUT|TimeoutError|UND_ERR)/],
  ['TIMEOUT', /^(AbortError|ABORT_ERR)$/],
];

/** The kind of a caught error: its own where it has one, else by the names that AWS and Node give to theirs. */
export function errorCode(caught: unknown): RotationErrorCode {
  for (const error of causesOf(caught)) {
    if (error instanceof RotationError) return error.code;
    if (!(error instanceof Error)) continue;
    const names = [(error as { code?: unknown }).code, error.name];
    const [code] = KINDS.find(([, pattern]) => names.some((name) => pattern.test(String(name)))) ?? [];
    if (code !== undefined) return code;
  }
  return 'INTERNAL';
}
