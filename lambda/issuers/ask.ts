import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../rotation/error-code.ts';
import { RotationError } from '../rotation/index.ts';
import { send } from './send.ts';

/** A GET, or a POST where there is a body. */
export interface Question {
  /** Such as `https://oauth2.googleapis.com/token`. */
  readonly url: string;
  readonly authorization?: string | undefined;
  /** Sent as a form where it is one, as JSON otherwise. */
  readonly body?: URLSearchParams | Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** How much this machine's clock is ahead of the issuer's, in seconds. */
  readonly clockAheadSeconds: number;
}

export interface Connection {
  /** Answers in place of every host that is asked. */
  readonly endpointUrl?: string | undefined;
  readonly signal: AbortSignal;
}

const ATTEMPTS = 3;
/** For one attempt; the function's whole time is 30 s unless its options say otherwise. */
const DEADLINE_MS = 8_000;
/** Who is asked to wait longer fails: Secrets Manager tries again later, at no cost. */
const LONGEST_WAIT_SECONDS = 5;

/**
 * Asks who issues tokens. What may pass – a lost connection, no answer in time, 429 and 5xx – is asked again, three times in
 * all, no sooner than `Retry-After` says.
 * @returns the JSON object of any other status
 * @throws THROTTLED, SERVICE, NETWORK, TLS
 */
export async function ask(question: Question, connection: Connection): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askOnce(question, connection);
    if (!(answer instanceof Transient)) return answer;
    const { waitSeconds = 0.2 * 2 ** attempt * (0.5 + Math.random() / 2) } = answer;
    if (attempt === ATTEMPTS || waitSeconds > LONGEST_WAIT_SECONDS) throw answer.error;
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

async function askOnce(question: Question, { endpointUrl, signal }: Connection): Promise<Answer | Transient> {
  const { host, pathname } = new URL(question.url);
  const target = endpointUrl === undefined ? question.url : endpointUrl + pathname;
  const attempt = new AbortController();
  const end = () => attempt.abort();
  // Not AbortSignal.any: Node.js 20 may collect its timeout before it is over.
  const timer = setTimeout(end, DEADLINE_MS);
  signal.addEventListener('abort', end, { once: true });
  try {
    const response = await send(target, question, attempt.signal);
    const { statusCode: status = 0, headers } = response;
    const body: unknown = await json(response).catch((error: unknown) => {
      // What is cut short is no answer; what is whole and not JSON is a strange one.
      if (!(error instanceof SyntaxError)) throw error;
    });
    if (status === 429 || status >= 500) return later(host, status, headers['retry-after']);
    if (typeof body !== 'object' || body === null) {
      throw new RotationError(
        'SERVICE',
        `${host} answered with ${status} and no JSON object. Does a proxy stand in between?`,
      );
    }
    const clockAheadSeconds = Math.round((Date.now() - Date.parse(headers.date ?? '')) / 1_000) || 0;
    return { status, body: body as Answer['body'], clockAheadSeconds };
  } catch (error) {
    if (signal.aborted || error instanceof RotationError) throw error;
    return unreachable(host, error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

function later(host: string, status: number, retryAfter: string | undefined): Transient {
  const waitSeconds = retryAfterSeconds(retryAfter);
  const wait = waitSeconds === undefined ? '' : ` and asks to wait ${waitSeconds} s`;
  const code = status === 429 ? 'THROTTLED' : 'SERVICE';
  const error = new RotationError(code, `${host} answered with ${status}${wait}. Secrets Manager will try again.`);
  return new Transient(error, waitSeconds);
}

function unreachable(host: string, error: unknown): Transient {
  const code = errorCode(error);
  if (code === 'TLS') {
    const message = `${host} does not prove who it is. Does a proxy stand in between?`;
    throw new RotationError(code, message, { cause: error });
  }
  // The function's own time is not over, so it was this call's.
  const what = code === 'TIMEOUT' ? `had not answered within ${DEADLINE_MS / 1_000} s` : 'cannot be reached';
  const remedy = 'A function in a VPC needs a NAT gateway for it.';
  return new Transient(new RotationError('NETWORK', `${host} ${what}. ${remedy}`, { cause: error }));
}

/** Seconds, or a date. */
function retryAfterSeconds(header = ''): number | undefined {
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
