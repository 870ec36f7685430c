import { readFileSync } from 'node:fs';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Asked, IssuerStandIn, type Places, publicJwk, type Reply, signed } from './issuer-stand-in.ts';
import { newKey } from './oidc-issuer.ts';
import { rotateInProcess, type Secrets } from './rotate-in-process.ts';

const CLIENT = { client_id: 'shop', client_secret: 'the secret of: the client 100%+' };
const API = 'https://api.example.com';
const OPAQUE = 'an-opaque-token';

let issuer: IssuerStandIn;
beforeAll(async () => {
  issuer = await IssuerStandIn.start();
});
afterEach(() => issuer.reset());
afterAll(() => issuer.close());

type Variables = Readonly<Record<string, string | undefined>>;

/** A client of the stand-in, which answers a token request in this way. */
function client(reply: Reply | Places['']['call'], variables: Variables = {}, places: Places = {}) {
  issuer.places = {
    '/.well-known/openid-configuration': () => [
      200,
      {
        issuer: issuer.url,
        token_endpoint: `${issuer.url}/token`,
        jwks_uri: `${issuer.url}/jwks`,
        introspection_endpoint: `${issuer.url}/introspect`,
      },
    ],
    '/jwks': () => [200, { keys: [publicJwk] }],
    '/token': () => reply as Reply,
    ...places,
  };
  const environment = {
    OAUTH_ISSUER: issuer.url,
    OAUTH_TLS_CA: issuer.tls.cert,
    CREDENTIALS_SECRET_ARN: 'client',
    ...variables,
  };
  const secrets: Secrets = { client: CLIENT, other: { client_id: 'api', client_secret: "the API's own secret" } };
  return rotateInProcess(environment, secrets);
}

/** A JWT of the stand-in, for an hour. */
const jwt = (claims: object = {}, header?: object) => signed({ iss: issuer.url, aud: API, ...claims }, header);
const good = async (more: object = {}): Promise<Reply> => [
  200,
  { access_token: await jwt(), token_type: 'Bearer', expires_in: 3_600, ...more },
];
/** Says why createSecret stores nothing. */
const createFailure = async (reply: Reply, variables?: Variables, places?: Places) => {
  const { failure, create } = client(reply, variables, places);
  return failure(create);
};
const secondsOf = ({ issued_at = '', expires_at = '' }) => (Date.parse(expires_at) - Date.parse(issued_at)) / 1_000;

describe('the type of a token', () => {
  it.each([[undefined], [null], ['Bearer'], ['bearer'], ['BEARER']])('%j is treated as bearer', async (token_type) => {
    await client(await good({ token_type })).rotate();
  });

  it.each<[string, object, RegExp]>([
    ['that is bound to a key', { token_type: 'DPoP' }, /^CONFIGURATION .*binds its token to a key \(DPoP\)/],
    ['of another type', { token_type: 'mac' }, /^SERVICE .*of the type "mac": expected bearer/],
  ])('%s is refused by name', async (_what, more, reason) => {
    expect(await createFailure(await good(more))).toMatch(reason);
  });

  it('is refused as DPoP if the token itself says so', async () => {
    const access_token = await jwt({ cnf: { jkt: 'thumbprint' } });
    expect(await createFailure(await good({ access_token }))).toMatch(/^CONFIGURATION .*\(DPoP\)/);
  });

  it.each(['invalid_dpop_proof', 'use_dpop_nonce'])('is refused as DPoP if the issuer says %s', async (error) => {
    expect(await createFailure([400, { error }])).toMatch(/^CONFIGURATION .*\(DPoP\).*Give the client bearer/);
  });
});

it('an answer may begin with a byte order mark', async () => {
  const [status, body] = await good();
  await client([status, `\uFEFF${JSON.stringify(body)}`]).rotate();
});

describe('a token that no header can carry is not stored:', () => {
  it.each(['a\nb', 'token\r\n', ' token', 'tökén', 'a\u0000b', 'token\u200b', ' '])('%j', async (access_token) => {
    const failure = await createFailure(await good({ access_token }), { OAUTH_PROOF: 'probe', OAUTH_PROBE_URL: API });
    expect(failure).toMatch(/^SERVICE .*an access_token that no header can carry: expected printable ASCII/);
  });
});

