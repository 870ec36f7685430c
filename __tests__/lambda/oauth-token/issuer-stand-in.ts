import { createPublicKey } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TLSSocket } from 'node:tls';
import { type JWK, SignJWT } from 'jose';
import { type Certificate, certificate } from './certificate.ts';
import { newKey } from './oidc-issuer.ts';

export interface Asked {
  readonly method: string;
  /** Host and path, such as `login.example.com/token`. */
  readonly place: string;
  readonly headers: IncomingHttpHeaders;
  readonly form: Readonly<Record<string, string>>;
  /** Of the certificate that the client showed. */
  readonly clientFingerprint: string | undefined;
}

/** A status, a body (what is no text is sent as JSON; undefined is nothing), and headers. */
export type Reply = readonly [status: number, body?: unknown, headers?: Readonly<Record<string, string>>];

/** What is answered where; undefined drops the connection without an answer. */
export type Places = Readonly<Record<string, (asked: Asked) => Reply | undefined | Promise<Reply>>>;

const KEY = newKey();

/** As a JWKS shows the key that `signed` signs with. */
export const publicJwk = {
  ...(createPublicKey(KEY.privateKey).export({ format: 'jwk' }) as JWK),
  kid: KEY.kid,
  alg: 'RS256',
};

/** A token with these claims, for an hour unless they say otherwise. */
export function signed(claims: object, header: object = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ iat: now, exp: now + 3_600, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: KEY.kid, ...header })
    .sign(KEY.privateKey);
}

/** A server that answers for every host of a provider, under one certificate: a stand-in, no provider. */
export class IssuerStandIn {
  readonly asked: Asked[] = [];
  places: Places = {};

  private constructor(
    readonly tls: Certificate,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start({ tls = certificate() }: { readonly tls?: Certificate } = {}): Promise<IssuerStandIn> {
    const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false });
    const standIn = new IssuerStandIn(tls, server);
    server.on('request', async (request, response) => {
      const { headers, url = '', method = '', socket } = request;
      const form = Object.fromEntries(new URLSearchParams(await text(request)));
      const place = `${headers.host?.replace(/:\d+$/, '')}${url}`;
      const clientFingerprint = (socket as TLSSocket).getPeerX509Certificate()?.fingerprint256;
      const asked = { method, place, headers, form, clientFingerprint };
      standIn.asked.push(asked);
      const answer = standIn.places[place] ?? standIn.places[url] ?? (() => [404, { error: 'not_found' }] as const);
      const reply = await answer(asked);
      if (reply === undefined) return void socket.destroy();
      const [status, body, more = {}] = reply;
      const isText = typeof body === 'string';
      response.writeHead(status, { 'content-type': isText ? 'text/html' : 'application/json', ...more });
      response.end(isText ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `https://127.0.0.1:${this.port}`;
  }

  reset(): void {
    this.asked.length = 0;
    this.places = {};
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}
