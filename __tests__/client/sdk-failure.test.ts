import { describe, expect, it } from 'vitest';
import { sdkFailure } from '../../client/sdk-failure.ts';

interface Found {
  readonly status?: number;
  readonly code?: unknown;
  readonly message?: string;
}

const failureOf = (name: string, { status, code, message = 'as AWS says it.' }: Found = {}) =>
  sdkFailure(
    Object.assign(new Error(message), { name, code, $metadata: { httpStatusCode: status, requestId: 'r-1' } }),
    'AWSCURRENT of db',
  );

describe('An error of the AWS SDK', () => {
  it.each([
    ['AccessDeniedException', 400, 'ACCESS_DENIED'],
    ['DecryptionFailure', 400, 'ACCESS_DENIED'],
    ['IncompleteSignature', 400, 'ACCESS_DENIED'],
    ['InvalidClientTokenId', 403, 'ACCESS_DENIED'],
    ['MissingAuthenticationToken', 403, 'ACCESS_DENIED'],
    ['NotAuthorized', 400, 'ACCESS_DENIED'],
    ['OptInRequired', 403, 'ACCESS_DENIED'],
    ['UnrecognizedClientException', 400, 'ACCESS_DENIED'],
    ['ExpiredTokenException', 400, 'CREDENTIALS'],
    ['RequestExpired', 400, 'CREDENTIALS'],
    ['InvalidSignatureException', 400, 'CREDENTIALS'],
    ['RequestTimeTooSkewed', 403, 'CREDENTIALS'],
    ['InvalidIdentityTokenException', 400, 'CREDENTIALS'],
    ['IDPCommunicationErrorException', 400, 'CREDENTIALS'],
    ['CredentialsProviderError', undefined, 'CREDENTIALS'],
    ['ThrottlingException', 400, 'THROTTLED'],
    ['TooManyRequestsException', 429, 'THROTTLED'],
    ['TooManyRequestsException', 400, 'THROTTLED'],
    ['RequestLimitExceeded', 400, 'THROTTLED'],
    ['SlowDown', 503, 'THROTTLED'],
    ['UnknownError', 429, 'THROTTLED'],
    ['InternalServiceError', 500, 'SERVICE'],
    ['ResourceNotFoundException', 400, 'NOT_FOUND'],
    ['InvalidRequestException', 400, 'NOT_FOUND'],
    ['InvalidParameterException', 400, 'REQUEST'],
    ['SyntaxError', 200, 'NETWORK'],
  ])('%s with the status %s is %s', (name, status, code) => {
    expect(failureOf(name, { status }).code).toBe(code);
  });

  it.each([
    ['TimeoutError', undefined, 'TIMEOUT'],
    ['TimeoutError', 'ETIMEDOUT', 'TIMEOUT'],
    ['TimeoutError', 'ECONNRESET', 'NETWORK'],
    ['Error', 'ECONNREFUSED', 'NETWORK'],
  ])('%s with the code %s is %s', (name, code, expected) => {
    expect(failureOf(name, { code }).code).toBe(expected);
  });

  it("has AWS's own words if AWS sent them, and what to do", () => {
    expect(failureOf('AccessDeniedException', { status: 400, message: 'No policy allows it.' }).message).toBe(
      'AWSCURRENT of db cannot be read: AccessDeniedException: No policy allows it (request r-1). Allow ' +
        'secretsmanager:GetSecretValue for this label, and kms:Decrypt if it has its own key; check the region.',
    );
    expect(failureOf('CredentialsProviderError', { message: 'Could not load credentials' }).message).toBe(
      'AWSCURRENT of db cannot be read: CredentialsProviderError: Could not load credentials (request r-1). Check the ' +
        "application's own AWS credentials, and its clock.",
    );
    expect(failureOf('InternalServiceError', { status: 500, message: 'Try again' }).message).toBe(
      'AWSCURRENT of db cannot be read: InternalServiceError: Try again (request r-1).',
    );
  });

  it('quotes neither the message of a parser nor a thrown value that is not an Error', () => {
    expect(failureOf('SyntaxError', { status: 200, message: 'Unexpected token: hunter2' }).message).toBe(
      'AWSCURRENT of db cannot be read: SyntaxError (request r-1).',
    );
    expect(failureOf('Error', { code: 'ECONNREFUSED' }).message).toContain('cannot be read: Error ECONNREFUSED (');
    for (const thrown of ['hunter2', undefined, null]) {
      expect(sdkFailure(thrown, 'AWSCURRENT of db')).toMatchObject({
        code: 'NETWORK',
        message: 'AWSCURRENT of db cannot be read: Error.',
      });
    }
  });

  it('is a mistake of the application if the client has no region', () => {
    expect(sdkFailure(new Error('Region is missing'), 'AWSCURRENT of db')).toMatchObject({
      code: 'CONFIGURATION',
      message: 'AWSCURRENT of db cannot be read: Region is missing. Set AWS_REGION, or give the client a region.',
    });
  });
});
