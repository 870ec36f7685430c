import type { RotatingSecret, SecretsCache } from 'rotaform-client';
import * as v from 'valibot';

const ServiceToken = v.object({ access_token: v.string(), expires_at: v.pipe(v.string(), v.isoTimestamp()) });

class TokenRefused extends Error {
  override readonly name = 'TokenRefused';
}

/** The service's own token: read again before it expires, and whenever the secret has rotated. */
export function serviceToken(
  secrets: SecretsCache,
  secretId: string,
): RotatingSecret<v.InferOutput<typeof ServiceToken>> {
  return secrets.secret(secretId, { schema: ServiceToken, expiresAt: ({ expires_at }) => new Date(expires_at) });
}

/** The service that calls: asks for the orders, and once more with another token where one is refused. */
export function listOrders(
  url: string,
  token: ReturnType<typeof serviceToken>,
): Promise<{ caller: string; orders: object[] }> {
  return token.withRetry(
    async ({ access_token }) => {
      const response = await fetch(url, { headers: { authorization: `Bearer ${access_token}` } });
      if (response.status === 401) throw new TokenRefused('The orders service refuses the token.');
      if (!response.ok) throw new Error(`The orders service answered with ${response.status}.`);
      return (await response.json()) as { caller: string; orders: object[] };
    },
    { refused: (error) => error instanceof TokenRefused },
  );
}
