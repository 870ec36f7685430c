// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's own interpolation
import { TerraformVariable, Token } from 'cdktf';
import { describe, expect, it } from 'vitest';
import {
  type Auth0RotationOptions,
  fromSecret,
  type OauthTokenRotationOptions,
  RotatedSecret,
  Rotation,
  RotationFunction,
  Schedule,
  StaticSecret,
} from '../../constructs/index.ts';
import { readOauthTokenEnvironment } from '../../rules/oauth-token.ts';
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
import { synthWarnings } from './synth-warnings.ts';
import { synthesize } from './synthesize.ts';

const clientArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/oauth-credentials-AbCdEf';
const credentials = fromSecret(clientArn);
const okta: OauthTokenRotationOptions = { issuer: 'https://example.okta.com/oauth2/default', credentials };
const auth0: Auth0RotationOptions = {
  domain: 'shop.eu.auth0.com',
  audience: 'https://orders.example.com',
  credentials,
};
const every20Hours = Schedule.rate({ hours: 20 });

const rotated = (rotation: Rotation, schedule = every20Hours) =>
  synthesize((stack) => new RotatedSecret(stack, 'token', { name: 'shop/orders-token', rotation, schedule }));
const variables = (rotation: Rotation) =>
  Object(blockOf(rotated(rotation), 'aws_lambda_function').environment).variables;

