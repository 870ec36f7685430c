/** What is known of a token: a JWT's claims, or an issuer's word in introspection. */
export type TokenFacts = Readonly<Record<string, unknown>>;

export interface WantedToken {
  readonly issuer?: string;
  readonly audience?: string;
  /** Separated by spaces. */
  readonly scope?: string;
}

/** What the token allows, separated by spaces; undefined where nothing is said. Okta and Entra have `scp`. */
export function scopeIn({ scope, scp }: TokenFacts): string | undefined {
  const said = scope ?? scp;
  if (Array.isArray(said)) return said.join(' ');
  return typeof said === 'string' ? said : undefined;
}

/** Whom the token is for. */
export function audienceIn({ aud }: TokenFacts): readonly string[] {
  return (Array.isArray(aud) ? aud : [aud]).filter((each) => typeof each === 'string');
}

/**
 * Why the token is not what was asked for – another issuer, another audience, a scope left out – or undefined. What
 * nothing is said about is taken as granted.
 */
export function checkGrant(facts: TokenFacts, wanted: WantedToken): string | undefined {
  if (wanted.issuer !== undefined && facts.iss !== undefined && facts.iss !== wanted.issuer) {
    return `The token is of the issuer "${facts.iss}", not of "${wanted.issuer}". Correct issuer.`;
  }
  const audience = audienceIn(facts);
  if (wanted.audience !== undefined && audience.length > 0 && !audience.includes(wanted.audience)) {
    return `The token is for ${audience.join(', ')}, not for "${wanted.audience}". Grant it, or correct audience.`;
  }
  const granted = scopeIn(facts)?.split(' ');
  const missing = wanted.scope?.split(' ').filter((scope) => granted && !granted.includes(scope)) ?? [];
  if (missing.length === 0) return undefined;
  return `The token lacks the scope ${missing.join(' ')}. Grant it, or correct scope.`;
}
