import { hasCertificate, NO_CERTIFICATE } from './certificate.ts';
import { checkSecureUrl } from './is-secure.ts';
import type {
  AssertionAlgorithm,
  ClientAuthentication,
  OauthTokenOptions,
  OauthTokenSecrets,
  TokenProof,
} from './oauth-token.ts';

const AUTHENTICATIONS: readonly ClientAuthentication[] = [
  ...(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth'] as const),
];
const ALGORITHMS: readonly AssertionAlgorithm[] = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const),
];
const PROOFS: readonly TokenProof[] = ['introspection', 'probe', 'claims'];
const URLS = ['issuer', 'tokenEndpoint', 'jwksUri', 'introspectionEndpoint', 'probeUrl'] as const;

/** Fields of the token request that have an option, or come from the client's secret. */
const FIELDS_WITH_OPTIONS = [
  'grant_type',
  'scope',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
];

/** More would not fit into the environment of a function, 4 kB in all. */
const CA_CHARACTERS = 2_500;
/** A hundred years. */
const MOST_SECONDS = 3_155_760_000;
const SCOPE = /^[!#-[\]-~]+( [!#-[\]-~]+)*$/;
/** 20 or 32 bytes, as OpenSSL or Azure's portal shows them, or as a JWT's header has them. */
const THUMBPRINT = /^(([\da-f]{2}:?){20}|([\da-f]{2}:?){32}|[\w-]{27}|[\w-]{43})$/i;

type Check = (options: OauthTokenOptions, secrets: OauthTokenSecrets) => string | undefined;

/** Each says why no token can be asked for, or none be proved. The first that has something to say is heard. */
const CHECKS: readonly Check[] = [
  checkEndpoints,
  ...URLS.map(
    (name): Check =>
      ({ [name]: url }) =>
        url === undefined ? undefined : checkSecureUrl(name, url),
  ),
  checkToken,
  checkParameters,
  checkAuthentication,
  checkProof,
  checkConnection,
];

/** Why no token can be asked for, or none could be proved – what was found, what is expected – or undefined. */
export function checkOauthTokenOptions(options: OauthTokenOptions, secrets: OauthTokenSecrets): string | undefined {
  for (const check of CHECKS) {
    const reason = check(options, secrets);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function checkEndpoints({ issuer, tokenEndpoint, jwksUri, introspectionEndpoint, proof }: OauthTokenOptions) {
  if ((issuer === undefined) === (tokenEndpoint === undefined)) {
    const found = issuer === undefined ? 'Neither issuer nor tokenEndpoint is' : 'Both issuer and tokenEndpoint are';
    return `${found} given: expected one of them.`;
  }
  if (tokenEndpoint === undefined) return undefined;
  if (proof === 'introspection' && introspectionEndpoint === undefined) {
    return "tokenEndpoint is given with proof: 'introspection': expected introspectionEndpoint with them.";
  }
  if (proof === undefined && jwksUri === undefined && introspectionEndpoint === undefined) {
    return 'tokenEndpoint needs jwksUri or introspectionEndpoint, which verify the token, or another proof.';
  }
  return undefined;
}

function checkToken({ audience, resource, scope, lifetimeSeconds }: OauthTokenOptions) {
  if (audience !== undefined && resource !== undefined) {
    return 'Both audience and resource are given: expected the one that the issuer knows, audience for Auth0.';
  }
  if (scope !== undefined && !SCOPE.test(scope))
    return `scope is "${scope}": expected names with one space between them.`;
  if (lifetimeSeconds === undefined) return undefined;
  if (Number.isInteger(lifetimeSeconds) && lifetimeSeconds > 0 && lifetimeSeconds <= MOST_SECONDS) return undefined;
  return `lifetimeSeconds is ${lifetimeSeconds}: expected a whole number of seconds.`;
}

function checkParameters({ parameters = {}, audience, resource }: OauthTokenOptions) {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    return "parameters is not an object: expected fields of the token request, such as { organization: 'org_1' }.";
  }
  const taken = [...FIELDS_WITH_OPTIONS, ...(audience ? ['audience'] : []), ...(resource ? ['resource'] : [])];
  for (const [name, value] of Object.entries(parameters)) {
    if (taken.includes(name))
      return `parameters has "${name}": expected the option, or the client's secret, to have it.`;
    if (typeof value !== 'string') return `parameters has "${name}" of another type: expected a string.`;
  }
  return undefined;
}

function checkAuthentication(
  { authentication, assertion }: OauthTokenOptions,
  { clientCertificate }: OauthTokenSecrets,
) {
  if (authentication !== undefined && !AUTHENTICATIONS.includes(authentication)) {
    return `authentication is "${authentication}": expected ${AUTHENTICATIONS.join(', ')}.`;
  }
  if (authentication === 'tls_client_auth' && clientCertificate === undefined) {
    return "authentication is 'tls_client_auth' without a certificate: expected tls.clientCertificate.";
  }
  if (assertion === undefined) return undefined;
  if (authentication !== 'private_key_jwt')
    return "assertion is given: expected authentication: 'private_key_jwt' with it.";
  const { algorithm, thumbprint } = assertion;
  if (algorithm !== undefined && !ALGORITHMS.includes(algorithm)) {
    return `assertion.algorithm is "${algorithm}": expected ${ALGORITHMS.join(', ')}.`;
  }
  if (thumbprint === undefined || THUMBPRINT.test(thumbprint)) return undefined;
  return `assertion.thumbprint is "${thumbprint}": expected the one of the certificate, SHA-256 in 64 hexadecimal digits or as base64url.`;
}

function checkProof({ proof, probeUrl, probeHeader }: OauthTokenOptions, { introspection }: OauthTokenSecrets) {
  if (proof !== undefined && !PROOFS.includes(proof)) {
    return (
      `proof is "${proof}": expected ${PROOFS.join(', ')}, or none, for the signature of a JWT. Tokens that are bound to a key ` +
      '(DPoP) cannot be rotated.'
    );
  }
  if (proof === 'probe' && probeUrl === undefined) {
    return "proof is 'probe' without a probeUrl: expected an address of the API that answers a GET with 2xx.";
  }
  const ofProbe = probeUrl === undefined ? 'probeHeader' : 'probeUrl';
  if (proof !== 'probe' && (probeUrl ?? probeHeader) !== undefined)
    return `${ofProbe} is given: expected proof: 'probe' with it.`;
  if (probeHeader !== undefined && !/^[\w-]+$/.test(probeHeader)) {
    return `probeHeader is "${probeHeader}": expected the name of a header, such as X-Shopify-Access-Token.`;
  }
  if (introspection === undefined || proof === undefined || proof === 'introspection') return undefined;
  return `introspectionCredentials are given with proof: '${proof}', which does not ask the issuer. Leave them out.`;
}

function checkConnection({ tls: { ca } = {}, proxy }: OauthTokenOptions) {
  if (ca !== undefined && !hasCertificate(ca)) return NO_CERTIFICATE;
  if (ca !== undefined && ca.length > CA_CHARACTERS) {
    return `tls.ca has ${ca.length} characters, more than the function's environment holds: expected the one root, up to ${CA_CHARACTERS} characters.`;
  }
  if (proxy === undefined) return undefined;
  const { protocol, username, password, origin } = URL.canParse(proxy) ? new URL(proxy) : new URL('none:');
  if (username || password || proxy.includes('@')) {
    return 'proxy has a user name or a password in it: expected http://HOST:PORT. A proxy that requires a login is not supported.';
  }
  if (/^https?:$/.test(protocol) && origin === proxy.replace(/\/$/, '')) return undefined;
  return `proxy is "${proxy}": expected http://HOST:PORT or https://HOST:PORT.`;
}
