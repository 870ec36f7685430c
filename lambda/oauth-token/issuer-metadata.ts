import type { OauthTokenOptions } from '../../rules/oauth-token.ts';
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
 * @throws CONFIGURATION where there is no metadata, or that of another issuer
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig
 */
export async function issuerMetadata(options: OauthTokenOptions, signal: AbortSignal): Promise<IssuerMetadata> {
  const { issuer, tokenEndpoint, jwksUri, introspectionEndpoint } = options;
  if (tokenEndpoint !== undefined) return { tokenEndpoint, jwksUri, introspectionEndpoint };
  const url = `${issuer?.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const { status, body } = await askIssuer({ url }, signal);
  if (status !== 200) {
    throw new RotationError(
      'CONFIGURATION',
      `${url} answered with ${status}: expected the issuer's metadata. Correct issuer, or give tokenEndpoint in its place.`,
    );
  }
  if (body.issuer !== issuer) {
    throw new RotationError(
      'CONFIGURATION',
      `${url} is the metadata of "${body.issuer}", not of "${issuer}": they must be the same, to the slash at the end.`,
    );
  }
  return {
    issuer,
    tokenEndpoint: text(body.token_endpoint) ?? '',
    jwksUri: jwksUri ?? text(body.jwks_uri),
    introspectionEndpoint: introspectionEndpoint ?? text(body.introspection_endpoint),
  };
}

const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
