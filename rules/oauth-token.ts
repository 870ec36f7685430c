import { isSecure } from './is-secure.ts';

/** How a client proves who it is at the token endpoint, as OAuth 2.0 and OpenID Connect name it. */
export type ClientAuthentication = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** Which token is asked for, and where: what `Rotation.oauthToken` takes besides the client's credentials. */
export interface OauthTokenOptions {
  /** The issuer as its tokens name it, `https://login.example.com/`: its metadata tells the endpoints. Or `tokenEndpoint`. */
  readonly issuer?: string;
  /** Where tokens are issued, for an issuer without metadata; then with `jwksUri` or `introspectionEndpoint`, too. */
  readonly tokenEndpoint?: string;
  /** The issuer's public keys, which prove a token that is a JWT. @default as the issuer's metadata has it */
  readonly jwksUri?: string;
  /** Where the issuer says whether an opaque token is active. @default as the issuer's metadata has it */
  readonly introspectionEndpoint?: string;
  /** The API that the token is for, as Auth0 calls it. @default the issuer decides */
  readonly audience?: string;
  /** The same in the words of RFC 8707. Not both. */
  readonly resource?: string;
  /** What the token must allow, separated by spaces: the issuer may leave none of it out. @default the issuer decides */
  readonly scope?: string;
  /** @default 'client_secret_basic' */
  readonly authentication?: ClientAuthentication;
}

const NAMES = [
  'issuer',
  'tokenEndpoint',
  'jwksUri',
  'introspectionEndpoint',
  'audience',
  'resource',
  'scope',
  'authentication',
] as const satisfies (keyof OauthTokenOptions)[];

const AUTHENTICATIONS: readonly string[] = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
] satisfies ClientAuthentication[];

const URLS = ['issuer', 'tokenEndpoint', 'jwksUri', 'introspectionEndpoint'] as const;

/** Why no token can be asked for, or none could be proved – what was found, what is expected – or undefined. */
export function checkOauthTokenOptions(options: OauthTokenOptions): string | undefined {
  const { issuer, tokenEndpoint, jwksUri, introspectionEndpoint, audience, resource, scope, authentication } = options;
  if ((issuer === undefined) === (tokenEndpoint === undefined)) {
    const found = issuer === undefined ? 'Neither issuer nor tokenEndpoint is' : 'Both issuer and tokenEndpoint are';
    return `${found} given: expected one of them.`;
  }
  if (tokenEndpoint !== undefined && jwksUri === undefined && introspectionEndpoint === undefined) {
    return 'tokenEndpoint is given alone: expected jwksUri or introspectionEndpoint with it, by which a token is proved.';
  }
  for (const name of URLS) {
    const url = options[name];
    if (url !== undefined && !isSecure(url)) {
      return `${name} is "${url}": expected an https:// URL. Plain HTTP is taken on this machine alone, http://127.0.0.1:PORT.`;
    }
  }
  if (audience !== undefined && resource !== undefined) {
    return 'Both audience and resource are given: expected the one that the issuer knows, audience for Auth0.';
  }
  if (scope !== undefined && !/^[!#-[\]-~]+( [!#-[\]-~]+)*$/.test(scope)) {
    return `scope is "${scope}": expected names with one space between them.`;
  }
  if (authentication !== undefined && !AUTHENTICATIONS.includes(authentication)) {
    return `authentication is "${authentication}": expected ${AUTHENTICATIONS.join(', ')}.`;
  }
  return undefined;
}

/** The options as environment variables of the rotation function. */
export function oauthTokenEnvironment(options: OauthTokenOptions): Record<string, string> {
  const all = { authentication: 'client_secret_basic' as const, ...options };
  return Object.fromEntries(NAMES.flatMap((name) => (all[name] === undefined ? [] : [[variableOf(name), all[name]]])));
}

/** The options from environment variables that `oauthTokenEnvironment` made of options without fault. */
export function readOauthTokenEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): OauthTokenOptions & { readonly authentication: ClientAuthentication } {
  const options: OauthTokenOptions = Object.fromEntries(NAMES.map((name) => [name, environment[variableOf(name)]]));
  return { ...options, authentication: options.authentication ?? 'client_secret_basic' };
}

/** `tokenEndpoint` is `OAUTH_TOKEN_ENDPOINT`. */
const variableOf = (name: string) => `OAUTH_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
