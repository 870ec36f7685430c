import { generateKeyPairSync } from 'node:crypto';
import { createLocalJWKSet, exportJWK, jwtVerify, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deployOauthToken, type Variables } from './deploy-oauth-token.ts';
import { API, OidcIssuer } from './oidc-issuer.ts';

const CLIENT = { client_id: 'my-app', client_secret: 'the secret of the client' };
const SCOPE = 'read write';

let issuer: OidcIssuer;
beforeAll(async () => {
  issuer = await OidcIssuer.start();
});
beforeEach(() => issuer.register({ ...CLIENT, scope: SCOPE }));
afterEach(() => issuer.reset());
afterAll(() => issuer.close());

const deployed = (variables?: Variables) => deployOauthToken(issuer, CLIENT, variables);

/** What the secret holds after a rotation that must succeed. */
async function rotated({ rotate, value }: Awaited<ReturnType<typeof deployed>>) {
  expect((await rotate()).outcome).toBe('succeeded');
  return JSON.parse((await value()) ?? '{}');
}

describe('a token', () => {
  it('is stored with its times, its scopes and its audience, and an application can use it', async () => {
    const strategy = await deployed();
    const before = Date.now();
    const stored = await rotated(strategy);
    expect(stored).toMatchObject({ scope: SCOPE, audience: API });
    const lifetimeMs = Date.parse(stored.expires_at) - Date.parse(stored.issued_at);
    expect(lifetimeMs).toBe(86_400_000);
    expect(Date.parse(stored.issued_at)).toBeGreaterThanOrEqual(before);
    const options = { issuer: issuer.url, audience: API };
    const { payload } = await jwtVerify(stored.access_token, createLocalJWKSet(issuer.publicKeys), options);
    expect(payload).toMatchObject({ client_id: 'my-app', scope: SCOPE });
  });

  it('costs seven calls to Secrets Manager, one of them for the client, and two calls to a known issuer', async () => {
    const strategy = await deployed();
    await rotated(strategy);
    strategy.calls.length = issuer.requests.length = 0;
    await rotated(strategy);
    expect(strategy.calls.map((call) => call.replace(/:.*/, ''))).toEqual([
      ...['DescribeSecret', 'GetSecretValue', 'GetSecretValue', 'GetSecretValue', 'PutSecretValue'],
      ...['DescribeSecret', 'UpdateSecretVersionStage'],
    ]);
    // The metadata was asked for in the rotation before, by the same process.
    expect(issuer.requests).toEqual(['POST /token', 'GET /jwks']);
  });

  it('comes from the declared endpoints if the issuer has no metadata', async () => {
    const strategy = await deployed({
      OAUTH_ISSUER: undefined,
      OAUTH_TOKEN_ENDPOINT: `${issuer.url}/token`,
      OAUTH_JWKS_URI: `${issuer.url}/jwks`,
      OAUTH_AUDIENCE: undefined,
      OAUTH_RESOURCE: API,
    });
    expect(await rotated(strategy)).toMatchObject({ audience: API });
    expect(issuer.requests).toEqual(['POST /token', 'GET /jwks']);
  });

  it('may be opaque: the issuer is asked whether it is active', async () => {
    issuer.api = { format: 'opaque' };
    const strategy = await deployed();
    expect(await rotated(strategy)).toMatchObject({ scope: SCOPE, audience: API });
    expect(issuer.requests.at(-1)).toBe('POST /token/introspection');
    expect(await strategy.proofFailure('not-a-token-of-this-issuer')).toMatch(/^POLICY .*not active/);
  });

  it('is verified even if the issuer rolled its keys after it was issued', async () => {
    const strategy = await deployed();
    const versionId = await strategy.pendingVersion();
    await strategy.step('createSecret', versionId);
    issuer.rollKey();
    expect(await strategy.step('testSecret', versionId)).not.toHaveProperty('failure');
    issuer.rollKey({ keepOld: false });
    expect(await strategy.step('testSecret', versionId)).toMatchObject({
      failure: { errorMessage: expect.stringMatching(/has no key ".*" for RS256.*Secrets Manager will try again/) },
    });
  });
});

