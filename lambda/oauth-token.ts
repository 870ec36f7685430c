import { type OauthTokenRequest, readOauthTokenEnvironment } from '../rules/oauth-token.ts';
import { readRefreshMinutes } from '../rules/token-lifetime.ts';
import { checkLifetime } from './issuers/check-lifetime.ts';
import type { Connection } from './issuers/connection.ts';
import { otherSecret } from './issuers/other-secret.ts';
import {
  authenticationOf,
  type ClientProof,
  clientSchema,
  PUBLIC_CLIENT_FIELDS,
  proofOf,
} from './oauth-token/client-authentication.ts';
import { introspect } from './oauth-token/introspect.ts';
import { type IssuedToken, issueToken } from './oauth-token/issue-token.ts';
import { issuerConnection } from './oauth-token/issuer-connection.ts';
import { type IssuerMetadata, issuerMetadata } from './oauth-token/issuer-metadata.ts';
import { checkRemaining, proveToken } from './oauth-token/prove-token.ts';
import { lifetimeOf } from './oauth-token/token-times.ts';
import {
  type Environment,
  type RotationContext,
  RotationError,
  type RotationStrategy,
  readEnvironment,
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
 * An access token of OAuth 2.0 client credentials: issued in createSecret with the credentials of a client, which have a
 * secret of their own; proved in testSecret. Nothing has to be set: the old token works until it expires. Where to ask comes
 * from the declaration alone, so nothing in the rotated secret sends the client's credentials anywhere.
 */
export function oauthToken(environment: Environment): RotationStrategy<unknown, StoredToken> {
  const request = readEnvironment(readOauthTokenEnvironment, environment);
  const refreshEveryMinutes = readEnvironment(readRefreshMinutes, environment);
  const { audience = request.resource, scope } = request;
  let known: IssuerMetadata | undefined;

  async function metadata(connection: Connection): Promise<IssuerMetadata> {
    known ??= await issuerMetadata(request, connection);
    return known;
  }

  return {
    publicFields: ['issued_at', 'expires_at', 'scope', 'audience'],
    current: stringFields(),
    pending: stringFields('access_token', 'issued_at', 'expires_at'),

    async create(_current, context) {
      const connection = await issuerConnection(request, context);
      const found = await metadata(connection);
      const { clientId, proof } = await clientOf(request, context, found);
      const wanted = { issuer: found.issuer, audience, scope, clientId };
      const token = await issueToken(request, wanted, found.tokenEndpoint, proof, connection);
      const asking = () => introspectionProof(request, context, found);
      const seconds = token.lifetimeSeconds ?? (await toldLifetime(request, token, found, asking, connection));
      checkLifetime(seconds, { ...context.rotationRules, refreshEveryMinutes });
      return {
        access_token: token.accessToken,
        issued_at: token.issuedAt.toISOString(),
        expires_at: new Date(token.issuedAt.getTime() + seconds * 1_000).toISOString(),
        scope: token.scope,
        audience: token.audience,
      };
    },

    async test({ access_token, expires_at }, context) {
      const connection = await issuerConnection(request, context);
      const found = await metadata(connection);
      const wanted = { issuer: found.issuer, audience, scope };
      // Not every token says itself when it ends.
      const end = Date.parse(expires_at);
      if (!Number.isNaN(end)) checkRemaining(Math.round((end - Date.now()) / 1_000));
      const asking = () => introspectionProof(request, context, found);
      await proveToken(access_token, wanted, request, found, asking, connection);
    },

    // A token that is asked for is issued: it is thrown away, and lives until it expires.
    async check(_current, context) {
      const token = await context.look('A token', context.newValue);
      if (token !== undefined) await context.look('The proof of that token', () => this.test(token, context));
    },
  };
}

/** The client that tokens are issued to. */
async function clientOf(request: OauthTokenRequest, context: RotationContext, found: IssuerMetadata) {
  const { authentication, secrets, assertion } = request;
  const client = await otherSecret(context, secrets.credentials, clientSchema(authentication), PUBLIC_CLIENT_FIELDS);
  const audience = found.issuer ?? found.tokenEndpoint;
  return { clientId: client.client_id, proof: proofOf(client, authentication, { audience, ...assertion }) };
}

/** The client that asks about tokens: one of its own if there is one, which some issuers want. */
async function introspectionProof(
  request: OauthTokenRequest,
  context: RotationContext,
  found: IssuerMetadata,
): Promise<ClientProof> {
  const { introspection } = request.secrets;
  if (introspection === undefined) return (await clientOf(request, context, found)).proof;
  const client = await otherSecret(context, introspection, clientSchema(undefined), PUBLIC_CLIENT_FIELDS);
  return proofOf(client, authenticationOf(client), { audience: found.issuer ?? found.tokenEndpoint });
}

/**
 * The life of a token whose issuer did not tell it: as introspection has it, if that is how the token is proved, else as it was
 * declared.
 * @throws CONFIGURATION if nobody knows it
 */
async function toldLifetime(
  { proof, lifetimeSeconds }: OauthTokenRequest,
  { accessToken }: IssuedToken,
  { introspectionEndpoint, tokenEndpoint }: IssuerMetadata,
  asking: () => Promise<ClientProof>,
  connection: Connection,
): Promise<number> {
  const isIntrospected = proof === undefined || proof === 'introspection';
  const facts =
    isIntrospected && introspectionEndpoint !== undefined
      ? await introspect(accessToken, introspectionEndpoint, await asking(), connection)
      : {};
  const seconds = lifetimeOf({}, facts, Date.now() / 1_000) ?? lifetimeSeconds;
  if (seconds !== undefined) return seconds;
  throw new RotationError(
    'CONFIGURATION',
    `${new URL(tokenEndpoint).host} does not say how long its token lives: expected expires_in. Give lifetimeSeconds.`,
  );
}

export const handler = rotationHandler(oauthToken);
