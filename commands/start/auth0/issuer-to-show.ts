import { randomBytes } from 'node:crypto';
import { createRemoteJWKSet } from 'jose';
import { standInIssuer } from '../../../examples/service-token/stand-in-issuer.ts';

/** Auth0, or a stand-in that lives as long as the show. */
export interface IssuerToShow {
  /** As its tokens name it. */
  readonly url: string;
  readonly audience: string;
  /** The service that calls. */
  readonly clientId: string;
  /** What `examples/service-token/main.ts` reads from its environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly clientSecret: string;
  readonly keys: ReturnType<typeof createRemoteJWKSet>;
  /** Signs with another key from now on. Only a stand-in can do this. */
  rollKey?(): void;
  close(): Promise<void>;
}

/**
 * The tenant in the environment – AUTH0_DOMAIN, AUTH0_CLIENT_ID, AUTH0_AUDIENCE and TF_VAR_client_secret – or a stand-in
 * if there is none.
 * @throws Error naming what is missing
 */
export async function issuerToShow(environment: NodeJS.ProcessEnv): Promise<IssuerToShow> {
  const { AUTH0_DOMAIN: domain } = environment;
  if (domain !== undefined) return tenant(domain, environment);
  const audience = 'https://orders.example.com';
  const client = { client_id: 'shop', client_secret: randomBytes(32).toString('base64url') };
  const issuer = await standInIssuer({ audience, client, lifetimeSeconds: 86_400 });
  return {
    url: issuer.url,
    audience,
    clientId: client.client_id,
    environment: { ISSUER: issuer.url, AUTH0_SCOPE: 'read:orders' },
    clientSecret: client.client_secret,
    // Keys change within seconds here, not within months.
    keys: createRemoteJWKSet(new URL(`${issuer.url}jwks`), { cooldownDuration: 0 }),
    rollKey: () => issuer.rollKey(),
    close: () => issuer.close(),
  };
}

function tenant(domain: string, environment: NodeJS.ProcessEnv): IssuerToShow {
  const { AUTH0_CLIENT_ID, AUTH0_AUDIENCE, TF_VAR_client_secret } = environment;
  if (!AUTH0_CLIENT_ID || !AUTH0_AUDIENCE || !TF_VAR_client_secret) {
    throw new Error(
      'AUTH0_DOMAIN is set, but not all of AUTH0_CLIENT_ID, AUTH0_AUDIENCE and TF_VAR_client_secret. Set all four.',
    );
  }
  return {
    url: `https://${domain}/`,
    audience: AUTH0_AUDIENCE,
    clientId: AUTH0_CLIENT_ID,
    environment: {},
    clientSecret: TF_VAR_client_secret,
    keys: createRemoteJWKSet(new URL(`https://${domain}/.well-known/jwks.json`)),
    async close() {},
  };
}
