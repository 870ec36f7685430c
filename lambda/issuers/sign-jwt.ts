import { constants, createPrivateKey, type KeyObject, sign } from 'node:crypto';

export interface SigningKey {
  readonly key: KeyObject;
  /** What it signs with, such as `RS256`. */
  readonly alg: string;
}

/** What keys sign with, by their curve, or by their type where they have none; the first where nobody chooses. @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1 */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  rsa: ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  prime256v1: ['ES256'],
  secp384r1: ['ES384'],
  secp521r1: ['ES512'],
  ed25519: ['EdDSA'],
};

/**
 * A private key in PEM: RSA, EC or Ed25519.
 * @param algorithm what it is to sign with. @default what its kind most often does, `RS256` for RSA
 * @returns undefined for anything else, and for a key that cannot sign with the algorithm
 */
export function signingKey(pem: string, algorithm?: string): SigningKey | undefined {
  try {
    const key = createPrivateKey(pem);
    const known = ALGORITHMS[key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? ''];
    const alg = known?.find((each) => algorithm === undefined || each === algorithm);
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
  const padding = alg.startsWith('PS') && {
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: Number(alg.slice(2)) / 8,
  };
  const signature = sign(hash, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363', ...padding });
  return `${input}.${signature.toString('base64url')}`;
}