describe('Rotation.oauthToken', () => {
  it('tells the function which token to get, and where to find the client', () => {
    expect(variables(Rotation.oauthToken({ ...okta, scope: 'read write', resource: 'https://api' }))).toEqual({
      OAUTH_ISSUER: 'https://example.okta.com/oauth2/default',
      OAUTH_RESOURCE: 'https://api',
      OAUTH_SCOPE: 'read write',
      OAUTH_AUTHENTICATION: 'client_secret_basic',
      CREDENTIALS_SECRET_ARN: clientArn,
    });
  });

  it('lets the function read the secret of the client, and no other secret', () => {
    const statements = Object(blockOf(rotated(Rotation.oauthToken(okta)), 'aws_iam_policy_document', 'permissions'));
    expect(statements.statement).toContainEqual(
      expect.objectContaining({ actions: ['secretsmanager:GetSecretValue'], resources: [clientArn] }),
    );
  });

  it.each<[string, (own: OauthTokenRotationOptions['credentials']) => Partial<OauthTokenRotationOptions>]>([
    ['credentials', (own) => ({ credentials: own })],
    ['introspectionCredentials', (own) => ({ introspectionCredentials: own })],
    ['tls.clientCertificate', (own) => ({ authentication: 'tls_client_auth', tls: { clientCertificate: own } })],
  ])('does not take the rotated secret itself as %s', (_option, changed) => {
    const secretArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/orders-token-AbCdEf';
    const rotation = Rotation.oauthToken({ ...okta, ...changed(fromSecret(secretArn)) });
    const error = refusal(() =>
      synthesize((stack) => RotatedSecret.existing(stack, 'token', { secretArn, rotation, schedule: every20Hours })),
    );
    expect(error).toMatchObject({ code: 'OPTIONS', message: expect.stringMatching(/other secret .* is the same one/) });
  });

  it('accepts the ARN of a secret of the same stack', () => {
    const stack = synthesize((scope) => {
      const client = new StaticSecret(scope, 'client', { name: 'shop/oauth-credentials' });
      const rotation = Rotation.oauthToken({ ...okta, credentials: fromSecret(client.secretArn) });
      new RotatedSecret(scope, 'token', { name: 'shop/orders-token', rotation, schedule: every20Hours });
    });
    const { CREDENTIALS_SECRET_ARN } = Object(blockOf(stack, 'aws_lambda_function').environment).variables;
    expect(CREDENTIALS_SECRET_ARN).toMatch(/^\$\{aws_secretsmanager_secret\.client_\w+\.arn\}$/);
  });

  it.each<[what: string, options: object, reason: RegExp]>([
    ['neither issuer nor tokenEndpoint', { issuer: undefined }, /Neither issuer nor tokenEndpoint is given/],
    ['both', { tokenEndpoint: 'https://example.com/token' }, /Both issuer and tokenEndpoint are given/],
    [
      'a tokenEndpoint without a proof of its tokens',
      { issuer: undefined, tokenEndpoint: 'https://example.com/token' },
      /tokenEndpoint needs jwksUri or introspectionEndpoint/,
    ],
    ['plain HTTP', { issuer: 'http://example.com' }, /issuer is "http:\/\/example\.com": expected an https:\/\/ URL/],
    ['text that is not a URL', { issuer: 'example.okta.com' }, /expected an https:\/\/ URL/],
    ['audience and resource', { audience: 'a', resource: 'b' }, /Both audience and resource are given/],
    ['a scope with two spaces', { scope: 'a  b' }, /scope is "a {2}b": expected names with one space/],
    [
      'an unknown authentication',
      { authentication: 'none' },
      /expected client_secret_basic, client_secret_post, private_key_jwt/,
    ],
    ['half a second', { lifetimeSeconds: 0.5 }, /lifetimeSeconds is 0\.5: expected a whole number/],
    [
      'credentials of another kind',
      { credentials: { kind: 'environment' } },
      /Expected fromSecret\(client\.secretArn\)/,
    ],
    [
      'a login in a URL',
      { issuer: 'https://user:hunter2@idp/' },
      /^(?!.*hunter2).*issuer has a user name or a password in it/,
    ],
    ['a login in an endpoint', { jwksUri: 'https://user@idp/' }, /jwksUri has a user name/],
    ['a login in an invalid URL', { issuer: 'https://user:hun ter2@idp/' }, /^(?!.*ter2).*a user name or a password/],
    [
      'a login of a proxy',
      { proxy: 'http://user:hunter2@proxy' },
      /^(?!.*hunter2).*proxy has a user name or a password/,
    ],
    [
      'a proxy with a path',
      { proxy: 'http://proxy/path' },
      /proxy is "http:\/\/proxy\/path": expected http:\/\/HOST:PORT/,
    ],
    ['an invalid authority', { tls: { ca: 'PEM' } }, /tls\.ca is not a certificate/],
    ['a misspelt part of tls', { tls: { cert: 'PEM' } }, /tls has no option "cert"/],
    [
      'a certificate without a secret',
      { tls: { clientCertificate: { kind: 'environment' } } },
      /tls\.clientCertificate are not in a secret/,
    ],
    ['a client without its certificate', { authentication: 'tls_client_auth' }, /expected tls\.clientCertificate/],
    ['an unknown proof', { proof: 'dpop' }, /expected introspection, probe, claims.*\(DPoP\) cannot be rotated/],
    ['a probe without a URL', { proof: 'probe' }, /'probe' without a probeUrl/],
    ['an unused probe', { probeUrl: 'https://api.example.com' }, /probeUrl is given: expected proof: 'probe'/],
    [
      'a probe over plain HTTP',
      { proof: 'probe', probeUrl: 'http://api.example.com' },
      /probeUrl is .*expected an https/,
    ],
    ['an invalid header', { proof: 'probe', probeUrl: 'https://api', probeHeader: 'a: b' }, /probeHeader is "a: b"/],
    [
      'unused introspection',
      { proof: 'claims', introspectionCredentials: credentials },
      /introspectionCredentials are given with proof: 'claims'/,
    ],
    [
      'introspection without an endpoint',
      { issuer: undefined, tokenEndpoint: 'https://idp/token', jwksUri: 'https://idp/jwks', proof: 'introspection' },
      /expected introspectionEndpoint/,
    ],
    [
      'a secret among the parameters',
      { parameters: { client_secret: 'hunter2' } },
      /^(?!.*hunter2).*parameters has "client_secret"/,
    ],
    ['a parameter that is not text', { parameters: { max_age: 1 } }, /parameters has "max_age" of another type/],
    [
      'an assertion for a secret',
      { assertion: { keyId: '1' } },
      /assertion is given: expected authentication: 'private_key_jwt'/,
    ],
    [
      'another algorithm',
      { authentication: 'private_key_jwt', assertion: { algorithm: 'HS256' } },
      /assertion\.algorithm is "HS256": expected RS256/,
    ],
    [
      'an invalid thumbprint',
      { authentication: 'private_key_jwt', assertion: { thumbprint: 'abc' } },
      /assertion\.thumbprint is "abc"/,
    ],
    ['an infinite life', { lifetimeSeconds: Number.POSITIVE_INFINITY }, /lifetimeSeconds is Infinity/],
    ['a misspelt option', { scopes: 'a' }, /has no option "scopes"/],
  ])('refuses %s', (_what, options, reason) => {
    const error = refusal(() => Rotation.oauthToken({ ...okta, ...options }));
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toMatch(reason);
  });

  it('accepts plain HTTP on this machine', () => {
    expect(variables(Rotation.oauthToken({ ...okta, issuer: 'http://127.0.0.1:4000/' }))).toMatchObject({
      OAUTH_ISSUER: 'http://127.0.0.1:4000/',
    });
  });
});

