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
import { refusal } from './refusal.ts';
import { blockOf } from './stack-json.ts';
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
  it('tells the function which token is wanted, and where the client is found', () => {
    expect(variables(Rotation.oauthToken({ ...okta, scope: 'read write', resource: 'https://api' }))).toEqual({
      OAUTH_ISSUER: 'https://example.okta.com/oauth2/default',
      OAUTH_RESOURCE: 'https://api',
      OAUTH_SCOPE: 'read write',
      OAUTH_AUTHENTICATION: 'client_secret_basic',
      CREDENTIALS_SECRET_ARN: clientArn,
    });
  });

  it('lets the function read the secret of the client, and no other', () => {
    const statements = Object(blockOf(rotated(Rotation.oauthToken(okta)), 'aws_iam_policy_document', 'permissions'));
    expect(statements.statement).toContainEqual(
      expect.objectContaining({ actions: ['secretsmanager:GetSecretValue'], resources: [clientArn] }),
    );
  });

  it('takes the ARN of a secret of the same stack', () => {
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
      'a tokenEndpoint whose tokens nothing proves',
      { issuer: undefined, tokenEndpoint: 'https://example.com/token' },
      /expected jwksUri or introspectionEndpoint/,
    ],
    ['plain HTTP', { issuer: 'http://example.com' }, /issuer is "http:\/\/example\.com": expected an https:\/\/ URL/],
    ['what is no URL', { issuer: 'example.okta.com' }, /expected an https:\/\/ URL/],
    ['audience and resource', { audience: 'a', resource: 'b' }, /Both audience and resource are given/],
    ['a scope with two spaces', { scope: 'a  b' }, /scope is "a {2}b": expected names with one space/],
    [
      'another authentication',
      { authentication: 'none' },
      /expected client_secret_basic, client_secret_post, private_key_jwt/,
    ],
    ['half a second', { lifetimeSeconds: 0.5 }, /lifetimeSeconds is 0\.5: expected a whole number/],
    [
      'credentials of another kind',
      { credentials: { kind: 'environment' } },
      /Expected fromSecret\(client\.secretArn\)/,
    ],
    ['a misspelt option', { scopes: 'a' }, /has no option "scopes"/],
  ])('refuses %s', (_what, options, reason) => {
    const error = refusal(() => Rotation.oauthToken({ ...okta, ...options }));
    expect(error.code).toBe('OPTIONS');
    expect(error.message).toMatch(reason);
  });

  it('takes plain HTTP on this machine', () => {
    expect(variables(Rotation.oauthToken({ ...okta, issuer: 'http://127.0.0.1:4000/' }))).toMatchObject({
      OAUTH_ISSUER: 'http://127.0.0.1:4000/',
    });
  });
});

describe('Rotation.auth0', () => {
  it("is a client's token of the tenant, whose issuer ends in a slash", () => {
    expect(variables(Rotation.auth0({ ...auth0, scope: 'read:orders' }))).toEqual({
      OAUTH_ISSUER: 'https://shop.eu.auth0.com/',
      OAUTH_AUDIENCE: 'https://orders.example.com',
      OAUTH_SCOPE: 'read:orders',
      OAUTH_AUTHENTICATION: 'client_secret_post',
      CREDENTIALS_SECRET_ARN: clientArn,
    });
  });

  it.each(['https://shop.eu.auth0.com', 'shop.eu.auth0.com/', 'auth0'])('refuses the domain "%s"', (domain) => {
    expect(refusal(() => Rotation.auth0({ ...auth0, domain })).message).toMatch(/Expected the tenant's domain alone/);
  });
});

describe('a token whose life is known', () => {
  const rotation = Rotation.auth0({ ...auth0, lifetimeSeconds: 90_000 });

  it('of 25 hours is refused on a daily schedule, with one that works', () => {
    const error = refusal(() => rotated(rotation, Schedule.rate({ days: 1 })));
    expect(error.code).toBe('SCHEDULE');
    expect(error.message).toMatch(/^The token lives 25 h, less than the 48 h 20 min .*Use rate\(23 hours\)/);
    expect(() => rotated(rotation, Schedule.rate({ hours: 23 }))).not.toThrow();
  });

  it('is refused in a shared function, too', () => {
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
