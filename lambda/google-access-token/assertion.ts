import { signingKey, signJwt } from '../issuers/sign-jwt.ts';
import { RotationError } from '../rotation/index.ts';
import type { ServiceAccountKey } from './service-account-key.ts';

/**
 * A JWT signed with the service account's key (RS256). The order of the members is that of google-auth-library, so that both
 * make the same bytes.
 * @throws AUTHENTICATION where the key is not an RSA key in PEM
 */
export function signedJwt(
  header: Readonly<Record<string, string>>,
  claims: Readonly<Record<string, unknown>>,
  { private_key, private_key_id }: ServiceAccountKey,
): string {
  const key = signingKey(private_key);
  if (key?.alg === 'RS256') return signJwt(header, claims, key);
  throw new RotationError(
    'AUTHENTICATION',
    `The private_key of the service account's key ${private_key_id} is not an RSA key in PEM. Store the JSON file as Google made it.`,
  );
}

/**
 * What a service account asks an access token with: an hour at most, for itself or for a user of its Workspace.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#authorizingrequests
 */
export function assertionClaims(
  { account, scopes, subject }: { account: string; scopes: readonly string[]; subject?: string | undefined },
  issuedAtSeconds: number,
): Readonly<Record<string, unknown>> {
  const aud = 'https://oauth2.googleapis.com/token';
  const exp = issuedAtSeconds + 3_600;
  return { iss: account, scope: scopes.join(' '), aud, exp, iat: issuedAtSeconds, ...(subject && { sub: subject }) };
}

/**
 * A bearer that a service account makes itself, for one of Google's APIs.
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#jwt-auth
 */
export function selfSignedBearer(key: ServiceAccountKey, audience: string, issuedAtSeconds: number): string {
  const { client_email: account, private_key_id: kid } = key;
  const claims = { iss: account, sub: account, aud: audience, exp: issuedAtSeconds + 3_600, iat: issuedAtSeconds };
  return signedJwt({ typ: 'JWT', kid }, claims, key);
}