describe('what the function is told', () => {
  const introspectionArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/introspection-AbCdEf';
  const certificateArn = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop/certificate-AbCdEf';
  const everything: OauthTokenRotationOptions = {
    ...okta,
    audience: 'https://api',
    parameters: { organization: 'org_1' },
    authentication: 'private_key_jwt',
    assertion: { audience: 'https://idp/token', algorithm: 'PS256', keyId: 'key-1', thumbprint: 'ab'.repeat(32) },
    proof: 'introspection',
    introspectionCredentials: fromSecret(introspectionArn),
    lifetimeSeconds: 90_000,
    tls: {
      ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
      clientCertificate: fromSecret(certificateArn),
    },
    proxy: 'http://proxy.internal:3128',
  };

  it('is what was declared, read back', () => {
    const { credentials: _, introspectionCredentials: __, tls, ...declared } = everything;
    const environment = variables(Rotation.oauthToken(everything));
    expect(readOauthTokenEnvironment(environment)).toEqual({
      ...declared,
      tls: { ca: tls?.ca },
      secrets: { credentials: clientArn, introspection: introspectionArn, clientCertificate: certificateArn },
    });
  });

  it.each<[string, Record<string, string>, RegExp]>([
    ['an issuer that is not a URL', { OAUTH_ISSUER: 'idp' }, /environment does not fit: issuer is "idp"/],
    ['parameters that are not JSON', { OAUTH_PARAMETERS: 'a=b' }, /OAUTH_PARAMETERS is not JSON/],
    ['a life that is not a number', { OAUTH_LIFETIME_SECONDS: '"day"' }, /lifetimeSeconds is day/],
    ['no client', { CREDENTIALS_SECRET_ARN: '' }, /CREDENTIALS_SECRET_ARN is "": expected the ARN/],
  ])('is refused by the function, too: %s', (_what, changed, reason) => {
    expect(() => readOauthTokenEnvironment({ ...variables(Rotation.oauthToken(okta)), ...changed })).toThrow(reason);
  });

  it('matches what it may read: each secret has its own statement', () => {
    const document = Object(
      blockOf(rotated(Rotation.oauthToken(everything)), 'aws_iam_policy_document', 'permissions'),
    );
    const reading = document.statement.filter(({ sid }: { sid?: string }) => sid?.startsWith('ReadThe'));
    expect(reading).toMatchObject([
      { sid: 'ReadTheCredentials', resources: [clientArn] },
      { sid: 'ReadTheIntrospection', resources: [introspectionArn] },
      { sid: 'ReadTheClientCertificate', resources: [certificateArn] },
    ]);
  });
});

describe('an audience that nothing would check', () => {
  const cognito = {
    issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_A',
    audience: 'orders',
    credentials,
  };
  const warnings = (options: OauthTokenRotationOptions) =>
    synthWarnings((stack) => {
      const rotation = Rotation.oauthToken(options);
      new RotatedSecret(stack, 'token', { name: 'shop/orders-token', rotation, schedule: every20Hours });
    });

  it.each<[string, OauthTokenRotationOptions, RegExp]>([
    [
      'at Cognito, without one of its scopes',
      cognito,
      /Cognito's tokens name no audience, and no scope begins with "orders\/"/,
    ],
    ['by a probe', { ...okta, audience: 'a', proof: 'probe', probeUrl: 'https://api' }, /'probe' does not check it/],
  ])('is warned of %s', (_what, options, warning) => {
    expect(warnings(options)).toEqual([expect.stringMatching(warning)]);
  });

  it('is accepted if a scope names it', () => {
    expect(warnings({ ...cognito, scope: 'orders/read' })).toEqual([]);
  });
});

