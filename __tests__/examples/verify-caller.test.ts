import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { type CallerVerifierOptions, callerVerifier } from '../../examples/service-token/verify-caller.ts';

const issuer = 'https://login.example.com/';
const audience = 'https://orders.example.com';
const [rsa, ec] = [await generateKeyPair('RS256'), await generateKeyPair('ES256')];
const keys = createLocalJWKSet({
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa' },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec' },
  ],
});
const inAnHour = Math.floor(Date.now() / 1_000) + 3_600;
const verify = (options: Partial<CallerVerifierOptions> = {}) =>
  callerVerifier({
    issuer,
    audience,
    keys: keys as CallerVerifierOptions['keys'],
    services: ['shop'],
    typ: 'at+jwt',
    ...options,
  });

function token(claims: object, header: object = {}, key = rsa.privateKey): Promise<string> {
  const all = {
    iss: issuer,
    aud: audience,
    sub: 'customer-1',
    client_id: 'web-shop',
    exp: inAnHour,
    scope: 'read',
    ...claims,
  };
  return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid: 'rsa', typ: 'at+jwt', ...header }).sign(key);
}

describe('examples/service-token/verify-caller.ts', () => {
  it.each<[what: string, claims: object, caller: object]>([
    ['a service by its client id', { sub: 'shop', client_id: 'shop' }, { kind: 'service', clientId: 'shop' }],
    [
      'a service of Auth0',
      { sub: 'shop@clients', client_id: undefined, azp: 'shop', gty: 'client-credentials' },
      { kind: 'service', clientId: 'shop' },
    ],
    ['a customer', {}, { kind: 'customer', customerId: 'customer-1' }],
    ['a customer who calls themselves like a service', { sub: 'shop' }, { kind: 'customer', customerId: 'shop' }],
    [
      'a customer who calls themselves like one of Auth0',
      { sub: 'shop@clients' },
      { kind: 'customer', customerId: 'shop@clients' },
    ],
  ])('knows %s', async (_what, claims, caller) => {
    expect(await verify()(await token(claims))).toEqual({ ...caller, scopes: ['read'] });
  });

  it.each<[what: string, claims: object, header: object, reason: RegExp]>([
    ['without an end', { exp: undefined }, {}, /missing required "exp"/],
    ['without a subject', { sub: undefined }, {}, /missing required "sub"/],
    ['that is an ID token', {}, { typ: 'JWT' }, /unexpected "typ"/],
    ['for another API', { aud: 'https://other' }, {}, /unexpected "aud"/],
    ['of another issuer', { iss: 'https://other/' }, {}, /unexpected "iss"/],
    ['of a client that is not a known service', { sub: 'other', client_id: 'other' }, {}, /not a known service/],
    [
      'of a client that a customer is called like',
      { sub: 'customer-1', client_id: 'customer-1' },
      {},
      /not a known service/,
    ],
    [
      'of an unknown client of Auth0',
      { sub: 'x@clients', client_id: undefined, azp: 'x', gty: 'client-credentials' },
      {},
      /not a known service/,
    ],
  ])('refuses a token %s', async (_what, claims, header, reason) => {
    await expect(verify()(await token(claims, header))).rejects.toThrow(reason);
  });

  it('accepts only the named algorithm', async () => {
    const es256 = await token({}, { alg: 'ES256', kid: 'ec' }, ec.privateKey);
    await expect(verify()(es256)).rejects.toThrow(/"alg".*not allowed/);
    expect(await verify({ algorithms: ['ES256'] })(es256)).toMatchObject({ kind: 'customer' });
  });
});
