import { describe, expect, it } from 'vitest';
import { errorCode } from '../../../lambda/rotation/error-code.ts';
import { RotationError } from '../../../lambda/rotation/rotation-error.ts';

const named = (name: string) => Object.assign(new Error('x'), { name });
const coded = (code: unknown, cause?: unknown) => Object.assign(new Error('x', { cause }), { code });

describe('errorCode', () => {
  it.each([
    ['PRIVILEGE', named('AccessDeniedException')],
    ['THROTTLED', named('ThrottlingException')],
    ['SERVICE', named('InternalServiceError')],
    ['CONFIGURATION', named('ResourceNotFoundException')],
    ['NETWORK', coded('ECONNREFUSED')],
    ['NETWORK', coded('ENOTFOUND')],
    ['NETWORK', named('TimeoutError')],
    ['TLS', coded('CERT_HAS_EXPIRED')],
    ['TLS', coded('ERR_TLS_CERT_ALTNAME_INVALID')],
    ['TLS', coded('DEPTH_ZERO_SELF_SIGNED_CERT')],
    ['TIMEOUT', named('AbortError')],
    ['POLICY', new RotationError('POLICY', 'x')],
    ['INTERNAL', named('TypeError')],
    ['INTERNAL', coded(42)],
    ['INTERNAL', 'a string'],
    ['INTERNAL', undefined],
  ])('is %s for %s', (code, error) => expect(errorCode(error)).toBe(code));

  it('looks for it in the causes, the nearest first', () => {
    expect(errorCode(new TypeError('fetch failed', { cause: coded('ECONNRESET') }))).toBe('NETWORK');
    expect(errorCode(new Error('x', { cause: coded('UNKNOWN', coded('EPROTO')) }))).toBe('TLS');
    expect(errorCode(coded('ECONNRESET', coded('EPROTO')))).toBe('NETWORK');
    expect(errorCode(new Error('x', { cause: new RotationError('POLICY', 'x') }))).toBe('POLICY');
    expect(errorCode(new AggregateError([new Error('x'), coded('EHOSTUNREACH')]))).toBe('NETWORK');
  });

  it('ends where the causes form a ring', () => {
    const ring = new Error('x');
    ring.cause = new Error('y', { cause: ring });
    expect(errorCode(ring)).toBe('INTERNAL');
  });
});
