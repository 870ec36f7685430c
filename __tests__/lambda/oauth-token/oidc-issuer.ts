import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { createLocalJWKSet, type JSONWebKeySet, type JWK, jwtVerify } from 'jose';
import type { Adapter, AdapterPayload, ClientMetadata, JWK as OidcJwk } from 'oidc-provider';
import { errors, Provider } from '../../../examples/service-token/quiet-oidc-provider.ts';
import type { Statement } from '../../../testing/index.ts';
import { type Certificate, certificate } from './certificate.ts';

/** What the API gets of tokens. */
export interface ApiOptions {
  readonly format?: 'jwt' | 'opaque';
  readonly lifetimeSeconds?: number;
  /** The scopes that the API knows, separated by spaces; others are dropped without a word. */
  readonly scope?: string;
}

type Client = Pick<ClientMetadata, 'client_id'> & Partial<ClientMetadata>;

export const API = 'https://api.example.com';

export interface OidcIssuerOptions {
  /** @default one of its own */
  readonly tls?: Certificate;
  /** Signs its tokens. @default a new one */
  readonly key?: SigningKey;
  /** Called around what each request does, such as `POST /token`. */
  readonly around?: Statement;
}

interface SigningKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

/** A real authorization server behind HTTPS on this machine, with the certificate that its clients must trust. */
export class OidcIssuer {
  /** What was asked of it, such as `POST /token`, in order. */
  readonly requests: string[] = [];
  /** How many clients it refused. */
  refused = 0;
  #troubles: { readonly path: string; readonly happen: (response: ServerResponse) => void }[] = [];
  api: ApiOptions = {};
  #clients: readonly Client[] = [];
  #keys: readonly SigningKey[];
  readonly #stored = new Map<string, AdapterPayload>();
  readonly #around: Statement;
  #listener: RequestListener = () => {};

  private constructor(
    readonly tls: Certificate,
    private readonly server: ReturnType<typeof createServer>,
    { key = newKey(), around = async (_name, run) => run() }: OidcIssuerOptions,
  ) {
    this.#keys = [key];
    this.#around = around;
  }