describe('the scope of an answer', () => {
  it.each([
    ['a,b', 'a b'],
    ['b, a', 'b a'],
    ['a  b', 'a b'],
    ['a b,c', 'a b c'],
  ])('"%s" is stored as "%s"', async (scope, stored) => {
    expect((await client(await good({ scope }), { OAUTH_SCOPE: 'a b' }).create()).scope).toBe(stored);
  });

  it('may have a name with a comma', async () => {
    await client(await good({ scope: 'a,b c' }), { OAUTH_SCOPE: 'a,b' }).create();
  });

  it('is refused if it lacks a name', async () => {
    expect(await createFailure(await good({ scope: 'a,c' }), { OAUTH_SCOPE: 'a b' })).toMatch(/^PRIVILEGE .*scope b\./);
  });
});

describe('the life of a token', () => {
  const now = Math.floor(Date.now() / 1_000);
  const silent = { access_token: OPAQUE };
  const active = (more: object): Places => ({ '/introspect': () => [200, { active: true, ...more }] });

  it('is what expires_in says, as a number or as text', async () => {
    for (const expires_in of [1_800, '1800', 1_800.7]) {
      expect(secondsOf(await client(await good({ expires_in })).create())).toBeCloseTo(1_800, -1);
    }
  });

  it('is what the exp of a JWT says if the answer does not', async () => {
    for (const exp of [now + 7_200, String(now + 7_200)]) {
      const access_token = await jwt({ exp, iat: now });
      expect(secondsOf(await client([200, { access_token }]).create())).toBe(7_200);
    }
  });

  it('is what remains of it if the issuer returns the same token again', async () => {
    const access_token = await jwt({ iat: now - 3_000, exp: now + 600 });
    const stored = await client([200, { access_token, expires_in: 3_600 }]).create();
    expect(Math.abs(secondsOf(stored) - 600)).toBeLessThan(300);
  });

  it('is what introspection says if neither does', async () => {
    const stored = await client([200, silent], {}, active({ exp: now + 5_000 })).create();
    expect(Math.abs(secondsOf(stored) - 5_000)).toBeLessThan(300);
  });

  it('is what was declared if no answer says it', async () => {
    const declared = { OAUTH_LIFETIME_SECONDS: '7200' };
    expect(secondsOf(await client([200, silent], declared, active({})).create())).toBe(7_200);
    const probed = { ...declared, OAUTH_PROOF: 'probe', OAUTH_PROBE_URL: `${issuer.url}/api` };
    expect(secondsOf(await client([200, silent], probed).create())).toBe(7_200);
    // Who proves tokens in another way is not asked about this one.
    expect(issuer.asked.map(({ place }) => place).filter((place) => place.endsWith('/introspect'))).toHaveLength(1);
  });

  it('must be declared if nothing else says it', async () => {
    expect(await createFailure([200, silent], {}, active({}))).toMatch(/^CONFIGURATION .*Give lifetimeSeconds/);
  });

  it.each([[true], [false], ['soon'], ['1e3'], [0], ['0'], [-5], ['-5'], [9e15], [{}], [[]]])(
    '%j is nonsense as expires_in, and called so',
    async (expires_in) => {
      expect(await createFailure(await good({ expires_in }))).toMatch(
        /^SERVICE .*expires_in .*expected a number of seconds/,
      );
    },
  );

  it('1e400, as JSON writes it, is nonsense too', async () => {
    expect(await createFailure([200, `{"access_token":"${await jwt()}","expires_in":1e400}`])).toMatch(
      /^SERVICE .*expires_in/,
    );
  });

  it.each([[{ nbf: 0 }], [{ iat: 0 }], [{ iat: '0', nbf: 0 }]])(
    'may begin at 0, as with older Keycloaks: %j',
    async (begin) => {
      await client([200, { access_token: await jwt({ exp: now + 7_200, ...begin }), expires_in: 7_200 }]).rotate();
    },
  );

  it('is never more than that of the token, even if the clock of the issuer is behind', async () => {
    const access_token = await jwt({ exp: now + 7_200, iat: now });
    const date = new Date(Date.now() - 36_000_000).toUTCString();
    expect(secondsOf(await client([200, { access_token }, { date }]).create())).toBe(7_200);
  });

  it.each([[true], ['soon'], [now * 1_000], [-1], [0]])('%j is nonsense as exp', async (exp) => {
    expect(await createFailure([200, { access_token: await jwt({ exp }) }])).toMatch(
      /^SERVICE .*exp .*expected a number/,
    );
  });

  it.each([[now - 60], [String(now - 60)]])('that is over by %j is refused at once', async (exp) => {
    const access_token = await jwt({ exp, iat: now - 3_600 });
    expect(await createFailure(await good({ access_token }))).toMatch(/^SERVICE .*expired \d+ s ago, by its exp/);
  });

  it('is also over in testSecret if exp is text', async () => {
    const { failure, test } = client([200, {}]);
    const access_token = await jwt({ exp: String(now - 60) });
    const stored = { access_token, issued_at: 'then', expires_at: 'later' };
    expect(await failure(() => test(stored))).toMatch(/^POLICY .*expired \d+ s ago/);
  });

  it('is over when the secret says so, if the token does not say it', async () => {
    const { failure, test } = client([200, {}], {}, active({}));
    const expires_at = new Date(Date.now() - 60_000).toISOString();
    const stored = { access_token: OPAQUE, issued_at: 'then', expires_at };
    expect(await failure(() => test(stored))).toMatch(/^POLICY .*expired \d+ s ago/);
  });
});

