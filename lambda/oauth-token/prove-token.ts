import type { OauthTokenRequest } from '../../rules/oauth-token.ts';
import { LEAST_REMAINING_SECONDS } from '../../rules/token-lifetime.ts';
import { CLOCKS_AGREE_SECONDS } from '../issuers/clocks.ts';
import type { Connection } from '../issuers/connection.ts';
import { RotationError } from '../rotation/index.ts';
import type { ClientProof } from './client-authentication.ts';
import { introspect } from './introspect.ts';
import type { IssuerMetadata } from './issuer-metadata.ts';
import { probe } from './probe.ts';
import { proveSignature } from './prove-signature.ts';
import { type Jwt, readJwt } from './read-jwt.ts';
import { checkGrant, type TokenFacts, type WantedToken } from './token-facts.ts';
import { momentIn } from './token-times.ts';

/**
 * Proves the token as the declaration says; else as its receivers do, a JWT by the issuer's public keys, any other by
 * introspection. A token that will not get better is POLICY: the next rotation issues another.
 * @param proof asked for only where the issuer must be asked about the token
 * @throws POLICY, CONFIGURATION, SERVICE
 */
export async function proveToken(
  token: string,
  wanted: WantedToken,
  request: OauthTokenRequest,
  metadata: IssuerMetadata,
  proof: () => Promise<ClientProof>,
  connection: Connection,
): Promise<void> {
  const { proof: kind } = request;
  if (kind === 'probe') return probe(token, request, connection);
  const { jwksUri, introspectionEndpoint } = metadata;
  const jwt = readJwt(token);
  if (kind === 'claims') {
    if (jwt === undefined) throw new RotationError('CONFIGURATION', NO_CLAIMS);
    return checkFacts(jwt.claims, wanted);
  }
  if (kind === undefined && jwt !== undefined && jwksUri !== undefined) {
    // First what needs no answer: an expired token is given up even where its key is gone.
    checkFacts(jwt.claims, wanted);
    return proveSignature(token, jwt, jwksUri, connection);
  }
  if (introspectionEndpoint === undefined) throw cannotProve(kind === undefined ? jwt : undefined);
  checkFacts(await introspect(token, introspectionEndpoint, await proof(), connection), wanted);
}

const NO_CLAIMS =
  "The token is opaque, so it has no claims. Expected a JWT with proof: 'claims': use 'introspection' or 'probe'.";

function cannotProve(jwt: Jwt | undefined): RotationError {
  const [kind, needed] = jwt === undefined ? ['opaque', 'introspectionEndpoint'] : ['a JWT', 'jwksUri'];
  return new RotationError(
    'CONFIGURATION',
    `The token is ${kind}, and the issuer's metadata has no ${needed}, so nothing proves it. Give ${needed}, or another proof.`,
  );
}

function checkFacts(facts: TokenFacts, wanted: WantedToken): void {
  const now = Date.now() / 1_000;
  const exp = momentIn(facts, 'exp') ?? Number.POSITIVE_INFINITY;
  const starts = [momentIn(facts, 'iat') ?? now, momentIn(facts, 'nbf') ?? now];
  const early = Math.round(Math.max(...starts) - now);
  if (early > CLOCKS_AGREE_SECONDS) {
    throw new RotationError(
      'CONFIGURATION',
      `The token begins in ${early} s: the issuer's clock and this machine's differ. Set the one that is wrong.`,
    );
  }
  const problem = checkGrant(facts, wanted);
  if (problem !== undefined) throw new RotationError('POLICY', problem.reason);
  checkRemaining(Math.round(exp - now));
}

/** @throws POLICY for a token that ends before its readers would have the next one */
export function checkRemaining(seconds: number): void {
  if (seconds >= LEAST_REMAINING_SECONDS) return;
  const life =
    seconds < 0 ? `expired ${-seconds} s ago` : `lives ${seconds} s more; expected ${LEAST_REMAINING_SECONDS}`;
  throw new RotationError('POLICY', `The token ${life}. The next rotation issues another.`);
}
