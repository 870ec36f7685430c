import { Token } from 'cdktf';
import { checkOauthTokenOptions } from '../../rules/check-oauth-token.ts';
import { type OauthTokenOptions, type OauthTokenSecrets, oauthTokenEnvironment } from '../../rules/oauth-token.ts';
import { checkOptions, known, type OptionTable } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import type { SecretCredentials } from '../from-secret.ts';
import type { Network } from '../network/network.ts';
import { withTexts } from '../terraform/references.ts';
import type { RotationNeeds } from './rotation-needs.ts';

/** What `Rotation.oauthToken` takes. */
export interface OauthTokenRotationOptions extends Omit<OauthTokenOptions, 'tls'> {
  /**
   * The secret with the client's id and secret, `{"client_id": "…", "client_secret": "…"}`; for `private_key_jwt`
   * `{"client_id": "…", "private_key": "PEM"}`, with `kid` or `certificate` if the issuer knows the key by one of them; for
   * `tls_client_auth` `{"client_id": "…"}`.
   */
  readonly credentials: SecretCredentials;
  /**
   * The secret of the client that asks the issuer about tokens, if it is not the one that they are issued to.
   * @default that one
   */
  readonly introspectionCredentials?: SecretCredentials;
  /** How the issuer is trusted, and the client (mutual TLS). */
  readonly tls?: OauthTokenOptions['tls'] & {
    /** The secret with the client's certificate, `{"certificate": "PEM", "private_key": "PEM"}`. @default none */
    readonly clientCertificate?: SecretCredentials;
  };
  /** The VPC that the function runs in, for an issuer without a public address. @default none */
  readonly network?: Network;
}

/** What Auth0's issuer decides: no option of `Rotation.auth0`. */
type DecidedByAuth0 =
  | 'issuer'
  | 'tokenEndpoint'
  | 'jwksUri'
  | 'introspectionEndpoint'
  | 'introspectionCredentials'
  | 'resource';

/** What `Rotation.auth0` takes. */
export interface Auth0RotationOptions extends Omit<OauthTokenRotationOptions, DecidedByAuth0 | 'audience'> {
  /** The tenant's domain, such as `my-tenant.eu.auth0.com`, or its custom domain. */
  readonly domain: string;
  /** The identifier of the API that the token is for. */
  readonly audience: string;
  /** The organization that the token is for, such as `org_9ybsU1dN2dKfDkBi`. @default none */
  readonly organization?: string;
}

const auth0Table: OptionTable<Auth0RotationOptions> = {
  domain: known('required', 'it decides who issues the token'),
  audience: 'required',
  organization: 'optional',
  scope: 'optional',
  parameters: 'optional',
  authentication: known('optional', 'it decides what the credentials must hold'),
  assertion: 'optional',
  proof: known('optional', 'it decides what else is needed'),
  probeUrl: 'optional',
  probeHeader: 'optional',
  credentials: 'required',
  lifetimeSeconds: known('optional', 'it is compared with the schedule'),
  network: 'optional',
  tls: 'optional',
  proxy: 'optional',
};

const oauthTable: OptionTable<OauthTokenRotationOptions> = {
  issuer: 'optional',
  tokenEndpoint: 'optional',
  jwksUri: 'optional',
  introspectionEndpoint: 'optional',
  audience: 'optional',
  resource: 'optional',
  scope: 'optional',
  parameters: 'optional',
  authentication: known('optional', 'it decides what the credentials must hold'),
  assertion: 'optional',
  proof: known('optional', 'it decides what else is needed'),
  probeUrl: 'optional',
  probeHeader: 'optional',
  credentials: 'required',
  introspectionCredentials: 'optional',
  lifetimeSeconds: known('optional', 'it is compared with the schedule'),
  network: 'optional',
  tls: 'optional',
  proxy: 'optional',
};

