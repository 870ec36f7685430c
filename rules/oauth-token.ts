import { checkOauthTokenOptions } from './check-oauth-token.ts';
import { CREDENTIALS_VARIABLE, readSecretId } from './secret-id.ts';

/** How a client proves who it is at the token endpoint, as OAuth 2.0, OpenID Connect and RFC 8705 name it. */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'tls_client_auth';

/** What an assertion is signed with. @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1 */
export type AssertionAlgorithm =
  | `${'RS' | 'PS' | 'ES'}${256 | 384 | 512}`
  // Ed25519.
  | 'EdDSA';

/** The assertion of `private_key_jwt`, for an issuer that wants another than RFC 7523's. */
export interface AssertionOptions {
  /** Whom it is for: Okta's org server and Entra want the token endpoint. @default the issuer */
  readonly audience?: string;
  /** @default what the kind of the key most often signs with, `RS256` for RSA */
  readonly algorithm?: AssertionAlgorithm;
  /** The id under which the issuer knows the key. @default `kid` in the client's secret; none if it has none */
  readonly keyId?: string;
  /**
   * The thumbprint of the certificate that the issuer knows the key by: SHA-256 (`x5t#S256`) or SHA-1 (`x5t`), in hexadecimal
   * digits or as base64url.
   * @default that of `certificate` in the client's secret; none if it has none
   */
  readonly thumbprint?: string;
}

/**
 * How testSecret proves a token that its issuer's public keys cannot prove.
 *
 * - `introspection`: the issuer says that it is active, and what it allows.
 * - `probe`: an API takes it, at `probeUrl`. Proves neither scopes nor audience beyond that one request.
 * - `claims`: a JWT's own word for issuer, audience and times. Proves no signature.
 */
export type TokenProof = 'introspection' | 'probe' | 'claims';

/** Which token is asked for, and where: what `Rotation.oauthToken` takes besides the client's credentials. */
export interface OauthTokenOptions {
  /** The issuer as its tokens name it, `https://login.example.com/`: its metadata tells the endpoints. Or `tokenEndpoint`. */
  readonly issuer?: string;
  /** Where tokens are issued, for an issuer without metadata, or one whose tokens name another issuer. */
  readonly tokenEndpoint?: string;
  /** The issuer's public keys, which prove a token that is a JWT. @default as the issuer's metadata has it */
  readonly jwksUri?: string;
  /** Where the issuer says whether a token is active. @default as the issuer's metadata has it */
  readonly introspectionEndpoint?: string;
  /** The API that the token is for, as Auth0 calls it. @default the issuer decides */
  readonly audience?: string;
  /** The same in the words of RFC 8707. Not both. */
  readonly resource?: string;
  /** What the token must allow, separated by spaces: the issuer may leave none of it out. @default the issuer decides */
  readonly scope?: string;
  /** Further fields of the token request, such as Auth0's `organization`. They are no place for a secret. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default 'client_secret_basic' */
  readonly authentication?: ClientAuthentication;
  /** For `private_key_jwt`. @default as RFC 7523 has it */
  readonly assertion?: AssertionOptions;
  /** @default the signature of a JWT, introspection of any other token */
  readonly proof?: TokenProof;
  /** What `proof: 'probe'` asks with the token: a GET that must answer with 2xx. */
  readonly probeUrl?: string;
  /** The header that the probe has the token in, such as `X-Shopify-Access-Token`. @default `Authorization: Bearer` */
  readonly probeHeader?: string;
  /**
   * How long the issuer's tokens live, in seconds. Synth then refuses a schedule that renews them too late; and it is taken
   * for the life of a token whose issuer tells none.
   * @default what the issuer says
   */
  readonly lifetimeSeconds?: number;
  /** How the issuer is trusted, and the client. */
  readonly tls?: {
    /** The authority of the issuer's certificate, PEM, besides those that Node.js knows. @default none */
    readonly ca?: string;
  };
  /** The HTTP proxy that leads to the issuer, such as `http://proxy.internal:3128`. @default none */
  readonly proxy?: string;
}

