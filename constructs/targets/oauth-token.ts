import { checkOauthTokenOptions, type OauthTokenOptions, oauthTokenEnvironment } from '../../rules/oauth-token.ts';
import { checkOptions } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import type { SecretCredentials } from '../from-secret.ts';
import type { Network } from '../network/network.ts';
import type { RotationNeeds } from './rotation-needs.ts';

/** What every token of a client takes. */
interface ClientTokenOptions {
  /**
   * The secret with the client's id and secret, `{"client_id": "…", "client_secret": "…"}`; for `private_key_jwt`
   * `{"client_id": "…", "private_key": "PEM", "kid": "…"}`.
   */
  readonly credentials: SecretCredentials;
  /**
   * How long the issuer's tokens live, in seconds, where you know it: synth then refuses a schedule that renews them too
   * late. createSecret checks it anyway, against what was granted.
   * @default not known
   */
  readonly lifetimeSeconds?: number;
  /** The VPC that the function runs in, for an issuer without a public address. @default none */
  readonly network?: Network;
}

/** What `Rotation.oauthToken` takes. */
export interface OauthTokenRotationOptions extends OauthTokenOptions, ClientTokenOptions {}

/** What `Rotation.auth0` takes. */
export interface Auth0RotationOptions extends ClientTokenOptions, Pick<OauthTokenOptions, 'scope' | 'authentication'> {
  /** The tenant's domain, such as `my-tenant.eu.auth0.com`, or its custom domain. */
  readonly domain: string;
  /** The identifier of the API that the token is for. */
  readonly audience: string;
}

/** What the rotation of a client's token needs. @throws ConstructError OPTIONS */
export function oauthTokenNeeds(options: OauthTokenRotationOptions): RotationNeeds {
  checkOptions('Rotation.oauthToken', options, {
    issuer: 'optional',
    tokenEndpoint: 'optional',
    jwksUri: 'optional',
    introspectionEndpoint: 'optional',
    audience: 'optional',
    resource: 'optional',
    scope: 'optional',
    authentication: 'optional',
    credentials: 'required',
    lifetimeSeconds: 'optional',
    network: 'optional',
  });
  const { credentials, lifetimeSeconds, network, ...token } = options;
  const reason = checkOauthTokenOptions(token) ?? checkLifetime(lifetimeSeconds) ?? checkCredentials(credentials);
  if (reason !== undefined) throw new ConstructError('OPTIONS', `Rotation.oauthToken: ${reason}`);
  return {
    code: builtInCode('oauth-token'),
    environment: { ...oauthTokenEnvironment(token), ...credentials.environment },
    statements: credentials.statements,
    format: 'json' as const,
    generatedFields: ['access_token'],
    readsEarlierVersions: false,
    tokenLifetimeSeconds: lifetimeSeconds,
    network,
  };
}

/** Auth0's issuer, and its way to prove a client. @throws ConstructError OPTIONS */
export function auth0Token(options: Auth0RotationOptions): OauthTokenRotationOptions {
  checkOptions('Rotation.auth0', options, {
    domain: 'required',
    audience: 'required',
    scope: 'optional',
    authentication: 'optional',
    credentials: 'required',
    lifetimeSeconds: 'optional',
    network: 'optional',
  });
  const { domain, ...token } = options;
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain)) {
    throw new ConstructError(
      'OPTIONS',
      `Rotation.auth0: domain is "${domain}". Expected the tenant's domain alone, such as my-tenant.eu.auth0.com.`,
    );
  }
  // Auth0's own default for a new application; its issuer ends in a slash.
  return { authentication: 'client_secret_post', ...token, issuer: `https://${domain}/` };
}

function checkCredentials({ kind }: SecretCredentials): string | undefined {
  return kind === 'secret' ? undefined : 'credentials are not in a secret. Expected fromSecret(client.secretArn).';
}

function checkLifetime(seconds: number | undefined): string | undefined {
  if (seconds === undefined || (Number.isInteger(seconds) && seconds > 0)) return undefined;
  return `lifetimeSeconds is ${seconds}: expected a whole number of seconds.`;
}
