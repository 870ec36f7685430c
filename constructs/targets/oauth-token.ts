import { Fn } from 'cdktf';
import { checkOauthTokenOptions } from '../../rules/check-oauth-token.ts';
import { type OauthTokenOptions, type OauthTokenSecrets, oauthTokenEnvironment } from '../../rules/oauth-token.ts';
import { checkOptions, known, knownShape, type OptionTable } from '../checks/check-options.ts';
import { builtInCode } from '../code/function-code.ts';
import { ConstructError } from '../construct-error.ts';
import type { SecretCredentials } from '../from-secret.ts';
import type { Network } from '../network/network.ts';
import { jsonTemplate } from '../secret/json-template.ts';
import { holdsReference, isReference, withTexts } from '../terraform/references.ts';
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

const knownSecret = (need: 'optional' | 'required') => knownShape(need, 'it decides what the role may read');

const auth0Table: OptionTable<Auth0RotationOptions> = {
  domain: known('required', 'it decides who issues the token'),
  audience: 'required',
  organization: 'optional',
  scope: 'optional',
  parameters: 'optional',
  authentication: known('optional', 'it decides what the credentials must hold'),
  assertion: knownShape('optional', 'each of its parts is a variable of its own'),
  proof: known('optional', 'it decides what else is needed'),
  probeUrl: 'optional',
  probeHeader: 'optional',
  credentials: knownSecret('required'),
  lifetimeSeconds: known('optional', 'it is compared with the schedule'),
  network: knownShape('optional', 'it decides which ports the function may reach'),
  tls: knownShape('optional', 'each of its parts is a variable of its own'),
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
  assertion: knownShape('optional', 'each of its parts is a variable of its own'),
  proof: known('optional', 'it decides what else is needed'),
  probeUrl: 'optional',
  probeHeader: 'optional',
  credentials: knownSecret('required'),
  introspectionCredentials: knownSecret('optional'),
  lifetimeSeconds: known('optional', 'it is compared with the schedule'),
  network: knownShape('optional', 'it decides which ports the function may reach'),
  tls: knownShape('optional', 'each of its parts is a variable of its own'),
  proxy: 'optional',
};

/** What the rotation of a client's token needs. @throws ConstructError OPTIONS */
export function oauthTokenNeeds(given: OauthTokenRotationOptions): RotationNeeds {
  checkOptions('Rotation.oauthToken', given, oauthTable);
  const { network, ...withoutNetwork } = given;
  const options = withTexts(withoutNetwork);
  const { credentials, introspectionCredentials, tls = {}, ...others } = options;
  checkOptions('tls', tls, { ca: 'optional', clientCertificate: knownSecret('optional') });
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
  const reason = checkSecrets(secrets) ?? checkNames(others) ?? checkOauthTokenOptions(withStandIns(token), arns);
  if (reason !== undefined) throw new ConstructError('OPTIONS', `Rotation.oauthToken: ${reason}`);
  return {
    code: builtInCode('oauth-token'),
    environment: { ...oauthTokenEnvironment(token, arns), ...parametersVariable(token) },
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
      `The audience${isReference(api) ? '' : ` "${api}"`} is asked for, and proof: 'probe' does not check it: a token for another API may be stored.`,
    ];
  }
  // What only Terraform knows may begin with anything.
  if (holdsReference([issuer, api, scope])) return [];
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
      `Rotation.auth0: domain is "${domain}". Expected only the tenant's domain, such as my-tenant.eu.auth0.com.`,
    );
  }
  return {
    // Auth0's own default for a new application.
    authentication: 'client_secret_post',
    ...token,
    ...(parameters && { parameters }),
    ...(organization && { parameters: withField(parameters, { organization }) }),
    // It ends in a slash.
    issuer: `https://${domain}/`,
  };
}

/** With a field more, even if only Terraform knows the others. */
function withField(parameters: Auth0RotationOptions['parameters'], own: object): Record<string, string> {
  return isReference(parameters) ? Fn.merge([parameters, own]) : { ...parameters, ...own };
}

function checkSecrets(secrets: Readonly<Record<string, SecretCredentials | undefined>>): string | undefined {
  const wrong = Object.entries(secrets).find(([, given]) => given !== undefined && given.kind !== 'secret');
  return wrong && `${wrong[0]} are not in a secret. Expected fromSecret(client.secretArn).`;
}

/** What reads a further secret. One role has each statement's id once. */
function statementsOf(credentials: SecretCredentials | undefined, whose: string): SecretCredentials['statements'] {
  return (credentials?.statements ?? []).map((each) => ({ ...each, sid: each.sid?.replace('Credentials', whose) }));
}

/** Names of fields are checked; the whole of them may be one reference. */
function checkNames({ parameters = {} }: OauthTokenOptions): string | undefined {
  if (isReference(parameters) || !Object.keys(parameters).some(isReference)) return undefined;
  return 'parameters has a field whose name only Terraform knows. Expected a literal as its name.';
}

/** As JSON that holds for every value of what only Terraform knows. */
function parametersVariable({ parameters }: OauthTokenOptions): Record<string, string> {
  return parameters === undefined ? {} : { OAUTH_PARAMETERS: jsonTemplate(parameters) };
}

const URL = 'https://known-to-terraform.example.com';

/** What passes each check in the place of a reference. */
const STAND_INS: Readonly<Record<string, unknown>> = {
  ...{ issuer: URL, tokenEndpoint: URL, jwksUri: URL, introspectionEndpoint: URL, probeUrl: URL, proxy: URL },
  ...{ scope: 'known-to-terraform', parameters: {}, probeHeader: 'Known-To-Terraform' },
  ...{
    algorithm: 'RS256',
    thumbprint: '0'.repeat(64),
    ca: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----',
  },
};

/** What only Terraform knows, such as a certificate in a file, is checked when the function runs. */
function withStandIns({ tls, assertion, ...options }: OauthTokenOptions): OauthTokenOptions {
  return {
    ...standIn(options),
    ...(tls && { tls: standIn(tls) }),
    ...(assertion && { assertion: standIn(assertion) }),
  };
}

function standIn<Options extends object>(options: Options): Options {
  const parts = Object.entries(options).map(([name, value]) => [
    name,
    isReference(value) ? (STAND_INS[name] ?? value) : value,
  ]);
  return Object.fromEntries(parts) as Options;
}