/** What the rotation of a client's token needs. @throws ConstructError OPTIONS */
export function oauthTokenNeeds(given: OauthTokenRotationOptions): RotationNeeds {
  checkOptions('Rotation.oauthToken', given, oauthTable);
  const options = withTexts(given);
  const { credentials, introspectionCredentials, tls = {}, network, ...others } = options;
  checkOptions('tls', tls, { ca: 'optional', clientCertificate: 'optional' });
  checkOptions('assertion', others.assertion ?? {}, {
    audience: 'optional',
    algorithm: 'optional',
    keyId: 'optional',
    thumbprint: 'optional',
  });
  const { ca, clientCertificate } = tls;
  const token: OauthTokenOptions = { ...others, ...(ca !== undefined && { tls: { ca } }) };
  const secrets = { credentials, introspectionCredentials, 'tls.clientCertificate': clientCertificate };
  const arns: OauthTokenSecrets = {
    credentials: credentials.secretArn,
    introspection: introspectionCredentials?.secretArn,
    clientCertificate: clientCertificate?.secretArn,
  };
  const reason = checkSecrets(secrets) ?? checkOauthTokenOptions(withoutTokens(token), arns);
  if (reason !== undefined) throw new ConstructError('OPTIONS', `Rotation.oauthToken: ${reason}`);
  return {
    code: builtInCode('oauth-token'),
    environment: oauthTokenEnvironment(token, arns),
    statements: [
      ...credentials.statements,
      ...statementsOf(introspectionCredentials, 'Introspection'),
      ...statementsOf(clientCertificate, 'ClientCertificate'),
    ],
    format: 'json' as const,
    generatedFields: ['access_token'],
    readsEarlierVersions: false,
    otherSecretArns: Object.values(arns).filter((arn) => arn !== undefined),
    warnings: warningsOf(options),
    tokenLifetimeSeconds: options.lifetimeSeconds,
    network,
  };
}

/** What is declared and nobody checks. */
function warningsOf({ issuer = '', audience, resource, scope = '', proof }: OauthTokenRotationOptions): string[] {
  const api = audience ?? resource;
  if (api === undefined) return [];
  if (proof === 'probe') {
    return [
      `The audience "${api}" is asked for, and proof: 'probe' does not check it: a token for another API may be stored.`,
    ];
  }
  const isNamed = scope.split(' ').some((name) => name.startsWith(`${api.replace(/\/$/, '')}/`));
  if (!/^https:\/\/cognito-idp\./.test(issuer) || isNamed) return [];
  return [
    `Cognito's tokens name no audience, and no scope begins with "${api}/": nothing would say that a token is for "${api}". Ask for a ` +
      'scope of that resource server, or leave audience out.',
  ];
}

/** Auth0's issuer, and its way to prove a client. @throws ConstructError OPTIONS */
export function auth0Token(options: Auth0RotationOptions): OauthTokenRotationOptions {
  checkOptions('Rotation.auth0', options, auth0Table);
  const { domain, organization, parameters, ...token } = options;
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(domain)) {
    throw new ConstructError(
      'OPTIONS',
      `Rotation.auth0: domain is "${domain}". Expected the tenant's domain alone, such as my-tenant.eu.auth0.com.`,
    );
  }
  return {
    // Auth0's own default for a new application.
    authentication: 'client_secret_post',
    ...token,
    ...((organization ?? parameters) && { parameters: { ...parameters, ...(organization && { organization }) } }),
    // It ends in a slash.
    issuer: `https://${domain}/`,
  };
}

function checkSecrets(secrets: Readonly<Record<string, SecretCredentials | undefined>>): string | undefined {
  const wrong = Object.entries(secrets).find(([, given]) => given !== undefined && given.kind !== 'secret');
  return wrong && `${wrong[0]} are not in a secret. Expected fromSecret(client.secretArn).`;
}

/** What reads a further secret. One role has each statement's id once. */
function statementsOf(credentials: SecretCredentials | undefined, whose: string): SecretCredentials['statements'] {
  return (credentials?.statements ?? []).map((each) => ({ ...each, sid: each.sid?.replace('Credentials', whose) }));
}

const URLS = ['issuer', 'tokenEndpoint', 'jwksUri', 'introspectionEndpoint', 'probeUrl'] as const;

/** What Terraform alone knows, such as a certificate in a file, is checked when the function runs. */
function withoutTokens({ tls, ...options }: OauthTokenOptions): OauthTokenOptions {
  const unknown = URLS.filter((name) => Token.isUnresolved(options[name]));
  return {
    ...options,
    ...Object.fromEntries(unknown.map((name) => [name, 'https://known-to-terraform.example.com'])),
    ...(tls && !Token.isUnresolved(tls.ca) && { tls }),
  };
}