/** The secrets that the function may read, by their ARNs. */
export interface OauthTokenSecrets {
  /** The client's. */
  readonly credentials: string;
  /** That of the client that asks about tokens. @default the client's own */
  readonly introspection?: string | undefined;
  /** The client's certificate, and its key. @default none */
  readonly clientCertificate?: string | undefined;
}

/** The options as the function reads them. */
export interface OauthTokenRequest extends OauthTokenOptions {
  readonly authentication: ClientAuthentication;
  readonly secrets: OauthTokenSecrets;
}

/** Each option, and each part of one, that is a variable of its own. */
const TEXTS = [
  ...(['issuer', 'tokenEndpoint', 'jwksUri', 'introspectionEndpoint', 'audience', 'resource', 'scope'] as const),
  ...(['authentication', 'proof', 'probeUrl', 'probeHeader', 'proxy', 'parameters', 'lifetimeSeconds'] as const),
] satisfies (keyof OauthTokenOptions)[];
const ASSERTION = ['audience', 'algorithm', 'keyId', 'thumbprint'] as const satisfies (keyof AssertionOptions)[];

/** Where the function finds the ARNs of secrets. */
const SECRETS = {
  credentials: CREDENTIALS_VARIABLE,
  introspection: 'OAUTH_INTROSPECTION_SECRET_ARN',
  clientCertificate: 'OAUTH_CLIENT_CERTIFICATE_SECRET_ARN',
} as const satisfies Record<keyof OauthTokenSecrets, string>;

/** The options as environment variables of the rotation function. */
export function oauthTokenEnvironment(options: OauthTokenOptions, secrets: OauthTokenSecrets): Record<string, string> {
  const { tls, assertion = {} } = options;
  const all = {
    ...Object.fromEntries(TEXTS.map((name) => [variableOf(name), options[name]])),
    OAUTH_AUTHENTICATION: options.authentication ?? 'client_secret_basic',
    ...Object.fromEntries(ASSERTION.map((name) => [variableOf(`assertion.${name}`), assertion[name]])),
    OAUTH_TLS_CA: tls?.ca,
    ...Object.fromEntries(Object.entries(SECRETS).map(([name, variable]) => [variable, Reflect.get(secrets, name)])),
  };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    given.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/**
 * The options from environment variables.
 * @throws RangeError with what was found and what was expected
 */
export function readOauthTokenEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): OauthTokenRequest {
  const refused = (reason: string) => new RangeError(`The function's environment does not fit: ${reason}`);
  const text = (name: string) => environment[variableOf(name)] || undefined;
  const parsed = (name: string) => {
    const found = text(name);
    try {
      return found && JSON.parse(found);
    } catch {
      throw refused(`${variableOf(name)} is not JSON.`);
    }
  };
  const { credentials, introspection, clientCertificate } = SECRETS;
  const secrets = {
    credentials: readSecretId(environment, credentials) ?? '',
    introspection: readSecretId(environment, introspection),
    clientCertificate: readSecretId(environment, clientCertificate),
  };
  if (secrets.credentials === '') throw refused(`${credentials} is missing: expected the ARN of the client's secret.`);
  const assertion = given(ASSERTION.map((name) => [name, text(`assertion.${name}`)]));
  const options: OauthTokenOptions = given([
    ...TEXTS.map((name) => [name, text(name)] as const),
    ['parameters', parsed('parameters')],
    ['lifetimeSeconds', parsed('lifetimeSeconds')],
    ['assertion', Object.keys(assertion).length > 0 ? assertion : undefined],
    ['tls', environment.OAUTH_TLS_CA && { ca: environment.OAUTH_TLS_CA }],
  ]);
  const reason = checkOauthTokenOptions(options, secrets);
  if (reason !== undefined) throw refused(reason);
  return { authentication: 'client_secret_basic', ...options, secrets };
}

/** The entries that have a value, as one object. */
function given(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** `tokenEndpoint` is `OAUTH_TOKEN_ENDPOINT`, `assertion.keyId` `OAUTH_ASSERTION_KEY_ID`. */
const variableOf = (name: string) => `OAUTH_${name.replace(/[A-Z]/g, '_$&').replace('.', '_').toUpperCase()}`;