describe('a client proves itself', () => {
  it.each(['client_secret_basic', 'client_secret_post'] as const)(
    'by %s, whatever characters its secret has',
    async (method) => {
      const client = { client_id: 'my app/1', client_secret: '100% a+b c&d=e:f/g?"~*' };
      issuer.register({ ...client, scope: SCOPE, token_endpoint_auth_method: method });
      await rotated(await deployOauthToken(issuer, client, { OAUTH_AUTHENTICATION: method }));
    },
  );

  it.each([
    ['RS256' as const, generateKeyPairSync('rsa', { modulusLength: 2048 })],
    ['ES256' as const, generateKeyPairSync('ec', { namedCurve: 'P-256' })],
  ])('by private_key_jwt with %s', async (alg, { privateKey, publicKey }) => {
    const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg };
    const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    issuer.register({
      client_id: 'my-app',
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: alg,
      jwks: { keys: [jwk] },
      scope: SCOPE,
    });
    const client = { client_id: 'my-app', private_key, kid: 'key-1' };
    await rotated(await deployOauthToken(issuer, client, { OAUTH_AUTHENTICATION: 'private_key_jwt' }));
  });
});

describe('nothing is stored, and the error says what to do, if', () => {
  it.each<[what: string, client: object, variables: Variables, reason: RegExp]>([
    [
      'the secret of the client is wrong',
      { ...CLIENT, client_secret: 'another' },
      {},
      /^AUTHENTICATION .* 401: invalid_client.*id or secret is wrong/,
    ],
    [
      'the secret of the client lacks a field',
      { client_id: 'my-app' },
      {},
      /^SECRET_VALUE .*"client_secret" is missing/,
    ],
    [
      'the private key is not a key',
      { client_id: 'my-app', private_key: 'pem', kid: '1' },
      { OAUTH_AUTHENTICATION: 'private_key_jwt' },
      /^SECRET_VALUE private_key of the client is not a key/,
    ],
    [
      'the audience is not granted',
      CLIENT,
      { OAUTH_AUDIENCE: 'https://other' },
      /^PRIVILEGE .*is not allowed to have a token for this API/,
    ],
    [
      'the scope is not granted',
      CLIENT,
      { OAUTH_SCOPE: 'read delete' },
      /^PRIVILEGE .*invalid_scope.*is not allowed to have this scope/,
    ],
    [
      'there is no issuer',
      CLIENT,
      { OAUTH_ISSUER: 'https://127.0.0.1:1' },
      /^NETWORK 127\.0\.0\.1:1 cannot be reached/,
    ],
    ['the issuer is not trusted', CLIENT, { OAUTH_TLS_CA: undefined }, /^TLS .*does not prove who it is/],
    [
      'the secret would cross the network unencrypted',
      CLIENT,
      { OAUTH_ISSUER: 'http://example.com' },
      /^CONFIGURATION .*https/,
    ],
  ])('%s', async (_what, client, variables, reason) => {
    const strategy = await deployOauthToken(issuer, client, variables);
    expect(await strategy.rotationFailure()).toMatch(reason);
    await expect(strategy.value('AWSPENDING')).rejects.toThrow(/can't find/);
  });

  it('the issuer silently drops a scope', async () => {
    issuer.api = { scope: 'read' };
    expect(await (await deployed()).rotationFailure()).toMatch(/^PRIVILEGE The token lacks the scope write\. Grant it/);
  });

  it('the issuer is declared by another name', async () => {
    const reason = await (await deployed({ OAUTH_ISSUER: `${issuer.url}/` })).rotationFailure();
    expect(reason).toMatch(/^CONFIGURATION .*to the slash at the end/);
  });

  it('a token of 25 hours has a daily schedule', async () => {
    issuer.api = { lifetimeSeconds: 90_000 };
    const strategy = await deployed();
    expect(await strategy.rotationFailure('rate(1 day)')).toBe(
      'CONFIGURATION The token lives 25 h, less than the 48 h 20 min from one rotation to the next: interval 24 h + window ' +
        '24 h + reader cache 5 min + slack 15 min. Use rate(23 hours), or more often; or ask the issuer for a life of 174000 ' +
        'seconds or more.',
    );
    await expect(strategy.value('AWSPENDING')).rejects.toThrow(/can't find/);
  });

  it.each([
    ['of 25 hours every 20 hours', 90_000, 'rate(20 hours)', {}],
    ['of an hour every half hour, whatever the schedule', 3_600, 'rate(1 day)', { REFRESH_EVERY_MINUTES: '30' }],
  ])('but not if a token %s is renewed in time', async (_what, lifetimeSeconds, schedule, variables) => {
    issuer.api = { lifetimeSeconds };
    expect(await (await deployed(variables)).rotationFailure(schedule)).toBeUndefined();
  });
});

describe('Auth0 says access_denied', () => {
  it.each([
    [401, 'Unauthorized', /^AUTHENTICATION .*id or secret is wrong/],
    [403, 'Unauthorized', /^AUTHENTICATION /],
    [403, 'Client is not authorized to access "https://api.example.com".', /^PRIVILEGE .*Grant it \(Auth0: APIs/],
    [403, 'Service not enabled within domain: https://api.example.com', /^PRIVILEGE /],
  ])('with %i and "%s"', async (status, error_description, reason) => {
    issuer.answer('/token', status, { error: 'access_denied', error_description });
    expect(await (await deployed()).rotationFailure()).toMatch(reason);
  });
});

describe('an issuer in trouble', () => {
  const asked = () => issuer.requests.filter((request) => request === 'POST /token').length;

  it.each([
    ['answers with 503', () => issuer.answer('/token', 503, {})],
    ['hangs up', () => issuer.trouble('/token', (response) => response.destroy())],
    [
      'hangs up in the middle of an answer',
      () =>
        issuer.trouble('/token', (response) => {
          response.writeHead(200, { 'content-length': 100 });
          response.write('{"access_token', () => response.destroy());
        }),
    ],
    ['is asked too often, and says when to come back', () => issuer.answer('/token', 429, {}, { 'retry-after': '1' })],
  ])('%s, and is asked again', async (_what, trouble) => {
    trouble();
    await rotated(await deployed());
    expect(asked()).toBe(2);
  });

  it.each([
    ['in seconds', () => '3600'],
    ['as a date', () => new Date(Date.now() + 3_600_000).toUTCString()],
  ])('is not asked again sooner than Retry-After says %s', async (_how, retryAfter) => {
    issuer.answer('/token', 429, {}, { 'retry-after': retryAfter() });
    expect(await (await deployed()).rotationFailure()).toMatch(/^THROTTLED .*429 and asks to wait 3[56]\d\d s/);
    expect(asked()).toBe(1);
  });

  it('is given up after three times, until Secrets Manager tries again', async () => {
    for (const _ of [1, 2, 3]) issuer.answer('/token', 503, {});
    expect(await (await deployed()).rotationFailure()).toMatch(
      /^SERVICE .*answered with 503\. Secrets Manager will try/,
    );
    expect(asked()).toBe(3);
  });

  it('that never answers fails the rotation within the time of the function', async () => {
    issuer.trouble('/token', () => {});
    const strategy = await deployOauthToken(issuer, CLIENT, {}, 3);
    expect(await strategy.rotationFailure()).toMatch(/^TIMEOUT create had not answered/);
  });

  it.each([
    [
      'a web page',
      /^SERVICE .*no JSON object/,
      (issuerInTrouble: OidcIssuer) => issuerInTrouble.answer('/token', 200, '<html>'),
    ],
    [
      'another kind of token',
      /^SERVICE .*of the type "mac": expected bearer/,
      (it: OidcIssuer) => it.answer('/token', 200, { access_token: 'a', token_type: 'mac' }),
    ],
    [
      'a token without an expiry',
      /^POLICY .*the token is not active/,
      (it: OidcIssuer) => it.answer('/token', 200, { access_token: 'a' }),
    ],
    ['its own refusal', /^CONFIGURATION .*403: no reason/, (it: OidcIssuer) => it.answer('/token', 403, {})],
  ])('that answers with %s is asked once', async (_what, reason, trouble) => {
    trouble(issuer);
    expect(await (await deployed()).rotationFailure()).toMatch(reason);
    expect(asked()).toBe(1);
  });

  it('with a wrong clock gets an error that says so', async () => {
    const date = new Date(Date.now() - 600_000).toUTCString();
    issuer.answer('/token', 401, { error: 'invalid_client' }, { date });
    expect(await (await deployed()).rotationFailure()).toMatch(/clock is (599|60\d) s ahead of the issuer's/);
  });
});

describe('testSecret refuses', () => {
  const now = Math.floor(Date.now() / 1_000);
  const good = { iss: '', aud: API, scope: SCOPE, iat: now, exp: now + 86_400 };

  it('no correct token', async () => {
    expect(await (await deployed()).proofFailure(await token({}))).toBeUndefined();
  });

  it.each<[what: string, claims: object, reason: RegExp]>([
    ['of another issuer', { iss: 'https://other' }, /^POLICY .*of the issuer "https:\/\/other"/],
    ['for another audience', { aud: ['https://other'] }, /^POLICY .*is for "https:\/\/other", not for "/],
    ['that lacks a scope', { scope: 'read' }, /^POLICY .*lacks the scope write/],
    ['that lacks a scope, as Okta says it', { scope: undefined, scp: ['read'] }, /^POLICY .*lacks the scope write/],
    ['that expired', { exp: now - 60 }, /^POLICY .*expired \d+ s ago/],
    ['that is about to expire', { exp: now + 600 }, /^POLICY .*lives \d+ s more; expected 1200/],
    ['from another time', { iat: now + 3_600 }, /^CONFIGURATION .*begins in 3\d{3} s: the issuer's clock/],
  ])('a token %s', async (_what, claims, reason) => {
    expect(await (await deployed()).proofFailure(await token(claims))).toMatch(reason);
  });

  it('a token that was changed on the way', async () => {
    const [header, claims = '', signature] = (await token({ scope: 'read' })).split('.');
    const changed = Buffer.from(Buffer.from(claims, 'base64url').toString().replace('"read"', '"read write"'));
    const forged = [header, changed.toString('base64url'), signature].join('.');
    expect(await (await deployed()).proofFailure(forged)).toMatch(/^POLICY .*signature is not that of the key/);
  });

  it('permanently, a token that expired, even if its key is gone', async () => {
    const expired = await token({ exp: Math.floor(Date.now() / 1_000) - 60 });
    issuer.rollKey({ keepOld: false });
    expect(await (await deployed()).proofFailure(expired)).toMatch(/^POLICY .*expired/);
  });

  it('a token that a shared secret signed, which its receivers cannot verify', async () => {
    const signed = new SignJWT({ ...good, iss: issuer.url }).setProtectedHeader({ alg: 'HS256' });
    const hs256 = await signed.sign(new TextEncoder().encode('a secret that both sides would have to know'));
    expect(await (await deployed()).proofFailure(hs256)).toMatch(/^POLICY .*signed with "HS256", which no public key/);
  });

  async function token(claims: object): Promise<string> {
    const { kid, privateKey } = issuer.signingKey;
    const all = { ...good, iss: issuer.url, ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
  }
});
