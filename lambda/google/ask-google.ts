import http from 'node:http';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../rotation/error-code.ts';
import { RotationError } from '../rotation/index.ts';

export interface GoogleQuestion {
  /** Such as `https://oauth2.googleapis.com/token`. */
  readonly url: string;
  readonly bearer?: string;
  /** Sent as a form where its values are a form's, as JSON otherwise. */
  readonly body: URLSearchParams | Readonly<Record<string, unknown>>;
}

export interface GoogleAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** How much this machine's clock is ahead of Google's, in seconds. */
  readonly clockAheadSeconds: number;
}

/** How Google is asked. */
export interface GoogleConnection {
  /** Answers in place of all of Google's hosts. */
  readonly endpointUrl?: string | undefined;
  readonly signal: AbortSignal;
}

const ATTEMPTS = 3;
/** For one attempt: the function's whole time is 30 s unless its options say otherwise. */
const DEADLINE_MS = 8_000;
/** Secrets Manager tries again later than that, at no cost. */
const LONGEST_WAIT_SECONDS = 5;

/**
 * Asks one of Google's APIs. What may pass – a lost connection, no answer in time, 429 and 5xx – is asked again, three times in
 * all, no sooner than `Retry-After` says.
 * @throws THROTTLED, SERVICE, NETWORK, TLS
 */
export async function askGoogle(question: GoogleQuestion, connection: GoogleConnection): Promise<GoogleAnswer> {
  for (let attempt = 1; ; attempt += 1) {
    const failure = await tryOnce(question, connection).catch((error: unknown) =>
      unreachable(question, connection, error),
    );
    if (!(failure instanceof Transient)) return failure;
    const { waitSeconds = 0.2 * 2 ** attempt * (0.5 + Math.random() / 2) } = failure;
    if (attempt === ATTEMPTS || waitSeconds > LONGEST_WAIT_SECONDS) throw failure.error;
    await sleep(waitSeconds * 1_000, undefined, { signal: connection.signal });
  }
}

/** What may be gone at the next attempt. */
class Transient {
  constructor(
    readonly error: RotationError,
    readonly waitSeconds?: number,
  ) {}
}

async function tryOnce(question: GoogleQuestion, { endpointUrl, signal }: GoogleConnection) {
  const attempt = new AbortController();
  const end = () => attempt.abort();
  // Not AbortSignal.any: Node.js 20 may collect its timeout before it is over.
  const timer = setTimeout(end, DEADLINE_MS);
  signal.addEventListener('abort', end, { once: true });
  try {
    return await read(await send(question, endpointUrl, attempt.signal), new URL(question.url).host);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function send({ url, bearer, body }: GoogleQuestion, endpointUrl: string | undefined, signal: AbortSignal) {
  const target = endpointUrl === undefined ? new URL(url) : new URL(new URL(url).pathname, endpointUrl);
  const isForm = body instanceof URLSearchParams;
  const headers = {
    'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
    ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
  };
  // fetch would load undici at its first call, which takes 50 ms.
  const { request } = target.protocol === 'http:' ? http : https;
  return new Promise<http.IncomingMessage>((resolve, reject) => {
    request(target, { method: 'POST', agent: false, signal, headers }, resolve)
      .on('error', reject)
      .end(isForm ? String(body) : JSON.stringify(body));
  });
}

async function read(response: http.IncomingMessage, host: string): Promise<GoogleAnswer | Transient> {
  const { statusCode: status = 0, headers } = response;
  const body: unknown = await json(response).catch((error: unknown) => {
    // What is cut short is no answer; what is complete and not JSON is a strange one.
    if (!(error instanceof SyntaxError)) throw error;
  });
  if (status === 429 || status >= 500) {
    const { 'retry-after': retryAfter = '' } = headers;
    const waitSeconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined;
    const wait = waitSeconds === undefined ? '' : ` and asks to wait ${waitSeconds} s`;
    const code = status === 429 ? 'THROTTLED' : 'SERVICE';
    const error = new RotationError(code, `${host} answered with ${status}${wait}. Secrets Manager will try again.`);
    return new Transient(error, waitSeconds);
  }
  if (typeof body !== 'object' || body === null) {
    throw new RotationError(
      'SERVICE',
      `${host} answered with ${status} and no JSON object. Is it Google that answers there?`,
    );
  }
  const clockAheadSeconds =
    headers.date === undefined ? 0 : Math.round((Date.now() - Date.parse(headers.date)) / 1_000);
  return { status, body: body as GoogleAnswer['body'], clockAheadSeconds };
}

function unreachable({ url }: GoogleQuestion, { signal }: GoogleConnection, error: unknown): Transient {
  if (signal.aborted || error instanceof RotationError) throw error;
  const { host } = new URL(url);
  const code = errorCode(error);
  if (code === 'TLS') {
    throw new RotationError('TLS', `${host} does not prove who it is. Does a proxy stand in between?`, {
      cause: error,
    });
  }
  // The function's own time is not over, so it was this call's.
  const what = code === 'TIMEOUT' ? `had not answered within ${DEADLINE_MS / 1_000} s` : 'cannot be reached';
  const remedy = 'A function in a VPC needs a NAT gateway for it.';
  return new Transient(new RotationError('NETWORK', `${host} ${what}. ${remedy}`, { cause: error }));
}
