import { type IncomingMessage, maxHeaderSize } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../rotation/error-code.ts';
import { RotationError } from '../rotation/index.ts';
import { Scrubber } from '../rotation/scrubber.ts';
import type { Connection } from './connection.ts';
import { objectIn, refusalIn } from './read-body.ts';
import { type Progress, send } from './send.ts';
import { printable, wordsOfObject, wordsOfText } from './words.ts';

/** Sent as a form where it is one, as JSON otherwise. */
type Body = URLSearchParams | Readonly<Record<string, unknown>>;

/** A GET, or a POST where there is a body. */
export interface Question<Made = Body | (() => Body)> {
  /** Such as `https://oauth2.googleapis.com/token`. */
  readonly url: string;
  readonly authorization?: string | undefined;
  /** A function makes it anew for each attempt: an assertion is good for one. */
  readonly body?: Made;
  /** Further headers. @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether a 2xx is enough, whatever comes with it. @default false: it must come with a JSON object */
  readonly statusIsEnough?: boolean;
}

/** A question as it is sent once. */
export type Attempt = Question<Body | undefined>;

export interface Answer {
  readonly host: string;
  readonly status: number;
  /** The JSON object, or the fields of the form, that a refusal may be; empty where it was neither. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether a web page, or any other text, stood in place of JSON and of a form. */
  readonly isText: boolean;
  /** What is said of an error, as an error may carry it: nothing that was sent in confidence is in it. */
  readonly said: string;
  /** How much this machine's clock is ahead of the issuer's, in seconds. */
  readonly clockAheadSeconds: number;
}

const ATTEMPTS = 3;
/** For one attempt; the function's whole time is 30 s unless its options say otherwise. */
const DEADLINE_MS = 8_000;
/** Who is asked to wait longer fails: Secrets Manager tries again later, at no cost. */
const LONGEST_WAIT_SECONDS = 5;
/** Key sets with certificates are the longest answers. */
const MOST_BYTES = 1_000_000;
/** Fields of a form that are sent in confidence: client_secret, client_assertion, token, subject_token … */
const CONFIDENTIAL = /(secret|assertion|token)$/;

/**
 * Asks who issues tokens. What may pass – a lost connection, no answer in time, 429 and 5xx – is asked again, three times in
 * all, no sooner than `Retry-After` says.
 * @returns what was answered with any other status
 * @throws THROTTLED, SERVICE, NETWORK, TLS; CONFIGURATION where the answer points elsewhere
 */
export async function ask(question: Question, connection: Connection): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await askOnce({ ...question, body: made(question.body) }, connection);
    if (!(answer instanceof Transient)) return answer;
    const { waitSeconds = 0.2 * 2 ** attempt * (0.5 + Math.random() / 2) } = answer;
    if (attempt === ATTEMPTS || waitSeconds > LONGEST_WAIT_SECONDS) throw answer.error;
    await sleep(waitSeconds * 1_000, undefined, { signal: connection.signal });
  }
}

const made = (body: Question['body']): Body | undefined => (typeof body === 'function' ? (body as () => Body)() : body);

/** What may be gone at the next attempt. */
class Transient {
  constructor(
    readonly error: RotationError,
    readonly waitSeconds?: number,
  ) {}
}

async function askOnce(question: Attempt, connection: Connection): Promise<Answer | Transient> {
  const { signal, endpointUrl } = connection;
  const { host, pathname } = new URL(question.url);
  const target = endpointUrl === undefined ? question.url : endpointUrl + pathname;
  const attempt = new AbortController();
  const end = () => attempt.abort();
  // Not AbortSignal.any: Node.js 20 may collect its timeout before it is over.
  const timer = setTimeout(end, DEADLINE_MS);
  signal.addEventListener('abort', end, { once: true });
  const progress: Progress = { stage: 'to the host' };
  try {
    const response = await send(new URL(target), question, connection, attempt.signal, progress);
    const text = await textOf(response, host);
    return answerOf(question, host, response, text);
  } catch (error) {
    if (signal.aborted || error instanceof RotationError) throw error;
    return failed(error, host, connection, progress, attempt.signal.aborted);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', end);
  }
}

async function textOf(response: IncomingMessage, host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new RotationError('SERVICE', `${host} answered with more than ${MOST_BYTES / 1_000} kB. Is the URL right?`);
    }
    chunks.push(chunk);
  }
  // Without the byte order mark that some begin with.
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function answerOf(question: Attempt, host: string, response: IncomingMessage, text: string): Answer | Transient {
  const { statusCode: status = 0, headers } = response;
  // What the issuer's times mean is for its clock to say.
  const theirNow = Date.parse(headers.date ?? '') || Date.now();
  if (status === 429 || status >= 500) return later(host, status, headers['retry-after'], theirNow);
  if (status >= 300 && status < 400) {
    const { location = '' } = headers;
    const elsewhere = URL.canParse(location, question.url) ? new URL(location, question.url).host : 'nowhere';
    throw new RotationError(
      'CONFIGURATION',
      `${host} answered with ${status} and points to ${elsewhere}. Correct the URL.`,
    );
  }
  const object = status < 400 ? objectIn(text) : refusalIn(text);
  if (object === undefined && status < 300 && !question.statusIsEnough) {
    throw new RotationError(
      'SERVICE',
      `${host} answered with ${status} and no JSON object. Is the URL right, or does a proxy answer?`,
    );
  }
  const scrubber = new Scrubber();
  scrubber.learn(confidencesOf(question));
  const said = object === undefined ? wordsOfText(scrubber.clean(text)) : wordsOfObject(object);
  return {
    host,
    status,
    body: object ?? {},
    isText: object === undefined && text.trim() !== '',
    said: printable(scrubber.clean(said)) || 'no reason',
    clockAheadSeconds: Math.round((Date.now() - theirNow) / 1_000),
  };
}

