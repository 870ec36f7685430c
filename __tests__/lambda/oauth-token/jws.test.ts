import { createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto';
import { CompactSign, compactVerify, exportJWK, exportPKCS8, generateKeyPair } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeJwt, isSignedByOneOf, signJwt } from '../../../lambda/oauth-token/jws.ts';

const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];
const CLAIMS = { sub: 'my-app', exp: 1_800_000_000 };

/** A token as jose makes it, and its public key. */
async function joseToken(alg: string, kid?: string) {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const text = new TextEncoder().encode(JSON.stringify(CLAIMS));
  const token = await new CompactSign(text)
    .setProtectedHeader({ alg, ...(kid !== undefined && { kid }) })
    .sign(privateKey);
  return {
    token,
    jwk: { ...((await exportJWK(publicKey)) as JsonWebKey), kid: 'key-1' },
    pem: await exportPKCS8(privateKey),
  };
}

describe('a JWT of jose', () => {
  it.each(ALGORITHMS)('with %s is read and proved, and not where a bit of it is changed', async (alg) => {
    const { token, jwk } = await joseToken(alg, 'key-1');
    const jwt = decodeJwt(token);
    expect(jwt).toEqual({ header: { alg, kid: 'key-1' }, claims: CLAIMS });
    if (jwt === undefined) return;
    const other = (await joseToken(alg)).jwk;
    expect(isSignedByOneOf(token, jwt.header, [other, jwk])).toBe(true);
    expect(isSignedByOneOf(token, jwt.header, [other])).toBe(false);
    const at = token.length - 10;
    const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    expect(isSignedByOneOf(changed, jwt.header, [jwk])).toBe(false);
  });

  it('is not proved by a key of another id, or of another kind', async () => {
    const { token, jwk } = await joseToken('ES256', 'key-1');
    const elliptic = { alg: 'ES256', kid: 'key-1' };
    expect(isSignedByOneOf(token, elliptic, [{ ...jwk, kid: 'key-2' }])).toBeUndefined();
    expect(isSignedByOneOf(token, elliptic, [(await joseToken('RS256')).jwk])).toBeUndefined();
    expect(isSignedByOneOf(token, { ...elliptic, alg: 'none' }, [jwk])).toBeUndefined();
    expect(isSignedByOneOf(token, { ...elliptic, alg: 'HS256' }, [jwk])).toBeUndefined();
  });

  it('without a key id is proved by any key that made it', async () => {
    const { token, jwk } = await joseToken('EdDSA');
    expect(isSignedByOneOf(token, { alg: 'EdDSA' }, [(await joseToken('EdDSA')).jwk, jwk])).toBe(true);
  });
});

describe('a JWT that we sign', () => {
  it.each(['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'])('is taken by jose with %s', async (alg) => {
    const { pem } = await joseToken(alg);
    const key = createPrivateKey(pem);
    const token = signJwt('key-1', CLAIMS, key);
    const { payload, protectedHeader } = await compactVerify(token, createPublicKey(key));
    expect(protectedHeader).toEqual({ alg, kid: 'key-1', typ: 'JWT' });
    expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(CLAIMS);
  });
});

describe('a token that is no JWT', () => {
  it.each(['opaque', 'a.b', 'a.b.c', 'e30.e30.a.b.c', ''])('such as "%s" is told apart', (token) => {
    expect(decodeJwt(token)).toBeUndefined();
  });
});
