import { constants, createPublicKey, type JsonWebKey, type KeyObject, sign, verify } from 'node:crypto';

/** A JWT's two readable parts. What they say is not proved. */
export interface Jwt {
  readonly header: { readonly alg?: string; readonly kid?: string };
  readonly claims: Readonly<Record<string, unknown>>;
}

interface Algorithm {
  readonly kty: string;
  readonly hash: string | null;
  readonly pss?: boolean;
}

/** A public-key algorithm, or undefined: who can prove a token with a shared secret could have made it. */
export function publicKeyAlgorithm(alg = ''): Algorithm | undefined {
  if (alg === 'EdDSA') return { kty: 'OKP', hash: null };
  const [, family, bits] = /^(RS|PS|ES)(256|384|512)$/.exec(alg) ?? [];
  return bits === undefined
    ? undefined
    : { kty: family === 'ES' ? 'EC' : 'RSA', hash: `sha${bits}`, pss: family === 'PS' };
}

/** A token's parts where it is a signed JWT, else undefined. */
export function decodeJwt(token: string): Jwt | undefined {
  const [header, claims, signature, ...rest] = token.split('.');
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) return undefined;
  try {
    return { header: Object(JSON.parse(decode(header))), claims: Object(JSON.parse(decode(claims))) };
  } catch {
    return undefined; // The parser's message quotes the token.
  }
}

/** Whether one of the keys made the JWT's signature. @returns undefined where none of them is the one that it names */
export function isSignedByOneOf(token: string, { alg, kid }: Jwt['header'], keys: readonly JsonWebKey[]) {
  const algorithm = publicKeyAlgorithm(alg);
  const fit = keys.filter((key) => key.kty === algorithm?.kty && (kid === undefined || key.kid === kid));
  if (algorithm === undefined || fit.length === 0) return undefined;
  const dot = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(dot + 1), 'base64url');
  return fit.some((jwk) => {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return verify(algorithm.hash, Buffer.from(token.slice(0, dot)), inTheFormOf(algorithm, key), signature);
  });
}

/** A signed JWT; the key decides the algorithm. @throws Error for a key that no algorithm takes */
export function signJwt(kid: string, claims: object, key: KeyObject): string {
  const alg = algorithmOf(key);
  const text = [{ alg, kid, typ: 'JWT' }, claims].map((part) => encode(JSON.stringify(part))).join('.');
  const algorithm = publicKeyAlgorithm(alg);
  if (algorithm === undefined) throw new Error('Not a key to sign with.');
  return `${text}.${sign(algorithm.hash, Buffer.from(text), inTheFormOf(algorithm, key)).toString('base64url')}`;
}

function inTheFormOf({ pss }: Algorithm, key: KeyObject) {
  const { RSA_PKCS1_PSS_PADDING: padding, RSA_PSS_SALTLEN_DIGEST: saltLength } = constants;
  return { key, dsaEncoding: 'ieee-p1363' as const, ...(pss && { padding, saltLength }) };
}

function algorithmOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string {
  const curves: Readonly<Record<string, string>> = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' };
  const types: Readonly<Record<string, string | undefined>> = {
    rsa: 'RS256',
    'rsa-pss': 'PS256',
    ec: curves[asymmetricKeyDetails?.namedCurve ?? ''],
    ed25519: 'EdDSA',
  };
  return types[asymmetricKeyType ?? ''] ?? '';
}

const decode = (part: string) => Buffer.from(part, 'base64url').toString();
const encode = (text: string) => Buffer.from(text).toString('base64url');
