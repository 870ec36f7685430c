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
   * The issuer's public keys. They are read once, and again when a token names one that is not among them. At Auth0
   * `createRemoteJWKSet(new URL('https://TENANT/.well-known/jwks.json'))`.
   */
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  /** The client ids of the services that may call. Their clients have no grant but client credentials. */
  readonly services: readonly string[];
  /**
   * What the issuer writes into the header of access tokens: `at+jwt` by RFC 9068, and at Auth0 with that profile. It keeps ID
   * tokens out.
   * @default not compared
   */
  readonly typ?: string;
  /** What the issuer signs with. Nothing else is taken, whatever a token says. @default ['RS256'] */
  readonly algorithms?: readonly string[];
}

/** Proves a token and tells who bears it. Rejects if the token is not good. */
export function callerVerifier(options: CallerVerifierOptions): (token: string) => Promise<Caller> {
  const { issuer, audience, keys, services, typ, algorithms = ['RS256'] } = options;
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: [...algorithms],
      requiredClaims: ['exp', 'sub'],
      clockTolerance: 5,
      ...(typ !== undefined && { typ }),
    });
    const { sub: customerId = '', scope } = payload;
    const scopes = typeof scope === 'string' ? scope.split(' ') : [];
    const clientId = clientOf(payload);
    if (clientId !== undefined && services.includes(clientId)) return { kind: 'service', clientId, scopes };
    if (isOfClientItself(payload, clientId)) throw new Error('The token is of a client that is not a known service.');
    return { kind: 'customer', customerId, scopes };
  };
}

/** The client that the token was issued to: RFC 9068 calls it `client_id`, Auth0 `azp`. */
function clientOf({ client_id, azp }: JWTPayload): string | undefined {
  return [client_id, azp].find((id) => typeof id === 'string');
}

/**
 * Whether a client got the token for itself. That makes it no service: a customer may be called like a client (RFC 9068,
 * section 5), and a client like a customer.
 */
function isOfClientItself({ sub, gty }: JWTPayload, clientId: string | undefined): boolean {
  return (
    gty === 'client-credentials' || (clientId !== undefined && (sub === clientId || sub === `${clientId}@clients`))
  );
}