describe('a token that its receivers could not verify is not stored:', () => {
  it('of another issuer: Entra v1 tokens under a v2 issuer', async () => {
    const access_token = await jwt({ iss: 'https://sts.windows.net/TENANT/' });
    expect(await createFailure(await good({ access_token }))).toMatch(
      /^CONFIGURATION .*of the issuer "https:\/\/sts\.windows\.net\/TENANT\/".*give tokenEndpoint and jwksUri in place of issuer/,
    );
  });

  it('of another issuer: FusionAuth without a name', async () => {
    const access_token = await jwt({ iss: 'acme.com' });
    expect(await createFailure(await good({ access_token }))).toMatch(/^CONFIGURATION .*issuer "acme\.com"/);
  });

  it.each(['HS256', 'none'])('signed with %s', async (alg) => {
    const [, claims, signature] = (await jwt()).split('.');
    const header = Buffer.from(JSON.stringify({ alg })).toString('base64url');
    const access_token = [header, claims, signature].join('.');
    expect(await createFailure(await good({ access_token }))).toMatch(
      /^CONFIGURATION .*which no public key can prove.*proof: 'introspection', 'probe' or 'claims'/,
    );
  });

  it('with a nonce in its header, as in tokens for Microsoft Graph', async () => {
    const access_token = await jwt({}, { nonce: 'n' });
    expect(await createFailure(await good({ access_token }))).toMatch(
      /^CONFIGURATION .*nonce.*only its receiver.*'probe'/,
    );
  });

  it('for another audience', async () => {
    const access_token = await jwt({ aud: 'https://other' });
    expect(await createFailure(await good({ access_token }), { OAUTH_AUDIENCE: API })).toMatch(
      /^PRIVILEGE .*"https:\/\/other"/,
    );
  });
});

describe('with an audience, from an issuer that names none', () => {
  const OF_API = { OAUTH_AUDIENCE: 'orders' };
  const cognito = async (claims: object): Promise<Reply> => [
    200,
    { access_token: await jwt({ aud: undefined, ...claims }), expires_in: 3_600, token_type: 'Bearer' },
  ];

  it('is the prefix of its scopes', async () => {
    await client(await cognito({ client_id: 'shop', scope: 'orders/read orders/write' }), OF_API).rotate();
  });

  it.each<[string, object, RegExp]>([
    ['they have another prefix', { scope: 'payments/read' }, /^PRIVILEGE .*none of its scopes begins with "orders\/"/],
    ['there are no scopes', {}, /^PRIVILEGE .*none of its scopes/],
    [
      'the client is a different one',
      { scope: 'orders/read', client_id: 'other' },
      /^CONFIGURATION .*of the client "other"/,
    ],
  ])('is refused if %s', async (_what, claims, reason) => {
    expect(await createFailure(await cognito({ client_id: 'shop', ...claims }), OF_API)).toMatch(reason);
  });

  it('is not checked if none is declared', async () => {
    await client(await cognito({ client_id: 'shop', scope: 'payments/read' })).rotate();
  });
});