  static async start(options: OidcIssuerOptions = {}): Promise<OidcIssuer> {
    const { tls = certificate() } = options;
    const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, (request, response) =>
      issuer.#answer(request, response),
    );
    const issuer = new OidcIssuer(tls, server, options);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    issuer.#reload();
    return issuer;
  }

  get url(): string {
    return `https://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The newest signing key, to make tokens that no issuer would. */
  get signingKey(): SigningKey {
    const [key] = this.#keys;
    if (key === undefined) throw new Error('The issuer has no key.');
    return key;
  }

  /** As its JWKS shows them. */
  get publicKeys(): JSONWebKeySet {
    return {
      keys: this.#keys.map(({ kid, privateKey }) => ({
        ...(createPublicKey(privateKey).export({ format: 'jwk' }) as JWK),
        kid,
        alg: 'RS256',
      })),
    };
  }

  /** A token as this client gets it with `client_secret_post`. */
  async issueToken(client: { readonly client_id: string; readonly client_secret: string }): Promise<string> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      resource: API,
      scope: 'read write',
      ...client,
    });
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      request(`${this.url}/token`, { method: 'POST', ca: this.tls.cert, agent: false, headers }, resolve)
        .on('error', reject)
        .end(String(form));
    });
    return ((await json(answer)) as { access_token: string }).access_token;
  }

  /** Lets this client have tokens, and no other. */
  register(client: Client): void {
    this.#clients = [client];
    this.#reload();
  }

  /** Signs with a new key from now on. @param keepOld whether tokens of the old one can still be proved */
  rollKey({ keepOld = true } = {}): void {
    this.#keys = [newKey(), ...(keepOld ? this.#keys : [])];
    this.#reload();
  }

  /** Makes a token worthless: forgotten if the issuer remembers it; a JWT with all others of its key. */
  revoke(token: string): void {
    if (!this.#stored.delete(`ClientCredentials ${token}`)) this.rollKey({ keepOld: false });
  }

  /** Lets something else happen at the next request for the path; several, one after the other. */
  trouble(path: string, happen: (response: ServerResponse) => void): void {
    this.#troubles.push({ path, happen });
  }

  /** Answers the next request for the path in this way; a string is no JSON. */
  answer(path: string, status: number, body: object | string, headers: Readonly<Record<string, string>> = {}): void {
    this.trouble(path, (response) =>
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
  }

  /** As it was when it started: nothing wrong, nothing asked. */
  reset(): void {
    this.requests.length = 0;
    this.#troubles = [];
    this.api = {};
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    const trouble = this.#troubles.find(({ path }) => path === request.url);
    if (trouble !== undefined) {
      this.#troubles = this.#troubles.filter((each) => each !== trouble);
      trouble.happen(response);
      return;
    }
    response.once('finish', () => {
      if (response.statusCode === 401) this.refused += 1;
    });
    const name = `${request.method} ${request.url}`;
    this.#around(name, () => this.#answered(request, response)).then(
      (send) => send(),
      () => request.socket.destroy(),
    );
  }

  /** Lets the issuer do what it is asked for. @returns what sends its answer */
  #answered(request: IncomingMessage, response: ServerResponse): Promise<() => void> {
    return new Promise((resolve) => {
      const end = response.end.bind(response);
      response.end = (...answer: unknown[]) => {
        resolve(() => end(...(answer as Parameters<typeof end>)));
        return response;
      };
      if (request.url === '/api') this.#answerAsApi(request, response);
      else this.#listener(request, response);
    });
  }

  /** An API of the issuer's: it takes a token that was issued, whatever its kind. */
  async #answerAsApi({ headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = ''] = headers.authorization?.split(' ') ?? [];
    response.writeHead((await this.knows(token)) ? 204 : 401).end();
  }

  /** Whether a token is good: one that it signed, or one that it remembers. */
  async knows(token: string): Promise<boolean> {
    if (this.#stored.has(`ClientCredentials ${token}`)) return true;
    const options = { issuer: this.url, audience: API };
    return jwtVerify(token, createLocalJWKSet(this.publicKeys), options).then(
      () => true,
      () => false,
    );
  }

  #reload(): void {
    const provider = new Provider(this.url, {
      adapter: (name) => storedIn(this.#stored, name),
      clients: this.#clients.map((client) => ({
        grant_types: ['client_credentials'],
        redirect_uris: [],
        response_types: [],
        ...client,
      })),
      jwks: { keys: this.#keys.map(privateJwk) },
      scopes: ['read', 'write', 'delete'],
      ttl: { ClientCredentials: (_ctx, token) => token.resourceServer?.accessTokenTTL ?? 600 },
      clientAuthMethods: [
        'client_secret_basic',
        'client_secret_post',
        'private_key_jwt',
        'self_signed_tls_client_auth',
      ],
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        introspection: { enabled: true, allowedPolicy: () => true },
        mTLS: {
          enabled: true,
          selfSignedTlsClientAuth: true,
          getCertificate: ({ req }) => (req.socket as TLSSocket).getPeerX509Certificate(),
        },
        resourceIndicators: {
          enabled: true,
          // Auth0's name for the same.
          defaultResource: (ctx) => (ctx.oidc.body?.audience as string | undefined) ?? [],
          getResourceServerInfo: (_ctx, resource) => {
            if (resource !== API) throw new errors.InvalidTarget();
            const { format = 'jwt', lifetimeSeconds = 86_400, scope = 'read write delete' } = this.api;
            return { scope, audience: API, accessTokenTTL: lifetimeSeconds, accessTokenFormat: format };
          },
        },
      },
    });
    // Connections that tests cut are no errors.
    provider.silent = true;
    this.#listener = provider.callback();
  }
}

/** What the server remembers of one kind of thing: here its opaque tokens. */
function storedIn(stored: Map<string, AdapterPayload>, kind: string): Adapter {
  const nothing = async () => undefined;
  return {
    upsert: async (id, payload) => void stored.set(`${kind} ${id}`, payload),
    find: async (id) => stored.get(`${kind} ${id}`),
    destroy: async (id) => void stored.delete(`${kind} ${id}`),
    findByUserCode: nothing,
    findByUid: nothing,
    consume: nothing,
    revokeByGrantId: nothing,
  };
}

export function newKey(): SigningKey {
  return { kid: randomUUID(), privateKey: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey };
}

function privateJwk({ kid, privateKey }: SigningKey): OidcJwk {
  return { ...privateKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' } as OidcJwk;
}
