import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CompactSign, exportJWK, generateKeyPair, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { proveSignature } from '../../../lambda/oauth-token/prove-signature.ts';
import { readJwt } from '../../../lambda/oauth-token/read-jwt.ts';

const CLAIMS = { sub: 'my-app', exp: 1_800_000_000 };
let keys: unknown;
const server = createServer((_request, response) => response.end(JSON.stringify({ keys })));
let url: string;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
});
afterAll(() => server.close());

/** A token, and the public key that proves it. */
async function signed(alg: string, header: object = { kid: 'key-1' }): Promise<{ token: string; jwk: JWK }> {
  const { privateKey, publicKey } = await generateKeyPair(alg);
  const text = new TextEncoder().encode(JSON.stringify(CLAIMS));
  const token = await new CompactSign(text).setProtectedHeader({ alg, ...header }).sign(privateKey);
  return { token, jwk: { ...(await exportJWK(publicKey)), kid: 'key-1' } };
}

/** Why these keys do not prove the token, or undefined where they do. */
async function refusal(token: string, published: unknown): Promise<string | undefined> {
  keys = published;
  const jwt = readJwt(token) ?? expect.fail('This is no JWT.');
  return proveSignature(token, jwt, url, { signal: new AbortController().signal }).then(
    () => undefined,
    ({ code, message }) => `${code} ${message}`,
  );
}

describe('A signature', () => {
  it.each(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'])(
    'with %s is verified, unless one bit is changed or the key is a different one with the same id',
    async (alg) => {
      const { token, jwk } = await signed(alg);
      expect(await refusal(token, [jwk])).toBeUndefined();
      const at = token.length - 10;
      const changed = token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
      expect(await refusal(changed, [jwk])).toMatch(/^POLICY .*not that of the key "key-1"/);
      expect(await refusal(token, [(await signed(alg)).jwk])).toMatch(/^POLICY /);
    },
  );

  it('waits for a key that does not exist yet: one with another id, or of another kind', async () => {
    const { token, jwk } = await signed('ES256');
    for (const published of [[], [{ ...jwk, kid: 'key-2' }], [(await signed('RS256')).jwk]]) {
      expect(await refusal(token, published)).toMatch(/^SERVICE .*has no key "key-1" for ES256/);
    }
  });

  it('without a key id is verified by whichever key made it', async () => {
    const { token, jwk } = await signed('EdDSA', {});
    const others = [(await signed('EdDSA')).jwk, (await signed('ES256')).jwk];
    expect(await refusal(token, [...others, jwk])).toBeUndefined();
    expect(await refusal(token, [...others, { ...others[0], kid: 'key-2' }])).toMatch(/^POLICY /);
  });

  it.each(['none', 'HS256'])('by %s proves nothing', async (alg) => {
    const { token, jwk } = await signed('ES256');
    const header = Buffer.from(JSON.stringify({ alg, kid: 'key-1' })).toString('base64url');
    const forged = token.replace(/^[^.]*/, header);
    expect(await refusal(forged, [jwk])).toMatch(
      new RegExp(`^POLICY .*signed with "${alg}", which no public key can prove`),
    );
  });

  it('is not verified by a malformed or short key', async () => {
    const { token } = await signed('RS256');
    const short = await exportJWK(
      (await import('node:crypto')).generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey,
    );
    for (const jwk of [
      { kty: 'RSA', kid: 'key-1' },
      { ...short, kid: 'key-1' },
    ]) {
      expect(await refusal(token, [jwk])).toMatch(
        /^CONFIGURATION The key "key-1" at .* cannot prove a token that is signed with RS256/,
      );
    }
  });

  it.each([[undefined], ['none'], [[null]]])('needs a key set: %j', async (published) => {
    const { token } = await signed('ES256');
    expect(await refusal(token, published)).toMatch(/^(SERVICE|CONFIGURATION) /);
  });
});

describe('A token that is not a JWT,', () => {
  it.each(['opaque', 'a.b', 'a.b.c', 'e30.e30.a.b.c', ''])('such as "%s", is recognized', (token) => {
    expect(readJwt(token)).toBeUndefined();
  });
});