describe('proof', () => {
  const opaque: Reply = [200, { access_token: OPAQUE, expires_in: 3_600 }];
  const probing = () => ({ OAUTH_PROOF: 'probe', OAUTH_PROBE_URL: `${issuer.url}/api` });

  it('by introspection uses the credentials of the client that may ask', async () => {
    const asked: string[] = [];
    const variables = { OAUTH_PROOF: 'introspection', OAUTH_INTROSPECTION_SECRET_ARN: 'other' };
    const places: Places = {
      '/introspect': ({ headers, form }) => {
        asked.push(
          Buffer.from(headers.authorization?.replace('Basic ', '') ?? '', 'base64').toString(),
          form.token ?? '',
        );
        return [200, { active: true, iss: issuer.url, exp: Math.floor(Date.now() / 1_000) + 3_600 }];
      },
    };
    await client(opaque, variables, places).rotate();
    expect(asked).toEqual(['api:the+API%27s+own+secret', OPAQUE]);
    await client(await good(), variables, places).rotate();
    expect(issuer.asked.map(({ place }) => place)).not.toContain('127.0.0.1/jwks');
  });

  it('by introspection is refused for a token that is not active', async () => {
    const { failure, rotate } = client(
      opaque,
      { OAUTH_PROOF: 'introspection' },
      { '/introspect': () => [200, { active: false }] },
    );
    expect(await failure(rotate)).toMatch(/^POLICY .*not active/);
  });

  it('by a probe is one GET with the token, whatever the status of its answer', async () => {
    const places: Places = { '/api': ({ headers }) => [headers.authorization === `Bearer ${OPAQUE}` ? 204 : 401] };
    await client(opaque, probing(), places).rotate();
    const header = { ...probing(), OAUTH_PROBE_HEADER: 'X-Shopify-Access-Token' };
    await client(opaque, header, {
      '/api': ({ headers }) => [
        headers['x-shopify-access-token'] === OPAQUE && !headers.authorization ? 200 : 401,
        '<html>',
      ],
    }).rotate();
  });

  it.each<[Reply, RegExp]>([
    [[401, { error: 'invalid_token' }], /^POLICY .*refused the probe with 401: invalid_token/],
    [[401], /^POLICY .*401: no reason/],
    [[403, { message: `Not for ${OPAQUE}` }], /^PRIVILEGE .*403: Not for \[scrubbed\]/],
    [[403, '<html><title>Blocked</title>'], /^PRIVILEGE .*Blocked.*firewall/],
    [[403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }]], /^THROTTLED .*refused the probe: REQUEST_LIMIT_EXCEEDED\. /],
    [[403, [{ errorCode: 'API_DISABLED_FOR_ORG' }]], /^PRIVILEGE .*with 403: API_DISABLED_FOR_ORG\. The API accepts/],
    [[404], /^CONFIGURATION .*Correct probeUrl/],
    [[302, '', { location: 'https://login.example.com/' }], /^CONFIGURATION .*points to login\.example\.com/],
  ])('by a probe is refused for %j', async (reply, reason) => {
    const { failure, rotate } = client(opaque, probing(), { '/api': () => reply });
    expect(await failure(rotate)).toMatch(reason);
  });

  it('by claims checks issuer, audience and times, and calls nobody', async () => {
    const [header, claims] = (await jwt()).split('.');
    const access_token = `${header}.${claims}.${Buffer.from('no signature').toString('base64url')}`;
    const variables = { OAUTH_PROOF: 'claims', OAUTH_AUDIENCE: API };
    await client([200, { access_token }], variables).rotate();
    expect(issuer.asked.map(({ place }) => place)).toEqual(
      Array(2).fill('127.0.0.1/.well-known/openid-configuration').toSpliced(1, 0, '127.0.0.1/token'),
    );
    const other = await jwt({ aud: 'https://other' });
    expect(await createFailure([200, { access_token: other }], variables)).toMatch(/^PRIVILEGE /);
  });

  it('by claims is refused for a token that has no claims', async () => {
    const { failure, rotate } = client(opaque, { OAUTH_PROOF: 'claims' });
    expect(await failure(rotate)).toMatch(/^CONFIGURATION The token is opaque/);
  });
});

