import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { refusingWebPages } from '../../../rules/web-page.ts';
import { type Answer, type Asked, apiError, type Service } from './answer.ts';
import { events } from './calendar.ts';
import { GoogleState } from './google-state.ts';
import { iamCredentials } from './iam-credentials.ts';
import { token, tokeninfo } from './oauth2.ts';
import { exchange } from './security-token-service.ts';

/**
 * What goes wrong with a request: nothing, a status in place of an answer, a connection that is lost, an answer that never comes, one that
 * is no JSON, one that is cut short.
 */
export type Fault =
  | {
      readonly status: number;
      readonly retryAfterSeconds?: number;
      /** What goes with it: an object, or a page. @default a page */
      readonly body?: object | string;
    }
  | 'none'
  | 'reset'
  | 'silence'
  | 'malformed'
  | 'cut';

export interface GoogleStandInOptions {
  /** PEM. @default plain HTTP */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Called around what each request does. */
  readonly around?: (name: string, run: () => Promise<Answer>) => Promise<Answer>;
}

const SERVICES: readonly (readonly [path: RegExp, name: string, service: Service])[] = [
  [/^\/token$/, 'token', token],
  [/^\/tokeninfo$/, 'tokeninfo', tokeninfo],
  [/^\/v1\/token$/, 'exchange', exchange],
  [/^\/v1\/projects\/-\/serviceAccounts\//, 'iamcredentials', iamCredentials],
  [/^\/calendar\/v3\/calendars\/[^/]+\/events$/, 'events', events],
];

/** Google, as far as a service account's tokens go, on this machine. It believes nothing that it can check. */
export class GoogleStandIn extends GoogleState {
  /** What was asked, in order. */
  readonly asked: string[] = [];
  readonly #faults: Fault[] = [];
  /** Until then, who was told to wait is refused. */
  #closedUntilMs = 0;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(private readonly options: GoogleStandInOptions) {
    super();
    const serve = refusingWebPages(
      (request, response) => void this.#serve(request, response).catch(() => response.destroy()),
    );
    this.#server = options.tls ? createTlsServer(options.tls, serve) : createServer(serve);
  }

  static async start(options: GoogleStandInOptions = {}): Promise<GoogleStandIn> {
    const standIn = new GoogleStandIn(options);
    await new Promise<void>((resolve) => standIn.#server.listen(0, '127.0.0.1', resolve));
    return standIn;
  }

  /** Such as `http://127.0.0.1:8080`. */
  get url(): string {
    return `${this.options.tls ? 'https' : 'http'}://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Lets the next requests go wrong, one after the other. */
  fail(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await read(request);
    const [, name, service] = SERVICES.find(([path]) => path.test(asked.path)) ?? [];
    this.asked.push(name ?? asked.path);
    const isTooSoon = Date.now() < this.#closedUntilMs;
    const fault = isTooSoon ? { status: 429 } : this.#faults.shift();
    if (fault === 'silence') return;
    if (fault === 'reset') return void request.socket.resetAndDestroy();
    response.setHeader('date', new Date(this.nowMs()).toUTCString());
    if (typeof fault === 'object') {
      const { retryAfterSeconds } = fault;
      if (retryAfterSeconds !== undefined) {
        response.setHeader('retry-after', retryAfterSeconds);
        this.#closedUntilMs = Date.now() + retryAfterSeconds * 1_000;
      }
      const { body = '<html>Try again later.</html>' } = fault;
      response.writeHead(fault.status).end(typeof body === 'string' ? body : JSON.stringify(body));
      return;
    }
    const run = async () => service?.(asked, this) ?? apiError(404, 'NOT_FOUND', 'No such path.');
    const [status, body] = await (this.options.around?.(name ?? 'unknown', run) ?? run());
    const json = JSON.stringify(body);
    response.setHeader('content-type', 'application/json');
    response.writeHead(status, { 'content-length': Buffer.byteLength(json) });
    if (fault === 'malformed') response.end(json.replaceAll('"', '!'));
    else if (fault === 'cut') response.write(json.slice(0, 10), () => request.socket.destroy());
    else response.end(json);
  }
}

async function read(request: IncomingMessage): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const sent = await text(request);
  const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  const body = isForm ? Object.fromEntries(new URLSearchParams(sent)) : JSON.parse(sent || '{}');
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const quotaProject = request.headers['x-goog-user-project']?.toString();
  return { path: pathname, query: searchParams, bearer, quotaProject, body };
}
