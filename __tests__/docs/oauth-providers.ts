import { X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect } from 'vitest';
import { certificate } from '../lambda/oauth-token/certificate.ts';
import { type Asked, type Places, publicJwk, type Reply, signed } from '../lambda/oauth-token/issuer-stand-in.ts';
import { newKey } from '../lambda/oauth-token/oidc-issuer.ts';

/** What a provider documents of its answers. A stand-in gives them: none of this was run against a provider. */
export interface Provider {
  /** Where it is documented. */
  readonly source: string;
  /** What the client's secret holds. @default an id and a secret */
  readonly client?: object;
  readonly places: Places;
  /** What is special about the token request. */
  asks?(request: Asked): void;
  /** How it refuses a token request, and what a user is told. */
  readonly refusals?: readonly (readonly [what: string, reply: Reply, reason: RegExp])[];
}

export const CLIENT = { client_id: 'shop', client_secret: 'the secret of: the client 100%+' };
/** The client that asks about tokens. */
export const API_CLIENT = { client_id: 'orders-api', client_secret: "the API's own secret" };

const private_key = newKey().privateKey.export({ type: 'pkcs8', format: 'pem' });
const SHOP_CERTIFICATE = certificate('shop.example.com').cert;
const OPAQUE = 'an opaque token';

/** The answers of an issuer's metadata, and of its keys. */
function discovery(issuer: string, endpoints: Readonly<Record<string, string>>): Places {
  const { jwks_uri } = endpoints;
  const metadata = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  return {
    [placeOf(metadata)]: () => [200, { issuer, ...endpoints }],
    ...(jwks_uri !== undefined && { [placeOf(jwks_uri)]: () => [200, { keys: [publicJwk] }] }),
  };
}

const placeOf = (url: string) => url.replace('https://', '');

const granted = (access_token: string, more: object = {}): Reply => [
  200,
  { access_token, token_type: 'Bearer', expires_in: 3_600, ...more },
];

/** An API that takes one token. */
const takes =
  (expected: string, header = 'authorization') =>
  ({ headers }: Asked): Reply =>
    headers[header] === expected ? [200, {}] : [401, { error: 'invalid_token' }];

/** An issuer that lets one client ask about tokens. */
const introspection =
  (facts: object) =>
  ({ headers }: Asked): Reply => {
    const login = Buffer.from('orders-api:the+API%27s+own+secret').toString('base64');
    if (headers.authorization !== `Basic ${login}`) return [401, { error: 'invalid_client' }];
    return [200, { active: true, exp: Math.floor(Date.now() / 1_000) + 3_600, ...facts }];
  };

const oauthError = (status: number, error: string, error_description?: string): Reply => [
  status,
  { error, error_description },
];

const ENTRA = 'https://login.microsoftonline.com/TENANT';
const ENTRA_TOKENS = `${ENTRA}/oauth2/v2.0/token`;
const ENTRA_V2 = discovery(`${ENTRA}/v2.0`, {
  token_endpoint: ENTRA_TOKENS,
  jwks_uri: `${ENTRA}/discovery/v2.0/keys`,
});
const entraToken = () =>
  signed({
    iss: `${ENTRA}/v2.0`,
    aud: '00000000-0000-4000-8000-000000000000',
    ver: '2.0',
    azp: 'shop',
    roles: ['Read'],
  });
