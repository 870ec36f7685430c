import type { OauthTokenOptions } from '../../rules/oauth-token.ts';
import { RotationError } from '../rotation/index.ts';
import { askIssuer } from './ask-issuer.ts';
import type { ClientProof } from './client-authentication.ts';
import { readJwt } from './read-jwt.ts';
import { audienceIn, checkGrant, scopeIn } from './token-facts.ts';
import { tokenRefused } from './token-refused.ts';

export interface IssuedToken {
  readonly accessToken: string;
  readonly issuedAt: Date;
  readonly lifetimeSeconds: number;
  /** What was granted, separated by spaces. */
  readonly scope: string;
  readonly audience: string;
}

/**
 * A token for the client itself.
 * @throws AUTHENTICATION, PRIVILEGE, CONFIGURATION by what the issuer refuses; SERVICE for an answer that is none
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function issueToken(
  { audience, resource, scope }: OauthTokenOptions,
  tokenEndpoint: string,
  proof: ClientProof,
  signal: AbortSignal,
): Promise<IssuedToken> {
  const asked = { grant_type: 'client_credentials', audience, resource, scope, ...proof.fields };
  const body = new URLSearchParams(
    Object.entries(asked).filter((field): field is [string, string] => field[1] !== undefined),
  );
  const { host } = new URL(tokenEndpoint);
  const issuedAt = new Date();
  const answer = await askIssuer({ url: tokenEndpoint, body, authorization: proof.authorization }, signal);
  if (answer.status !== 200) throw tokenRefused(answer, host);

  const { access_token: accessToken, token_type, expires_in, scope: granted } = answer.body;
  if (typeof accessToken !== 'string' || accessToken === '' || !/^bearer$/i.test(String(token_type))) {
    throw new RotationError('SERVICE', `${host} answered without a bearer token.`);
  }
  const claims = readJwt(accessToken)?.claims ?? {};
  const lives = [Number(expires_in), Number(claims.exp) - Number(claims.iat)].filter((seconds) => seconds > 0);
  if (lives.length === 0) {
    throw new RotationError('CONFIGURATION', `${host} does not say how long its token lives: expected expires_in.`);
  }
  const facts = { ...claims, scope: granted ?? scopeIn(claims) ?? scope };
  const reason = checkGrant(facts, { audience: audience ?? resource, scope });
  if (reason !== undefined) throw new RotationError('PRIVILEGE', reason);
  return {
    accessToken,
    issuedAt,
    lifetimeSeconds: Math.min(...lives),
    scope: scopeIn(facts) ?? '',
    audience: audience ?? resource ?? audienceIn(facts).join(' '),
  };
}