describe('a refusal', () => {
  const echo = `${CLIENT.client_secret} ${encodeURIComponent(CLIENT.client_secret)}`;

  it.each<[what: string, Reply, RegExp]>([
    ['401 with nothing', [401], /^AUTHENTICATION .*401: no reason\. The client's id or secret is wrong/],
    ['401 with a web page', [401, '<html><b>Sign in</b> first</html>'], /^AUTHENTICATION .*401: Sign in first\. /],
    [
      '400 as a form',
      [400, 'error=invalid_client&error_description=No+such+client'],
      /^AUTHENTICATION .*400: invalid_client: No such client/,
    ],
    [
      '200 with an error',
      [200, { error: 'invalid_scope', error_description: 'no' }],
      /^PRIVILEGE .*200: invalid_scope: no/,
    ],
    [
      '403 of a firewall',
      [403, '<html><h1>403 ERROR</h1>Request blocked.</html>'],
      /^PRIVILEGE .*403 ERROR Request blocked\..*firewall.*User-Agent/,
    ],
    [
      '403 with a list of errors',
      [403, [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: `Too many for ${CLIENT.client_secret}` }]],
      /^THROTTLED .*403: REQUEST_LIMIT_EXCEEDED: Too many for \[scrubbed\]\. (?!.*firewall)/,
    ],
    ['400 with a list of texts', [400, ['z'.repeat(5_000)]], /^CONFIGURATION .{0,60}z{290,300}…\. /],
    ['400 with text as JSON', [400, '"Unknown \\u0061pp"'], /^CONFIGURATION .*400: Unknown app\. /],
    ['403 with text as JSON', [403, '"Not you"'], /^CONFIGURATION .*403: Not you\. (?!.*firewall)/],
    ['403 with an empty list', [403, '[]'], /^CONFIGURATION .*403: no reason\. (?!.*firewall)/],
    [
      '200 with an error, and null for a token',
      [200, { access_token: null, error: 'invalid_scope', error_description: 'no' }],
      /^PRIVILEGE .*200: invalid_scope: no/,
    ],
    [
      '200 with an error, and nothing for a token',
      [200, { access_token: '', error: 'invalid_client' }],
      /^AUTHENTICATION .*200: invalid_client\./,
    ],
    ['null for a token', [200, { access_token: null, error: null }], /^SERVICE .*without an access_token/],
    ['404', [404, 'Not here'], /^CONFIGURATION .*There is no token endpoint/],
    ['a redirect', [302, '', { location: '/login' }], /^CONFIGURATION .*answered with 302 and points to 127\.0\.0\.1/],
    ['a web page instead of a token', [200, '<html>'], /^SERVICE .*200 and no JSON object/],
    ['an array', [200, '[]'], /^SERVICE .*no JSON object/],
    ['no token', [200, {}], /^SERVICE .*without an access_token/],
    [
      'a description that repeats the secret',
      [401, { error: 'invalid_client', error_description: echo }],
      /^AUTHENTICATION .*invalid_client: \[scrubbed\] \[scrubbed\]\. /,
    ],
    ['a page that repeats the secret', [401, `<p>${echo}</p>`], /^AUTHENTICATION .*401: \[scrubbed\] \[scrubbed\]\. /],
    [
      'a secret at the edge of the excerpt',
      [400, { error: 'x'.repeat(290), error_description: echo }],
      /^CONFIGURATION .*x: \[scrub\w*…\. /,
    ],
    [
      'a description with control characters',
      [400, { error: 'invalid_request', error_description: 'a\n\u001b[31mb\u202ecd' }],
      /^CONFIGURATION .*invalid_request: a \[31mb cd\. /,
    ],
    ['an endless description', [400, { error_description: 'z'.repeat(5_000) }], /^CONFIGURATION .{0,60}z{290,300}…\. /],
    [
      'a description that contains a token',
      [400, { error: 'invalid_request', error_description: 'eyJhbGciOiJub25lIn0.eyJhIjoxfQ.c2ln' }],
      /^CONFIGURATION .*invalid_request: \[scrubbed\]\. /,
    ],
  ])('%s', async (_what, reply, reason) => {
    expect(await createFailure(reply)).toMatch(reason);
  });

  it.each<[string, Reply | undefined]>([
    ['is lost', undefined],
    ['is 503', [503]],
  ])('of an assertion that was used does not follow where the answer %s', async (_what, first) => {
    const { privateKey } = newKey();
    const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const used = new Set<unknown>();
    const reply = await good({ access_token: OPAQUE });
    const once = ({ form }: Asked, granted: Reply) => {
      const { jti } = decodeJwt(form.client_assertion ?? '');
      if (used.has(jti)) return [400, { error: 'invalid_client', error_description: 'jti was used' }] as const;
      return used.add(jti).size % 2 === 1 ? first : granted;
    };
    client(
      reply,
      {},
      {
        '/token': (asked) => once(asked, reply),
        '/introspect': (asked) => once(asked, [200, { active: true }]),
      },
    );
    const variables = { OAUTH_ISSUER: issuer.url, OAUTH_TLS_CA: issuer.tls.cert, CREDENTIALS_SECRET_ARN: 'client' };
    const secrets = { client: { client_id: 'shop', private_key } };
    await rotateInProcess({ ...variables, OAUTH_AUTHENTICATION: 'private_key_jwt' }, secrets).rotate();
    expect(used.size).toBe(4);
  });

  it('that repeats the assertion is not quoted', async () => {
    const { privateKey } = newKey();
    const private_key = privateKey.export({ type: 'pkcs8', format: 'pem' });
    const secrets = { client: { client_id: 'shop', private_key } };
    client(
      [200, {}],
      {},
      { '/token': ({ form }) => [401, { error: 'invalid_client', error_description: form.client_assertion }] },
    );
    const variables = { OAUTH_ISSUER: issuer.url, OAUTH_TLS_CA: issuer.tls.cert, CREDENTIALS_SECRET_ARN: 'client' };
    const { failure, create } = rotateInProcess({ ...variables, OAUTH_AUTHENTICATION: 'private_key_jwt' }, secrets);
    expect(await failure(create)).toMatch(/^AUTHENTICATION .*invalid_client: \[scrubbed\]\./);
  });
});

describe('an issuer with a strange answer', () => {
  it.each<[what: string, metadata: object, RegExp]>([
    [
      'without a token_endpoint',
      { token_endpoint: undefined },
      /^CONFIGURATION .*has nothing as token_endpoint.*Give tokenEndpoint/,
    ],
    ['with an invalid token_endpoint', { token_endpoint: 'none' }, /^CONFIGURATION .*has "none" as token_endpoint/],
    [
      'with a token_endpoint over plain HTTP',
      { token_endpoint: 'http://example.com/' },
      /^CONFIGURATION .*expected an https/,
    ],
    [
      'with a login in its token_endpoint',
      { token_endpoint: 'https://user:hunter2@127.0.0.1/' },
      /^CONFIGURATION .*a user name or a password in it(?!.*hunter2)/,
    ],
    ['of a different issuer', { issuer: 'https://other' }, /^CONFIGURATION .*metadata of "https:\/\/other"/],
    ['of no issuer', { issuer: undefined }, /^CONFIGURATION .*metadata of nothing/],
  ])('with metadata %s', async (_what, changed, reason) => {
    const metadata = { issuer: issuer.url, token_endpoint: `${issuer.url}/token`, ...changed };
    const places: Places = { '/.well-known/openid-configuration': () => [200, metadata] };
    expect(await createFailure(await good(), {}, places)).toMatch(reason);
  });

  it('with a null among its keys', async () => {
    await client(await good(), {}, { '/jwks': () => [200, { keys: [null, 'key', publicJwk] }] }).rotate();
    const { failure, rotate } = client(await good(), {}, { '/jwks': () => [200, { keys: [null] }] });
    expect(await failure(rotate)).toMatch(/^SERVICE .*has no key ".*" for RS256/);
  });

  it('that asks to wait until a date by its own clock', async () => {
    const theirs = Date.now() - 600_000;
    const wait = { date: new Date(theirs).toUTCString(), 'retry-after': new Date(theirs + 2_000).toUTCString() };
    let asked = 0;
    const reply = await good();
    await client(reply, {}, { '/token': () => (++asked === 1 ? [429, {}, wait] : reply) }).create();
    expect(asked).toBe(2);
    const long = { ...wait, 'retry-after': new Date(theirs + 90_000).toUTCString() };
    expect(await createFailure([429, {}, long])).toMatch(/^THROTTLED .*asks to wait 90 s/);
  });

  it('that never ends', async () => {
    expect(await createFailure([200, 'x'.repeat(1_100_000)])).toMatch(/^SERVICE .*more than 1000 kB/);
  });
});

describe('the rotated secret', () => {
  it('redirects no credential: its endpoints are not read', async () => {
    const foreign = await IssuerStandIn.start({ tls: issuer.tls });
    const url = `${foreign.url}/token`;
    const document = {
      issuer: foreign.url,
      token_endpoint: url,
      tokenEndpoint: url,
      token_uri: url,
      jwks_uri: url,
      introspection_endpoint: url,
      probeUrl: url,
      OAUTH_ISSUER: foreign.url,
      OAUTH_TOKEN_ENDPOINT: url,
    };
    const { create, test } = client(await good());
    const stored = await create(document);
    await test({ ...document, ...stored });
    expect(foreign.asked).toEqual([]);
    expect(issuer.asked.map(({ place }) => place)).toContain('127.0.0.1/token');
    foreign.close();
  });
});

describe('every request', () => {
  it('names the software that sends it', async () => {
    await client(await good()).rotate();
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(issuer.asked).toHaveLength(4);
    for (const { headers } of issuer.asked) expect(headers['user-agent']).toBe(`rotaform/${version}`);
  });
});
