import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import type { JWK } from 'oidc-provider';
import { refusingWebPages } from '../../rules/web-page.ts';
import { errors, Provider } from './quiet-oidc-provider.ts';

export interface StandInOptions {
  /** The API that its tokens are for. */
  readonly audience: string;
  readonly client: { readonly client_id: string; readonly client_secret: string };
  readonly lifetimeSeconds: number;
}

/**
 * An authorization server in Auth0's place, on this machine and over plain HTTP: it takes `audience`, proves the client, and signs
 * with a key whose successor its JWKS already shows.
 */
export async function standInIssuer({ audience, client, lifetimeSeconds }: StandInOptions) {
  let [previous, current, next]: (SigningKey | undefined)[] = [undefined, newKey(), newKey()];
  let answer: RequestListener = () => {};
  const server = createServer(refusingWebPages((request, response) => answer(request, response)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  load();
  return {
    /** As its tokens name it. */
    url,

    /** What a customer gets who logs in at the shop's own page. */
    customerToken(): Promise<string> {
      const key = current ?? newKey();
      return new SignJWT({ client_id: 'web-shop', scope: 'read:orders' })
        .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid })
        .setIssuer(url)
        .setAudience(audience)
        .setSubject('customer-1')
        .setExpirationTime('1h')
        .sign(key.privateKey);
    },

    /** Signs with the next key from now on. Tokens of the one before are still proved. */
    rollKey(): void {
      [previous, current, next] = [current, next, newKey()];
      load();
    },

    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function load(): void {
    const keys = [current, next, previous].filter((key) => key !== undefined);
    const provider = new Provider(url, {
      adapter: () => NOTHING_STORED,
      clients: [{ ...client, ...MACHINE_TO_MACHINE }],
      jwks: { keys: keys.map(privateJwk) },
      scopes: ['read:orders'],
      ttl: { ClientCredentials: lifetimeSeconds },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          defaultResource: ({ oidc }) => String(oidc.body?.audience),
          getResourceServerInfo: (_context, resource) => {
            if (resource !== audience) throw new errors.InvalidTarget();
            return { scope: 'read:orders', audience, accessTokenTTL: lifetimeSeconds, accessTokenFormat: 'jwt' };
          },
        },
      },
    });
    answer = provider.callback();
  }
}

/** A token that is a JWT stands in no store. */
const NOTHING_STORED = {
  upsert: async () => {},
  find: async () => undefined,
  findByUserCode: async () => undefined,
  findByUid: async () => undefined,
  consume: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
};

const MACHINE_TO_MACHINE = {
  grant_types: ['client_credentials'],
  token_endpoint_auth_method: 'client_secret_post',
  redirect_uris: [],
  response_types: [],
  scope: 'read:orders',
} as const;

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

function newKey(): SigningKey {
  return { kid: randomUUID(), privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
}

function privateJwk({ kid, privateKey }: SigningKey): JWK {
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } as JWK;
}