const entraError = (status: number, error: string, code: number, text: string): Reply => [
  status,
  {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: 0 Correlation ID: 0 Timestamp: 2026-01-02 03:04:05Z`,
    error_codes: [code],
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  },
];
/** The nonce in its header is another one than what was signed, so its signature proves nothing to anybody but Graph. */
const GRAPH_TOKEN = [
  { typ: 'JWT', alg: 'RS256', nonce: 'n', kid: 'k' },
  { iss: 'https://sts.windows.net/TENANT/', aud: 'https://graph.microsoft.com', appid: 'shop' },
]
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .concat('c2lnbmF0dXJl')
  .join('.');

const OKTA = 'https://example.okta.com';
const OKTA_AUDIENCE = oauthError(
  401,
  'invalid_client',
  'The audience claim for client_assertion must be the endpoint invoked for the request.',
);
const COGNITO = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_EXAMPLE';
const KEYCLOAK = 'https://login.example.com/realms/shop';
const PING_ONE = 'https://auth.pingone.eu/ENVIRONMENT/as';
const SALESFORCE = 'https://example.my.salesforce.com/services';
const ZITADEL_SCOPE = 'openid urn:zitadel:iam:org:project:id:PROJECT:aud';

export const providers: Readonly<Record<string, Provider>> = {
  auth0Organization: {
    source: 'https://auth0.com/docs/api/authentication/client-credential-flow/get-token',
    places: {
      ...discovery('https://shop.eu.auth0.com/', {
        token_endpoint: 'https://shop.eu.auth0.com/oauth/token',
        jwks_uri: 'https://shop.eu.auth0.com/.well-known/jwks.json',
      }),
      'shop.eu.auth0.com/oauth/token': async ({ form }) => {
        const { audience: aud, organization: org_id } = form;
        const iss = 'https://shop.eu.auth0.com/';
        const token = await signed({ iss, aud, org_id, sub: 'shop@clients', azp: 'shop', gty: 'client-credentials' });
        return granted(token, { expires_in: 86_400 });
      },
    },
    asks: ({ form }) => {
      expect(form).toMatchObject({ organization: 'org_9ybsU1dN2dKfDkBi', audience: 'https://orders.example.com' });
    },
    refusals: [
      ['a wrong secret', oauthError(401, 'access_denied', 'Unauthorized'), /^AUTHENTICATION /],
      [
        'an API that is not granted',
        oauthError(403, 'access_denied', 'Client is not authorized to access "https://orders.example.com".'),
        /^PRIVILEGE .*Grant it \(Auth0/,
      ],
      [
        'an API that is not there',
        oauthError(403, 'access_denied', 'Service not found: https://orders.example.com'),
        /^PRIVILEGE .*correct audience/,
      ],
      [
        'a scope that is not granted',
        oauthError(403, 'access_denied', 'Client has not been granted scopes: read:orders'),
        /^PRIVILEGE .*this scope/,
      ],
      [
        'no such grant type',
        oauthError(403, 'unauthorized_client', "Grant type 'client_credentials' not allowed for the client."),
        /^PRIVILEGE .*is not allowed to use client credentials/,
      ],
      [
        'a missing organization',
        oauthError(400, 'invalid_request', 'parameter organization is required for this client'),
        /^CONFIGURATION .*parameters: \{ organization/,
      ],
    ],
  },

  oktaCustom: {
    source: 'https://developer.okta.com/docs/reference/api/oidc/#token',
    places: {
      ...discovery(`${OKTA}/oauth2/default`, {
        token_endpoint: `${OKTA}/oauth2/default/v1/token`,
        jwks_uri: `${OKTA}/oauth2/default/v1/keys`,
      }),
      'example.okta.com/oauth2/default/v1/token': async () => {
        const claims = {
          ver: 1,
          iss: `${OKTA}/oauth2/default`,
          aud: 'api://default',
          cid: 'shop',
          scp: ['orders.read'],
        };
        return granted(await signed({ ...claims, sub: 'shop' }), { scope: 'orders.read' });
      },
    },
    refusals: [
      [
        'a wrong secret',
        oauthError(401, 'invalid_client', 'The client secret supplied for a confidential client is invalid.'),
        /^AUTHENTICATION /,
      ],
      [
        'no rule in a policy',
        oauthError(
          400,
          'access_denied',
          'Policy evaluation failed for this request, please check the policy configurations.',
        ),
        /^PRIVILEGE .*access policy/,
      ],
      [
        'an unknown scope',
        oauthError(
          400,
          'invalid_scope',
          'One or more scopes are not configured for the authorization server resource.',
        ),
        /^PRIVILEGE .*scope/,
      ],
      [
        'a client that must use DPoP',
        oauthError(400, 'invalid_dpop_proof', 'The DPoP proof JWT header is missing.'),
        /^CONFIGURATION .*Require DPoP/,
      ],
    ],
  },

  oktaOrg: {
    source: 'https://developer.okta.com/docs/guides/implement-oauth-for-okta-serviceapp/main/',
    client: { client_id: 'shop', private_key, kid: 'key-1' },
    places: {
      ...discovery(OKTA, { token_endpoint: `${OKTA}/oauth2/v1/token` }),
      'example.okta.com/oauth2/v1/token': ({ form }) =>
        decodeJwt(form.client_assertion ?? '').aud === `${OKTA}/oauth2/v1/token`
          ? granted(OPAQUE, { scope: 'okta.users.read' })
          : OKTA_AUDIENCE,
      'example.okta.com/api/v1/users?limit=1': takes(`Bearer ${OPAQUE}`),
    },
    asks: ({ form }) => {
      expect(decodeProtectedHeader(form.client_assertion ?? '')).toEqual({ alg: 'RS256', kid: 'key-1', typ: 'JWT' });
    },
    refusals: [
      ['an assertion for another audience', OKTA_AUDIENCE, /^CONFIGURATION .*Set assertion\.audience/],
      [
        'a client with a secret',
        oauthError(
          401,
          'invalid_client',
          'Client Credentials requests to the Org Authorization Server must use the private_key_jwt token_endpoint_auth_method.',
        ),
        /^CONFIGURATION .*authentication: 'private_key_jwt'/,
      ],
    ],
  },

  entra: {
    source: 'https://learn.microsoft.com/entra/identity-platform/reference-error-codes',
    places: {
      ...ENTRA_V2,
      [placeOf(ENTRA_TOKENS)]: async () => granted(await entraToken(), { ext_expires_in: 3_599 }),
    },
    refusals: [
      [
        'a wrong secret',
        entraError(401, 'invalid_client', 7000215, 'Invalid client secret provided.'),
        /^AUTHENTICATION .*AADSTS7000215/,
      ],
      [
        'an expired secret',
        entraError(401, 'invalid_client', 7000222, 'The provided client secret keys are expired.'),
        /^AUTHENTICATION .*has expired/,
      ],
      [
        'an unknown client',
        entraError(
          400,
          'unauthorized_client',
          700016,
          "Application with identifier 'shop' was not found in the directory.",
        ),
        /^AUTHENTICATION .*no such client/,
      ],
      [
        'an unknown tenant',
        entraError(400, 'invalid_request', 90002, 'Tenant not found.'),
        /^CONFIGURATION .*no such tenant/,
      ],
      [
        'an unknown API',
        entraError(400, 'invalid_resource', 500011, 'The resource principal was not found in the tenant.'),
        /^PRIVILEGE .*no such API/,
      ],
      [
        'a scope that only users have',
        entraError(400, 'invalid_scope', 1002012, 'The provided value for scope is not valid.'),
        /^CONFIGURATION .*\/\.default/,
      ],
    ],
  },

  entraV1: {
    source: 'https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats',
    places: {
      [placeOf(ENTRA_TOKENS)]: async () => {
        const claims = { iss: 'https://sts.windows.net/TENANT/', aud: 'api://orders', ver: '1.0', appid: 'shop' };
        return granted(await signed(claims), { expires_in: '3599', ext_expires_in: '3599' });
      },
      'login.microsoftonline.com/TENANT/discovery/keys': () => [200, { keys: [publicJwk] }],
    },
  },

  microsoftGraph: {
    source: 'https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens',
    places: {
      [placeOf(ENTRA_TOKENS)]: () => granted(GRAPH_TOKEN),
      'graph.microsoft.com/v1.0/users?$top=1': takes(`Bearer ${GRAPH_TOKEN}`),
    },
  },

  entraCertificate: {
    source: 'https://learn.microsoft.com/entra/identity-platform/certificate-credentials',
    client: { client_id: 'shop', private_key, certificate: SHOP_CERTIFICATE },
    places: { ...ENTRA_V2, [placeOf(ENTRA_TOKENS)]: async () => granted(await entraToken()) },
    asks: ({ form }) => {
      const digits = new X509Certificate(SHOP_CERTIFICATE).fingerprint256.replaceAll(':', '');
      const { client_assertion = '' } = form;
      expect(decodeProtectedHeader(client_assertion)).toEqual({
        alg: 'PS256',
        typ: 'JWT',
        'x5t#S256': Buffer.from(digits, 'hex').toString('base64url'),
      });
      expect(decodeJwt(client_assertion)).toMatchObject({ iss: 'shop', sub: 'shop', aud: ENTRA_TOKENS });
    },
    refusals: [
      [
        'an unknown certificate',
        entraError(
          401,
          'invalid_client',
          700027,
          'The certificate with identifier used to sign the client assertion is not registered.',
        ),
        /^AUTHENTICATION .*no such certificate/,
      ],
      [
        'an assertion of another time',
        entraError(401, 'invalid_client', 700024, 'Client assertion is not within its valid time range.'),
        /^CONFIGURATION .*Set the clock/,
      ],
    ],
  },

  cognito: {
    source: 'https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html',
    places: {
      ...discovery(COGNITO, {
        token_endpoint: 'https://shop.auth.eu-west-1.amazoncognito.com/oauth2/token',
        jwks_uri: `${COGNITO}/.well-known/jwks.json`,
      }),
      'shop.auth.eu-west-1.amazoncognito.com/oauth2/token': async ({ form }) =>
        granted(await signed({ iss: COGNITO, sub: 'shop', client_id: 'shop', token_use: 'access', scope: form.scope })),
    },
    refusals: [
      ['a wrong secret', oauthError(400, 'invalid_client'), /^AUTHENTICATION /],
      ['a client without the grant', oauthError(400, 'unauthorized_client'), /^PRIVILEGE .*client credentials/],
      ['an unknown scope', oauthError(400, 'invalid_scope'), /^PRIVILEGE .*scope/],
    ],
  },

  keycloak: {
    source: 'https://www.keycloak.org/docs/latest/server_admin/#_service_accounts',
    places: {
      ...discovery(KEYCLOAK, {
        token_endpoint: `${KEYCLOAK}/protocol/openid-connect/token`,
        jwks_uri: `${KEYCLOAK}/protocol/openid-connect/certs`,
      }),
      [placeOf(`${KEYCLOAK}/protocol/openid-connect/token`)]: async () => {
        const claims = {
          iss: KEYCLOAK,
          aud: 'account',
          typ: 'Bearer',
          azp: 'shop',
          client_id: 'shop',
          scope: 'profile orders',
        };
        const more = { refresh_expires_in: 0, 'not-before-policy': 0, scope: 'profile orders' };
        return granted(await signed(claims), more);
      },
    },
    refusals: [
      [
        'a wrong secret',
        oauthError(401, 'unauthorized_client', 'Invalid client or Invalid client credentials'),
        /^AUTHENTICATION /,
      ],
      [
        'a client without a service account',
        oauthError(401, 'unauthorized_client', 'Client not enabled to retrieve service account'),
        /^PRIVILEGE .*service account/,
      ],
      ['an unknown scope', oauthError(400, 'invalid_scope', 'Invalid scopes: orders'), /^PRIVILEGE .*scope/],
    ],
  },

  pingOne: {
    source: 'https://developer.pingidentity.com/pingone-api/auth/openid-connect-oauth-2/token/index.html',
    places: {
      ...discovery(PING_ONE, { token_endpoint: `${PING_ONE}/token`, jwks_uri: `${PING_ONE}/jwks` }),
      [placeOf(`${PING_ONE}/token`)]: async () => {
        const claims = { iss: PING_ONE, client_id: 'shop', aud: ['orders'], scope: 'orders:read', env: 'ENVIRONMENT' };
        return granted(await signed(claims), { scope: 'orders:read' });
      },
    },
    refusals: [
      [
        'a wrong secret',
        oauthError(401, 'invalid_client', 'Request denied: Unsupported authentication method (Correlation ID: 0)'),
        /^AUTHENTICATION /,
      ],
    ],
  },

  pingFederate: {
    source: 'https://docs.pingidentity.com/pingfederate/latest/developers_reference_guide/pf_introspec_endpoint.html',
    places: {
      ...discovery('https://sso.example.com', {
        token_endpoint: 'https://sso.example.com/as/token.oauth2',
        introspection_endpoint: 'https://sso.example.com/as/introspect.oauth2',
      }),
      'sso.example.com/as/token.oauth2': () => granted(OPAQUE, { expires_in: 7_199 }),
      'sso.example.com/as/introspect.oauth2': introspection({
        client_id: 'shop',
        scope: 'orders:read',
        token_type: 'Bearer',
      }),
    },
    refusals: [
      [
        'a wrong secret',
        oauthError(401, 'invalid_client', 'Invalid client or client credentials.'),
        /^AUTHENTICATION /,
      ],
      [
        'an unknown scope',
        oauthError(400, 'invalid_scope', 'The requested scope(s) must be blank or a subset'),
        /^PRIVILEGE /,
      ],
    ],
  },

  salesforce: {
    source: 'https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm',
    places: {
      [placeOf(`${SALESFORCE}/oauth2/token`)]: () => [
        200,
        {
          access_token: OPAQUE,
          signature: 'c2lnbmF0dXJl',
          scope: 'api',
          instance_url: 'https://example.my.salesforce.com',
          id: 'https://example.my.salesforce.com/id/00D/005',
          token_type: 'Bearer',
          issued_at: String(Date.now()),
        },
      ],
      [placeOf(`${SALESFORCE}/data/v62.0/sobjects`)]: takes(`Bearer ${OPAQUE}`),
    },
    asks: ({ form }) => expect(form).toMatchObject(CLIENT),
    refusals: [
      ['a wrong id', oauthError(400, 'invalid_client_id', 'client identifier invalid'), /^AUTHENTICATION /],
      ['a wrong secret', oauthError(400, 'invalid_client', 'invalid client credentials'), /^AUTHENTICATION /],
      [
        'no user to run as',
        oauthError(400, 'invalid_grant', 'no client credentials user enabled'),
        /^PRIVILEGE .*Run As/,
      ],
      [
        'the login of everybody',
        oauthError(400, 'invalid_grant', 'request not supported on this domain'),
        /^CONFIGURATION .*MY-DOMAIN/,
      ],
    ],
  },

  zitadel: {
    source: 'https://zitadel.com/docs/guides/integrate/token-introspection/basic-auth',
    places: {
      ...discovery('https://shop.zitadel.cloud', {
        token_endpoint: 'https://shop.zitadel.cloud/oauth/v2/token',
        introspection_endpoint: 'https://shop.zitadel.cloud/oauth/v2/introspect',
      }),
      'shop.zitadel.cloud/oauth/v2/token': () => granted(OPAQUE, { expires_in: 43_199 }),
      'shop.zitadel.cloud/oauth/v2/introspect': introspection({
        iss: 'https://shop.zitadel.cloud',
        aud: ['PROJECT'],
        client_id: 'shop',
        username: 'shop',
        scope: ZITADEL_SCOPE,
      }),
    },
    asks: ({ form }) => expect(form.scope).toBe(ZITADEL_SCOPE),
    refusals: [['a wrong secret', oauthError(400, 'invalid_client', 'invalid secret'), /^AUTHENTICATION /]],
  },

  fusionAuth: {
    source: 'https://fusionauth.io/docs/lifecycle/authenticate-users/oauth/tokens',
    places: {
      'auth.example.com/oauth2/token': async () => {
        const claims = {
          iss: 'acme.com',
          aud: 'ORDERS',
          sub: 'shop',
          permissions: { ORDERS: ['read'] },
          use: 'access',
        };
        return granted(await signed(claims), { scope: 'target-entity:ORDERS:read' });
      },
      'auth.example.com/.well-known/jwks.json': () => [200, { keys: [publicJwk] }],
    },
    refusals: [
      [
        'a wrong secret',
        [
          401,
          {
            error: 'invalid_client',
            error_reason: 'invalid_client_authentication_scheme',
            error_description: 'Invalid client authentication credentials.',
          },
        ],
        /^AUTHENTICATION .*invalid_client_authentication_scheme/,
      ],
    ],
  },

  shopify: {
    source: 'https://shopify.dev/docs/apps/build/authentication-authorization/access-tokens/client-credentials-grant',
    places: {
      'example.myshopify.com/admin/oauth/access_token': () => [
        200,
        { access_token: OPAQUE, scope: 'write_products,read_orders', expires_in: 86_399 },
      ],
      'example.myshopify.com/admin/oauth/access_scopes.json': takes(OPAQUE, 'x-shopify-access-token'),
    },
    asks: ({ form }) => expect(form).toEqual({ grant_type: 'client_credentials', ...CLIENT }),
    refusals: [
      ['a wrong id', [400, { error: 'application_cannot_be_found' }], /^AUTHENTICATION /],
      ['a shop of somebody else', [400, { error: 'shop_not_permitted' }], /^PRIVILEGE .*Install the app/],
      [
        'a page',
        [404, '<!DOCTYPE html><title>Create an Ecommerce Website</title>'],
        /^CONFIGURATION .*no token endpoint/,
      ],
    ],
  },
};
