import { type createRemoteJWKSet, type JWTPayload, jwtVerify } from 'jose';

/** Who calls: another service for itself, or an application for a customer. */
export type Caller =
  | { readonly kind: 'service'; readonly clientId: string; readonly scopes: readonly string[] }
  | { readonly kind: 'customer'; readonly customerId: string; readonly scopes: readonly string[] };

export interface CallerVerifierOptions {
  /** As tokens name it, with the slash at its end. */
  readonly issuer: string;
  readonly audience: string;
  /**
   * The issuer's public keys: read once, and again when a token names one that is not among them. At Auth0
   * `createRemoteJWKSet(new URL('https://TENANT/.well-known/jwks.json'))`.
   */
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
}

/** Proves a token and tells who bears it; rejects where the token is not good. */
export function callerVerifier({ issuer, audience, keys }: CallerVerifierOptions): (token: string) => Promise<Caller> {
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, clockTolerance: 5 });
    const scopes = typeof payload.scope === 'string' ? payload.scope.split(' ') : [];
    const clientId = clientItself(payload);
    if (clientId !== undefined) return { kind: 'service', clientId, scopes };
    return { kind: 'customer', customerId: payload.sub ?? '', scopes };
  };
}

/** The client where the token is its own: RFC 9068 makes it the subject; Auth0 says `gty` and `CLIENT@clients`. */
function clientItself({ sub, client_id, azp, gty }: JWTPayload): string | undefined {
  if (gty === 'client-credentials' && typeof azp === 'string' && sub === `${azp}@clients`) return azp;
  return typeof client_id === 'string' && sub === client_id ? client_id : undefined;
}
