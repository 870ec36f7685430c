import type { OauthTokenRequest } from '../../rules/oauth-token.ts';
import type { Answer } from '../issuers/ask.ts';
import type { Connection } from '../issuers/connection.ts';
import { quoted } from '../issuers/words.ts';
import { RotationError } from '../rotation/index.ts';
import { askIssuer } from './ask-issuer.ts';
import type { ClientProof } from './client-authentication.ts';
import { whyNoKeyProves } from './prove-signature.ts';
import { type Jwt, readJwt } from './read-jwt.ts';
import {
  audienceIn,
  checkGrant,
  checkUnnamedAudience,
  scopeIn,
  type TokenFacts,
  type WantedToken,
} from './token-facts.ts';
import { tokenRefused } from './token-refused.ts';
import { lifetimeOf } from './token-times.ts';

export interface IssuedToken {
  readonly accessToken: string;
  readonly issuedAt: Date;
  /** Undefined where neither the issuer nor the token says it. */
  readonly lifetimeSeconds: number | undefined;
  /** What was granted, separated by spaces. */
  readonly scope: string;
  readonly audience: string;
}

/**
 * A token for the client itself.
 * @throws AUTHENTICATION, PRIVILEGE, CONFIGURATION by what the issuer refuses, or by what the token is not; SERVICE for an
 *   answer that is none
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export async function issueToken(
  request: OauthTokenRequest,
  wanted: WantedToken,
  tokenEndpoint: string,
  proof: ClientProof,
  connection: Connection,
): Promise<IssuedToken> {
  const { audience, resource, scope, parameters } = request;
  const asked = { grant_type: 'client_credentials', audience, resource, scope, ...parameters };
  const body = () =>
    new URLSearchParams(
      Object.entries({ ...asked, ...proof.fields() }).filter(
        (field): field is [string, string] => field[1] !== undefined,
      ),
    );
  const issuedAt = new Date();
  const answer = await askIssuer({ url: tokenEndpoint, body, authorization: proof.authorization }, connection);
  const accessToken = bearerToken(answer);
  const jwt = readJwt(accessToken);
  const claims = jwt?.claims ?? {};
  if (request.proof === undefined || request.proof === 'claims') checkClaims(request, jwt, wanted);
  const facts = { aud: claims.aud, scope: answer.body.scope ?? scopeIn(claims) ?? scope };
  const problem = checkGrant(facts, wanted);
  if (problem !== undefined) throw new RotationError(problem.code, problem.reason);
  return {
    accessToken,
    issuedAt,
    lifetimeSeconds: lifetimeOf(answer.body, claims, Date.now() / 1_000 - answer.clockAheadSeconds),
    scope: scopeIn(facts) ?? '',
    audience: wanted.audience ?? audienceIn(facts).join(' '),
  };
}

/** The token of an answer. Some refuse with 200, and some do not say that it is a bearer's. */
function bearerToken(answer: Answer): string {
  const { host, status, body } = answer;
  const { access_token, token_type } = body;
  if (status !== 200 || (!access_token && body.error)) throw tokenRefused(answer);
  if (typeof access_token !== 'string' || access_token === '') {
    throw new RotationError('SERVICE', `${host} answered with 200 and without an access_token.`);
  }
  if (!/^[!-~]+( +[!-~]+)*$/.test(access_token)) {
    throw new RotationError(
      'SERVICE',
      `${host} answered with an access_token that no header can carry: expected printable ASCII, without line breaks.`,
    );
  }
  const isBearer = token_type === undefined || token_type === null || /^bearer$/i.test(String(token_type));
  if (isBearer && !isBoundToKey(readJwt(access_token)?.claims)) return access_token;
  if (isBearer || /^dpop$/i.test(String(token_type))) {
    throw new RotationError(
      'CONFIGURATION',
      `${host} binds its token to a key (DPoP): a reader of the secret could not use it. Give the client bearer tokens.`,
    );
  }
  throw new RotationError(
    'SERVICE',
    `${host} answered with a token of the type ${quoted(token_type)}: expected bearer.`,
  );
}

/** @see https://www.rfc-editor.org/rfc/rfc9449#section-6.1 */
function isBoundToKey({ cnf }: TokenFacts = {}): boolean {
  return typeof cnf === 'object' && cnf !== null && 'jkt' in cnf;
}

/** What testSecret would refuse for good, before anything is stored. */
function checkClaims({ proof }: OauthTokenRequest, jwt: Jwt | undefined, wanted: WantedToken): void {
  if (jwt === undefined) return;
  const reason = proof === undefined ? whyNoKeyProves(jwt) : undefined;
  if (reason !== undefined) throw new RotationError('CONFIGURATION', reason);
  const problem = checkGrant({ iss: jwt.claims.iss }, wanted) ?? checkUnnamedAudience(jwt.claims, wanted);
  if (problem !== undefined) throw new RotationError(problem.code, problem.reason);
}