/** What was sent that no error may repeat. */
function confidencesOf({ authorization = '', body, headers = {} }: Attempt): string[] {
  const fields = body instanceof URLSearchParams ? [...body] : [];
  const [, credential = ''] = authorization.split(' ');
  const userinfo = authorization.startsWith('Basic ') ? Buffer.from(credential, 'base64').toString() : '';
  const password = userinfo.slice(userinfo.indexOf(':') + 1);
  return [
    ...fields.filter(([name]) => CONFIDENTIAL.test(name)).map(([, value]) => value),
    ...Object.values(headers),
    credential,
    ...(userinfo ? [userinfo, password, new URLSearchParams(`=${password}`).get('') ?? ''] : []),
  ];
}

function later(host: string, status: number, retryAfter: string | undefined, theirNow: number): Transient {
  const waitSeconds = retryAfterSeconds(retryAfter, theirNow);
  const wait = waitSeconds === undefined ? '' : ` and asks to wait ${waitSeconds} s`;
  const code = status === 429 ? 'THROTTLED' : 'SERVICE';
  const error = new RotationError(code, `${host} answered with ${status}${wait}. Secrets Manager will try again.`);
  return new Transient(error, waitSeconds);
}

function failed(
  cause: unknown,
  host: string,
  { tls, proxy }: Connection,
  { stage }: Progress,
  isLate: boolean,
): Transient {
  const code = errorCode(cause);
  const seconds = DEADLINE_MS / 1_000;
  const transient = (kind: 'NETWORK' | 'SERVICE', message: string) =>
    new Transient(new RotationError(kind, message, { cause }));
  const nonsense = parseProblem(cause);
  if (stage === 'to the proxy') {
    const { host: proxyHost } = new URL(proxy ?? '');
    if (nonsense !== undefined) return transient('SERVICE', `The proxy ${proxyHost} ${nonsense} Correct proxy.`);
    return transient('NETWORK', `The proxy ${proxyHost} cannot be reached. Correct proxy, or the function's network.`);
  }
  if (nonsense !== undefined) return transient('SERVICE', `${host} ${nonsense} Is the URL right?`);
  if (code === 'TLS') throw new RotationError('TLS', tlsProblem(cause, host, tls, proxy), { cause });
  if (stage === 'to the host') {
    const what = isLate ? `had not taken a connection within ${seconds} s` : 'cannot be reached';
    const remedy =
      proxy === undefined
        ? 'A function in a VPC needs a NAT gateway for it.'
        : 'The proxy answers: check what it allows.';
    return transient('NETWORK', `${host} ${what}. ${remedy}`);
  }
  const [late, lost] =
    stage === 'asked'
      ? [`took the request and had not answered within ${seconds} s`, 'hung up without an answer']
      : [`began to answer and had not finished within ${seconds} s`, 'hung up in the middle of its answer'];
  return transient(isLate ? 'SERVICE' : 'NETWORK', `${host} ${isLate ? late : lost}. Secrets Manager will try again.`);
}

/** Why an answer cannot be read; undefined if that is not the problem, or if its end is missing. */
function parseProblem(cause: unknown): string | undefined {
  const code = String(Object(cause).code);
  if (code === 'HPE_HEADER_OVERFLOW') return `answered with headers of more than ${maxHeaderSize / 1_024} kB.`;
  return /^HPE_(?!INVALID_EOF_STATE)/.test(code) ? 'answered with something that is not HTTP.' : undefined;
}

/** @param tls undefined where nobody can set it */
function tlsProblem(cause: unknown, host: string, tls: Connection['tls'], proxy: string | undefined): string {
  const { code, message } = Object(cause);
  // Node.js has OpenSSL's reason in either of them.
  const reason = `${code} ${message}`;
  if (/wrong.version|packet.length/i.test(reason)) {
    const through = proxy === undefined ? '' : ' through the proxy';
    return `${host} does not speak TLS${through}. Is its port right${through && ', and the proxy'}?`;
  }
  if (/\balert\b|_ALERT_/i.test(reason)) {
    const found =
      tls?.cert === undefined ? 'It may want a client certificate' : 'It does not take the client certificate';
    return `${host} ended the TLS handshake. ${found}: see tls.clientCertificate.`;
  }
  const remedy =
    tls === undefined ? 'Check for a proxy in between.' : 'If its authority is a private one, give it as tls.ca.';
  return `${host} does not prove who it is. ${remedy}`;
}

/** Seconds, or a date by the issuer's clock. */
function retryAfterSeconds(header = '', theirNow: number): number | undefined {
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - theirNow) / 1_000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}
