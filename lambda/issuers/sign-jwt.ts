import { createPrivateKey, type KeyObject, sign } from 'node:crypto';

export interface SigningKey {
  readonly key: KeyObject;
  /** What it signs with, such as `RS256`. */
  readonly alg: string;
}

/** What keys sign with, by their curve, or by their type where they have none. @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1 */
const ALGORITHMS: Readonly<Record<string, string>> = {
  rsa: 'RS256',
  prime256v1: 'ES256',
  secp384r1: 'ES384',
  secp521r1: 'ES512',
  ed25519: 'EdDSA',
};

/** A private key in PEM, RSA, EC or Ed25519. @returns undefined for anything else */
export function signingKey(pem: string): SigningKey | undefined {
  try {
    const key = createPrivateKey(pem);
    const alg = ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? ''];
    return alg === undefined ? undefined : { key, alg };
  } catch {
    return undefined; // OpenSSL's own message helps nobody.
  }
}

/**
 * A signed JWT, its members in the order that is given, behind `alg`.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function signJwt(
  header: Readonly<Record<string, string>>,
  claims: Readonly<Record<string, unknown>>,
  { key, alg }: SigningKey,
): string {
  const parts = [{ alg, ...header }, claims];
  const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const hash = alg === 'EdDSA' ? undefined : `sha${alg.slice(2)}`;
  return `${input}.${sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
