import type { OauthTokenRequest } from '../../rules/oauth-token.ts';
import type { Connection } from '../issuers/connection.ts';
import { quoted } from '../issuers/words.ts';
import { RotationError } from '../rotation/index.ts';
import { askIssuer } from './ask-issuer.ts';

/** Where the issuer answers what. */
export interface IssuerMetadata {
  /** As its tokens name it; unknown where only endpoints are given. */
  readonly issuer?: string;
  readonly tokenEndpoint: string;
  readonly jwksUri?: string;
  readonly introspectionEndpoint?: string;
}

/**
 * The issuer's endpoints: from its metadata, unless they are given.
 * @throws CONFIGURATION if there is no metadata, if it is that of another issuer, or if it names no token endpoint
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export async function issuerMetadata(options: OauthTokenRequest, connection: Connection): Promise<IssuerMetadata> {
  const { issuer, tokenEndpoint, jwksUri, introspectionEndpoint } = options;
  if (tokenEndpoint !== undefined) return { tokenEndpoint, jwksUri, introspectionEndpoint };
  const url = `${issuer?.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { status, body } = await askIssuer({ url }, connection);
  const refused = (what: string) => new RotationError('CONFIGURATION', `${url} ${what}`);
  if (status !== 200) {
    throw refused(
      `answered with ${status}: expected the issuer's metadata. Correct issuer, or give tokenEndpoint in its place.`,
    );
  }
  if (body.issuer !== issuer) {
    throw refused(
      `is the metadata of ${quoted(body.issuer)}, not of "${issuer}": they must be the same, to the slash at the end.`,
    );
  }
  // Where clients prove themselves by a certificate. @see https://www.rfc-editor.org/rfc/rfc8705#section-5
  const aliases = options.secrets.clientCertificate === undefined ? {} : Object(body.mtls_endpoint_aliases);
  const found = { ...body, ...aliases };
  const endpoint = text(found.token_endpoint);
  if (endpoint === undefined || !URL.canParse(endpoint)) {
    throw refused(
      `has ${quoted(found.token_endpoint)} as token_endpoint: expected a URL. Give tokenEndpoint in place of issuer.`,
    );
  }
  return {
    issuer,
    tokenEndpoint: endpoint,
    jwksUri: jwksUri ?? text(found.jwks_uri),
    introspectionEndpoint: introspectionEndpoint ?? text(found.introspection_endpoint),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
