import { readOauthTokenEnvironment } from '../rules/oauth-token.ts';
import { checkLifetime } from './issuers/check-lifetime.ts';
import { clientSchema, proofOf } from './oauth-token/client-authentication.ts';
import { issueToken } from './oauth-token/issue-token.ts';
import { type IssuerMetadata, issuerMetadata } from './oauth-token/issuer-metadata.ts';
import { proveToken } from './oauth-token/prove-token.ts';
import {
  type Environment,
  type RotationContext,
  type RotationStrategy,
  rotationHandler,
  stringFields,
} from './rotation/index.ts';

interface StoredToken {
  readonly access_token: string;
  /** ISO 8601. */
  readonly issued_at: string;
  readonly expires_at: string;
  /** Granted, separated by spaces. */
  readonly scope?: string;
  readonly audience?: string;
}

/**
 * An access token of OAuth 2.0 client credentials: issued in createSecret with the credentials of a client, which stand in
 * a secret of their own; proved in testSecret. Nothing has to be set: the old token works until it expires.
 */
export function oauthToken(environment: Environment): RotationStrategy<unknown, StoredToken> {
  const { authentication, ...options } = readOauthTokenEnvironment(environment);
  const { audience, resource, scope } = options;
  const { CREDENTIALS_SECRET_ARN: credentials = '' } = environment;
  let known: IssuerMetadata | undefined;

  async function metadata(signal: AbortSignal): Promise<IssuerMetadata> {
    known ??= await issuerMetadata(options, signal);
    return known;
  }

  async function proof({ secret }: RotationContext, { issuer, tokenEndpoint }: IssuerMetadata) {
    const client = await secret(credentials, clientSchema(authentication), ['client_id', 'kid']);
    return proofOf(client, authentication, issuer ?? tokenEndpoint);
  }

  return {
    publicFields: ['issued_at', 'expires_at', 'scope', 'audience'],
    current: stringFields(),
    pending: stringFields('access_token', 'issued_at', 'expires_at'),

    async create(_current, context) {
      const { signal } = context;
      const found = await metadata(signal);
      const token = await issueToken(options, found.tokenEndpoint, await proof(context, found), signal);
      checkLifetime(token.lifetimeSeconds, environment, context);
      return {
        access_token: token.accessToken,
        issued_at: token.issuedAt.toISOString(),
        expires_at: new Date(token.issuedAt.getTime() + token.lifetimeSeconds * 1_000).toISOString(),
        scope: token.scope,
        audience: token.audience,
      };
    },

    async test({ access_token }, context) {
      const { signal } = context;
      const found = await metadata(signal);
      const wanted = { issuer: found.issuer, audience: audience ?? resource, scope };
      await proveToken(access_token, wanted, found, () => proof(context, found), signal);
    },
  };
}

export const handler = rotationHandler(oauthToken);