describe('Rotation.auth0', () => {
  it('has an option for the organization, in addition to other parameters', () => {
    const { OAUTH_PARAMETERS } = variables(
      Rotation.auth0({ ...auth0, organization: 'org_1', parameters: { connection: 'c' } }),
    );
    expect(JSON.parse(OAUTH_PARAMETERS)).toEqual({ connection: 'c', organization: 'org_1' });
  });

  it('gets a token for a client of the tenant, and its issuer ends in a slash', () => {
    expect(variables(Rotation.auth0({ ...auth0, scope: 'read:orders' }))).toEqual({
      OAUTH_ISSUER: 'https://shop.eu.auth0.com/',
      OAUTH_AUDIENCE: 'https://orders.example.com',
      OAUTH_SCOPE: 'read:orders',
      OAUTH_AUTHENTICATION: 'client_secret_post',
      CREDENTIALS_SECRET_ARN: clientArn,
    });
  });

  it('adds the organization to parameters that only Terraform knows', () => {
    const stack = synthesize((scope) => {
      const parameters = Token.asStringMap(new TerraformVariable(scope, 'parameters', { type: 'map(string)' }).value);
      const rotation = Rotation.auth0({ ...auth0, organization: 'org_1', parameters });
      new RotatedSecret(scope, 'token', { name: 'shop/orders-token', rotation, schedule: every20Hours });
    });
    expect(Object(blockOf(stack, 'aws_lambda_function').environment).variables).toMatchObject({
      OAUTH_PARAMETERS: '${jsonencode(merge(var.parameters, {"organization" = "org_1"}))}',
    });
  });

  it('encodes a value that only Terraform knows as JSON, and refuses such a name', () => {
    const declare = (named: (text: string) => Record<string, string>) =>
      synthesize((scope) => {
        const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
        const rotation = Rotation.auth0({ ...auth0, parameters: named(text) });
        new RotatedSecret(scope, 'token', { name: 'shop/orders-token', rotation, schedule: every20Hours });
      });
    const stack = declare((text) => ({ connection: text }));
    expect(Object(blockOf(stack, 'aws_lambda_function').environment).variables).toMatchObject({
      OAUTH_PARAMETERS: '{"connection":${jsonencode(var.text)}}',
    });
    expect(refusal(() => declare((text) => ({ [text]: 'c' }))).message).toMatch(/whose name only Terraform knows/);
  });

  it.each(['https://shop.eu.auth0.com', 'shop.eu.auth0.com/', 'auth0'])('refuses the domain "%s"', (domain) => {
    expect(refusal(() => Rotation.auth0({ ...auth0, domain })).message).toMatch(/Expected only the tenant's domain/);
  });
});

describe('a token with a known life', () => {
  const rotation = Rotation.auth0({ ...auth0, lifetimeSeconds: 90_000 });

  it('of 25 hours is refused on a daily schedule, and the error suggests one that works', () => {
    const error = refusal(() => rotated(rotation, Schedule.rate({ days: 1 })));
    expect(error.code).toBe('SCHEDULE');
    expect(error.message).toMatch(/^The token lives 25 h, less than the 48 h 20 min .*Use rate\(23 hours\)/);
    expect(() => rotated(rotation, Schedule.rate({ hours: 23 }))).not.toThrow();
  });

  it('is also refused in a shared function', () => {
    const declare = () =>
      synthesize((stack) => {
        const shared = new RotationFunction(stack, 'fleet', {
          functionName: 'rotate-tokens',
          rotation,
          secretNamePrefix: 'shop/',
        });
        new RotatedSecret(stack, 'token', { name: 'shop/t', rotation: shared, schedule: Schedule.rate({ days: 1 }) });
      });
    expect(refusal(declare).code).toBe('SCHEDULE');
  });
});
