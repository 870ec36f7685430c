import { LEAST_REMAINING_SECONDS } from '../../rules/token-lifetime.ts';
import { CLOCKS_AGREE_SECONDS } from '../issuers/clocks.ts';
import { RotationError } from '../rotation/index.ts';
import { askIssuer } from './ask-issuer.ts';
import type { ClientProof } from './client-authentication.ts';
import type { IssuerMetadata } from './issuer-metadata.ts';
import { proveSignature } from './prove-signature.ts';
import { type Jwt, readJwt } from './read-jwt.ts';
import { checkGrant, type TokenFacts, type WantedToken } from './token-facts.ts';
import { tokenRefused } from './token-refused.ts';

/**
 * Proves the token as its receivers do: a JWT by the issuer's public keys, an opaque one by introspection; then issuer,
 * audience, scopes and remaining life. A token that will not get better is POLICY: the next rotation issues another.
 * @param proof asked for only where the issuer must be asked about the token
 * @throws POLICY, CONFIGURATION, SERVICE
 */
export async function proveToken(
  token: string,
  wanted: WantedToken,
  metadata: IssuerMetadata,
  proof: () => Promise<ClientProof>,
  signal: AbortSignal,
): Promise<void> {
  const { jwksUri, introspectionEndpoint } = metadata;
  const jwt = readJwt(token);
  if (jwt !== undefined && jwksUri !== undefined) {
    // First what needs no answer: an expired token is given up even where its key is gone.
    checkFacts(jwt.claims, wanted);
    return proveSignature(token, jwt, jwksUri, signal);
  }
  if (introspectionEndpoint === undefined) throw cannotProve(jwt);
  checkFacts(await introspect(token, introspectionEndpoint, await proof(), signal), wanted);
}

async function introspect(token: string, url: string, proof: ClientProof, signal: AbortSignal): Promise<TokenFacts> {
  const body = new URLSearchParams({ token, token_type_hint: 'access_token', ...proof.fields });
  const answer = await askIssuer({ url, body, authorization: proof.authorization }, signal);
  if (answer.status !== 200) throw tokenRefused(answer, new URL(url).host);
  if (answer.body.active === true) return answer.body;
  throw new RotationError('POLICY', 'The issuer says that the token is not active: it expired, or was revoked.');
}

function cannotProve(jwt: Jwt | undefined): RotationError {
  const [kind, needed] = jwt === undefined ? ['opaque', 'introspectionEndpoint'] : ['a JWT', 'jwksUri'];
  return new RotationError(
    'CONFIGURATION',
    `The token is ${kind}, and the issuer's metadata has no ${needed}, so nothing proves it. Give ${needed}.`,
  );
}

function checkFacts(facts: TokenFacts, wanted: WantedToken): void {
  const now = Date.now() / 1_000;
  const [exp, ...starts] = [facts.exp, facts.iat, facts.nbf].map((time) =>
    typeof time === 'number' ? time : undefined,
  );
  const early = Math.round(Math.max(...starts.map((start = now) => start - now)));
  if (early > CLOCKS_AGREE_SECONDS) {
    throw new RotationError(
      'CONFIGURATION',
      `The token begins in ${early} s: the issuer's clock and this machine's differ. Set the one that is wrong.`,
    );
  }
  const reason = checkGrant(facts, wanted);
  if (reason !== undefined) throw new RotationError('POLICY', reason);
  const left = Math.round((exp ?? Number.POSITIVE_INFINITY) - now);
  if (left >= LEAST_REMAINING_SECONDS) return;
  const life = left < 0 ? `expired ${-left} s ago` : `lives ${left} s more; expected ${LEAST_REMAINING_SECONDS}`;
  throw new RotationError('POLICY', `The token ${life}. The next rotation issues another.`);
}
