import { randomUUID, X509Certificate } from 'node:crypto';
import type { AssertionOptions } from '../../rules/oauth-token.ts';
import { signingKey, signJwt } from '../issuers/sign-jwt.ts';
import { RotationError } from '../rotation/index.ts';
import type { OauthClient } from './client-authentication.ts';

/** An assertion is used at once. */
const ASSERTION_SECONDS = 60;

/**
 * What a client signs to prove who it is.
 * @throws SECRET_VALUE for a private key, or a certificate, that is none
 * @see https://www.rfc-editor.org/rfc/rfc7523#section-3
 */
export function clientAssertion(
  { client_id, private_key = '', kid, certificate }: OauthClient,
  { audience, algorithm, keyId = kid, thumbprint }: AssertionOptions & { readonly audience: string },
): string {
  const key = signingKey(private_key, algorithm);
  if (key === undefined) {
    const expected = algorithm === undefined ? 'RSA, EC or Ed25519' : `of a kind that signs with ${algorithm}`;
    throw new RotationError(
      'SECRET_VALUE',
      `private_key of the client is not a key to sign with. Expected PEM (PKCS #8), ${expected}.`,
    );
  }
  const iat = Math.floor(Date.now() / 1_000);
  const header = {
    ...(keyId !== undefined && { kid: keyId }),
    typ: 'JWT',
    ...thumbprintHeader(thumbprint ?? (certificate && fingerprintOf(certificate))),
  };
  const claims = {
    iss: client_id,
    sub: client_id,
    aud: audience,
    iat,
    exp: iat + ASSERTION_SECONDS,
    jti: randomUUID(),
  };
  return signJwt(header, claims, key);
}

function fingerprintOf(certificate: string): string {
  try {
    return new X509Certificate(certificate).fingerprint256;
  } catch {
    throw new RotationError('SECRET_VALUE', 'certificate of the client is not a certificate. Expected PEM.');
  }
}

/** @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1.8 */
function thumbprintHeader(thumbprint: string | undefined): Record<string, string> {
  if (thumbprint === undefined) return {};
  const digits = thumbprint.replaceAll(':', '');
  const isHex = /^([\da-f]{40}|[\da-f]{64})$/i.test(digits);
  const bytes = Buffer.from(isHex ? digits : thumbprint, isHex ? 'hex' : 'base64url');
  return { [bytes.length === 20 ? 'x5t' : 'x5t#S256']: bytes.toString('base64url') };
}
