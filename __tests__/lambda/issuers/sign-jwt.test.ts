import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { signingKey, signJwt } from '../../../lambda/issuers/sign-jwt.ts';

const CLAIMS = { sub: 'my-app', exp: 4_000_000_000 };

describe('A JWT that we sign', () => {
  it.each(['RS256', 'ES256', 'ES384', 'ES512', 'EdDSA'])('is accepted by jose with %s', async (alg) => {
    const { privateKey } = await generateKeyPair(alg, { extractable: true });
    const key = signingKey(await exportPKCS8(privateKey));
    expect(key?.alg).toBe(alg);
    if (key === undefined) return;
    const token = signJwt({ typ: 'JWT', kid: 'key-1' }, CLAIMS, key);
    const { payload, protectedHeader } = await jwtVerify(token, createPublicKey(key.key));
    expect([protectedHeader, payload]).toEqual([{ alg, typ: 'JWT', kid: 'key-1' }, CLAIMS]);
  });
});

describe('A value that is not a signing key,', () => {
  const ofCurve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  it.each([
    ['text that is not PEM', 'hunter2'],
    ['a public key', ofCurve('P-256').publicKey.export({ type: 'spki', format: 'pem' })],
    ['a key on a curve that no JWT uses', ofCurve('secp256k1').privateKey.export(pem)],
    ['a key for key agreement', generateKeyPairSync('x25519').privateKey.export(pem)],
  ])('such as %s, is refused with the reason', (_what, given) => {
    expect(signingKey(String(given))).toBeUndefined();
  });
});
