import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface PasswordTargetOptions {
  /** The password in use at the start. */
  readonly password: string;
  /** Whether it will never take a password. */
  readonly refuses?: (password: string) => boolean;
  /** A key and certificate in PEM, to be reached by HTTPS. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

/** What `strategies/target.ts` rotates: one password, used by `GET` and changed by `PUT`. */
export async function passwordTarget({ password, refuses = () => false, tls }: PasswordTargetOptions) {
  const target = { url: '', password, /** Method and status of every request. */ requests: [] as string[] };
  const listener: RequestListener = async (request, response) => {
    const [, credentials = ''] = request.headers.authorization?.split(' ') ?? [];
    const [, given] = Buffer.from(credentials, 'base64').toString().split(/:(.*)/s);
    const next = await text(request);
    const status = given !== target.password ? 401 : request.method !== 'PUT' ? 200 : refuses(next) ? 422 : 204;
    if (status === 204) target.password = next;
    target.requests.push(`${request.method} ${status}`);
    response.writeHead(status).end();
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  target.url = `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return target;
}
