import { CLOCKS_AGREE_SECONDS } from '../issuers/clocks.ts';
import { MOST_SECONDS, readSeconds } from '../issuers/read-seconds.ts';
import { RotationError } from '../rotation/index.ts';
import type { TokenFacts } from './token-facts.ts';

/**
 * A moment of a token, in seconds since 1970; undefined where nothing is said. Older Keycloaks begin every token at 0; none
 * ends there.
 * @throws SERVICE for what is no moment
 */
export function momentIn(facts: TokenFacts, name: 'exp' | 'iat' | 'nbf'): number | undefined {
  const most = 2 * MOST_SECONDS;
  return readSeconds(name, facts[name], name === 'exp' ? { most } : { least: 0, most });
}

/**
 * How long a token lives from now on, in seconds, as the issuer's answer says it and as the token itself does: the shorter of
 * both, undefined where neither says anything.
 * @param now of the issuer's clock, in seconds since 1970
 * @throws SERVICE for what is no time, or is over
 */
export function lifetimeOf({ expires_in }: TokenFacts, claims: TokenFacts, now: number): number | undefined {
  const lives = [readSeconds('expires_in', expires_in), untilExpiry(claims, now)];
  const known = lives.filter((seconds) => seconds !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A token that is handed out again has been alive for a while. */
function untilExpiry(claims: TokenFacts, now: number): number | undefined {
  const exp = momentIn(claims, 'exp');
  if (exp === undefined) return undefined;
  if (exp <= now) {
    throw new RotationError(
      'SERVICE',
      `The issuer gave a token that expired ${Math.ceil(now - exp)} s ago, by its exp.`,
    );
  }
  const iat = momentIn(claims, 'iat') ?? now;
  // Never more than its whole life, even if the issuer's clock is behind.
  return Math.floor(exp - (now - iat < CLOCKS_AGREE_SECONDS ? iat : now));
}
