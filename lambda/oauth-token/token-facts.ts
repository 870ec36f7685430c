import { quoted } from '../issuers/words.ts';

/** What is known of a token: a JWT's claims, or an issuer's word in its answer or in introspection. */
export type TokenFacts = Readonly<Record<string, unknown>>;

export interface WantedToken {
  readonly issuer?: string | undefined;
  readonly audience?: string | undefined;
  /** Separated by spaces. */
  readonly scope?: string | undefined;
  /** The client that the token is of. */
  readonly clientId?: string;
}

/** Why a token is not what was asked for, and whether that is for the declaration, or for the issuer's administrator. */
export interface GrantProblem {
  readonly code: 'CONFIGURATION' | 'PRIVILEGE';
  readonly reason: string;
}

/** What the token allows, separated by spaces; undefined where nothing is said. Okta and Entra have `scp`, Shopify commas. */
export function scopeIn({ scope, scp }: TokenFacts): string | undefined {
  const said = scope ?? scp;
  if (Array.isArray(said)) return said.join(' ');
  return typeof said === 'string' ? namesIn(said).join(' ') : undefined;
}

/** Whom the token is for. */
export function audienceIn({ aud }: TokenFacts): readonly string[] {
  return (Array.isArray(aud) ? aud : [aud]).filter((each) => typeof each === 'string');
}

/**
 * Why the token is not what was asked for – another issuer, another audience, a scope left out – or undefined. What
 * nothing is said about is taken as granted.
 */
export function checkGrant(facts: TokenFacts, wanted: WantedToken): GrantProblem | undefined {
  if (wanted.issuer !== undefined && facts.iss !== undefined && facts.iss !== wanted.issuer) {
    const reason =
      `The token is of the issuer ${quoted(facts.iss)}, not of "${wanted.issuer}". Make them the same, or give ` +
      'tokenEndpoint and jwksUri in place of issuer.';
    return { code: 'CONFIGURATION', reason };
  }
  return checkAudience(facts, wanted) ?? checkScope(facts, wanted);
}

function checkAudience(facts: TokenFacts, { audience }: WantedToken): GrantProblem | undefined {
  const found = audienceIn(facts);
  if (audience === undefined || found.length === 0 || found.includes(audience)) return undefined;
  const reason = `The token is for ${found.map(quoted).join(', ')}, not for "${audience}". Grant it, or correct audience.`;
  return { code: 'PRIVILEGE', reason };
}

function checkScope(facts: TokenFacts, { scope = '' }: WantedToken): GrantProblem | undefined {
  const said = scopeIn(facts);
  if (said === undefined) return undefined;
  // A name may have a comma in it.
  const granted = [...namesIn(said), ...[facts.scope, facts.scp].flat().join(' ').split(' ')];
  const missing = scope.split(' ').filter((name) => name !== '' && !granted.includes(name));
  if (missing.length === 0) return undefined;
  return { code: 'PRIVILEGE', reason: `The token lacks the scope ${missing.join(' ')}. Grant it, or correct scope.` };
}

/**
 * Why a JWT without an audience is not for the API, as Cognito documents it: its client is another one, or none of its scopes
 * begins with the API's identifier.
 * @see https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export function checkUnnamedAudience(
  claims: TokenFacts,
  { audience, clientId }: WantedToken,
): GrantProblem | undefined {
  if (audience === undefined || audienceIn(claims).length > 0) return undefined;
  const { client_id } = claims;
  if (client_id !== undefined && client_id !== clientId) {
    return {
      code: 'CONFIGURATION',
      reason: `The token is of the client ${quoted(client_id)}, not of the one that asked.`,
    };
  }
  const prefix = `${audience.replace(/\/$/, '')}/`;
  if (
    scopeIn(claims)
      ?.split(' ')
      .some((name) => name.startsWith(prefix))
  )
    return undefined;
  const reason =
    `The token names no audience, and none of its scopes begins with "${prefix}", so nothing says that it is for "${audience}". ` +
    'Ask for such a scope, or leave audience out.';
  return { code: 'PRIVILEGE', reason };
}

const namesIn = (text: string) => text.split(/[ ,]+/).filter((name) => name !== '');
