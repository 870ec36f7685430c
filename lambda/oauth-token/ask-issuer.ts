import http from 'node:http';
import https from 'node:https';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { isSecure } from '../../rules/oauth-token.ts';
import { errorCode } from '../rotation/error-code.ts';
import { RotationError } from '../rotation/index.ts';

/** A GET, or a POST where there is a form. */
export interface Question {
  readonly url: string;
  readonly form?: URLSearchParams;
  readonly authorization?: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** How much this machine's clock is ahead of the issuer's, in seconds. */
  readonly clockAheadSeconds: number;
}

const ATTEMPTS = 3;
/** For one attempt; the function's whole time is 30 s unless its options say otherwise. */
const DEADLINE_MS = 8_000;
/** Who is asked to wait longer fails: Secrets Manager tries again later, at no cost. */
const LONGEST_WAIT_SECONDS = 5;

/**
 * Asks the issuer. What may pass – a lost connection, no answer in time, 429 and 5xx – is asked again, three times in all,
 * no sooner than `Retry-After` says.
 * @returns the JSON object of any other status
 * @throws THROTTLED, SERVICE, NETWORK, TLS; CONFIGURATION for a URL that is not secure
 */
export async function askIssuer(question: Question, signal: AbortSignal): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askOnce(question, signal);
    if (!(answer instanceof Transient)) return answer;
    const { waitSeconds = 0.2 * 2 ** attempt * (0.5 + Math.random() / 2) } = answer;
    if (attempt === ATTEMPTS || waitSeconds > LONGEST_WAIT_SECONDS) throw answer.error;
    await sleep(waitSeconds * 1_000, undefined, { signal });
  }
}

/** What may be gone at the next attempt. */
class Transient {
  constructor(
    readonly error: RotationError,
    readonly waitSeconds?: number,
  ) {}
}

async function askOnce(question: Question, signal: AbortSignal): Promise<Answer | Transient> {
  if (!isSecure(question.url)) {
    throw new RotationError('CONFIGURATION', `The issuer's endpoint is "${question.url}": expected an https:// URL.`);
  }
  const { host } = new URL(question.url);
  try {
    const { statusCode: status = 0, headers, body } = await send(question, signal);
    if (status === 429 || status >= 500) return later(host, status, headers['retry-after']);
    if (typeof body !== 'object' || body === null) {
      throw new RotationError(
        'SERVICE',
        `${host} answered with ${status} and no JSON object. Is it the issuer that answers at ${question.url}?`,
      );
    }
    const clockAheadSeconds = Math.round((Date.now() - Date.parse(headers.date ?? '')) / 1_000) || 0;
    return { status, body: body as Answer['body'], clockAheadSeconds };
  } catch (error) {
    if (signal.aborted || error instanceof RotationError) throw error;
    return unreachable(host, error);
  }
}

function send({ url, form, authorization }: Question, signal: AbortSignal) {
  const options = {
    method: form === undefined ? 'GET' : 'POST',
    agent: false,
    signal: AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]),
    headers: {
      accept: 'application/json',
      ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(authorization !== undefined && { authorization }),
    },
  };
  // fetch would load undici at its first call, which takes 50 ms.
  const { request } = url.startsWith('http:') ? http : https;
  return new Promise<{ statusCode?: number; headers: http.IncomingHttpHeaders; body: unknown }>((resolve, reject) => {
    request(url, options, (response) => {
      const { statusCode, headers } = response;
      json(response).then(
        (body) => resolve({ statusCode, headers, body }),
        // What is cut short is no answer; what is whole and not JSON is a strange one.
        (error) => (error instanceof SyntaxError ? resolve({ statusCode, headers, body: undefined }) : reject(error)),
      );
    })
      .on('error', reject)
      .end(form?.toString());
  });
}

function later(host: string, status: number, retryAfter: string | undefined): Transient {
  const waitSeconds = retryAfterSeconds(retryAfter);
  const wait = waitSeconds === undefined ? '' : ` and asks to wait ${waitSeconds} s`;
  const code = status === 429 ? 'THROTTLED' : 'SERVICE';
  return new Transient(
    new RotationError(code, `${host} answered with ${status}${wait}. Secrets Manager will try again.`),
    waitSeconds,
  );
}

function unreachable(host: string, error: unknown): Transient {
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

/** Seconds, or a date. */
function retryAfterSeconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
