import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lambda/rotation/error-code.ts';
import { RotationError } from '../../../lambda/rotation/rotation-error.ts';

const named = (name: string) => Object.assign(new Error('x'), { name });
const coded = (code: unknown, cause?: unknown) => Object.assign(new Error('x', { cause }), { code });

const kinds = Object.entries({
  PRIVILEGE: [
    ...['AccessDenied', 'AccessDeniedException', 'DecryptionFailure', 'EncryptionFailure'],
    'UnrecognizedClientException',
  ],
  THROTTLED: [
    ...['Throttling', 'ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'],
    'LimitExceededException',
  ],
  SERVICE: [
    ...['InternalServiceError', 'InternalServiceErrorException', 'ServiceUnavailable', 'ServiceUnavailableException'],
    ...['ResourceExistsException', 'InvalidRequestException', 'InvalidParameterException'],
  ],
  CONFIGURATION: ['ResourceNotFoundException', 'ValidationException', 'CredentialsProviderError'],
  TLS: [
    ...['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'ERR_SSL_WRONG_VERSION_NUMBER', 'EPROTO'],
    ...['DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    'HOSTNAME_MISMATCH',
  ],
  NETWORK: [
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'ETIMEDOUT'],
    ...['TimeoutError', 'UND_ERR_SOCKET'],
  ],
  TIMEOUT: ['AbortError', 'ABORT_ERR'],
}).flatMap(([code, names]) => names.map((name) => [code, name]));

describe('errorCode', () => {
  it.each(kinds)('is %s for what AWS and Node call %s', (code, name) => {
    expect(errorCode(named(name))).toBe(code);
    expect(errorCode(coded(name))).toBe(code);
    expect(errorCode(named(`Other${name}`))).toBe('INTERNAL');
  });

  it.each([
    ['POLICY', new RotationError('POLICY', 'x')],
    ['INTERNAL', named('TypeError')],
    ['INTERNAL', named('AccessDeniedExceptionally')],
    ['INTERNAL', coded(42)],
    ['INTERNAL', 'a string'],
    ['INTERNAL', undefined],
  ])('is %s for %s', (code, error) => expect(errorCode(error)).toBe(code));

  it('looks for it in the causes, nearest first', () => {
    expect(errorCode(new TypeError('fetch failed', { cause: coded('ECONNRESET') }))).toBe('NETWORK');
    expect(errorCode(new Error('x', { cause: coded('UNKNOWN', coded('EPROTO')) }))).toBe('TLS');
    expect(errorCode(coded('ECONNRESET', coded('EPROTO')))).toBe('NETWORK');
    expect(errorCode(new Error('x', { cause: new RotationError('POLICY', 'x') }))).toBe('POLICY');
    expect(errorCode(new AggregateError([new Error('x'), coded('EHOSTUNREACH')]))).toBe('NETWORK');
  });

  it('ends if the causes form a ring', () => {
    const ring = new Error('x');
    ring.cause = new Error('y', { cause: ring });
    expect(errorCode(ring)).toBe('INTERNAL');
  });
});
