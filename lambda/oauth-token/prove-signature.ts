import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { JWKSMultipleMatchingKeys, JWKSNoMatchingKey, JWSSignatureVerificationFailed } from 'jose/errors';
import type { Connection } from '../issuers/connection.ts';
import { quoted } from '../issuers/words.ts';
import { RotationError } from '../rotation/index.ts';
import { askIssuer } from './ask-issuer.ts';
import type { Jwt } from './read-jwt.ts';

/** What a public key proves: who can prove a token with a shared secret could have made it. */
const PUBLIC_KEY_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
];

const OTHER_PROOFS = "Or choose how else it is proved: proof: 'introspection', 'probe' or 'claims'.";

/** Why no public key will ever prove a token, and what to do; undefined if one may. */
export function whyNoKeyProves({ header }: Jwt): string | undefined {
  const { alg = 'nothing', nonce } = header;
  if (nonce !== undefined) {
    return `The token has a nonce in its header, so only its receiver can prove it (Microsoft Graph). ${OTHER_PROOFS}`;
  }
  if (PUBLIC_KEY_ALGORITHMS.includes(alg)) return undefined;
  return (
    `The token is signed with ${quoted(alg)}, which no public key can prove. Let the API's tokens be signed with RS256 or ES256. ` +
    OTHER_PROOFS
  );
}

/**
 * Proves that one of the issuer's keys signed the token.
 * @param jwksUri asked anew each time: the key may have been rolled since the last one
 * @throws POLICY for a token that no key will ever prove; SERVICE, CONFIGURATION
 */
export async function proveSignature(token: string, jwt: Jwt, jwksUri: string, connection: Connection) {
  const reason = whyNoKeyProves(jwt);
  if (reason !== undefined) throw new RotationError('POLICY', reason);
  const { alg } = jwt.header;
  const kid = quoted(jwt.header.kid);
  const { status, body } = await askIssuer({ url: jwksUri }, connection);
  if (status !== 200 || !Array.isArray(body.keys)) {
    throw new RotationError('SERVICE', `${jwksUri} answered with ${status} but no keys: expected a JSON Web Key Set.`);
  }
  // One that is none is no reason to doubt the others.
  const keys = body.keys.filter((key) => typeof key === 'object' && key !== null);
  try {
    await verify(token, { keys });
  } catch (error) {
    if (error instanceof JWSSignatureVerificationFailed) {
      const message = `The token's signature is not that of the key ${kid} at ${jwksUri}. If only its receiver can prove it: `;
      throw new RotationError('POLICY', message + OTHER_PROOFS.replace(/^Or c/, 'c'));
    }
    if (error instanceof JWKSNoMatchingKey) {
      // A new key may be on its way there.
      const message = `${jwksUri} has no key ${kid} for ${alg}, which signed the token. Secrets Manager will try again.`;
      throw new RotationError('SERVICE', message);
    }
    throw new RotationError(
      'CONFIGURATION',
      `The key ${kid} at ${jwksUri} cannot prove a token that is signed with ${alg}. Let the API's tokens be signed with ` +
        'RS256 (2,048 bits or more) or ES256.',
      { cause: error },
    );
  }
}

/** @throws what jose throws */
async function verify(token: string, keys: JSONWebKeySet): Promise<void> {
  try {
    await compactVerify(token, createLocalJWKSet(keys));
  } catch (error) {
    // The token does not say which of several keys signed it.
    if (!(error instanceof JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const isProved = await compactVerify(token, key).then(
        () => true,
        () => false,
      );
      if (isProved) return;
    }
    throw new JWSSignatureVerificationFailed();
  }
}
