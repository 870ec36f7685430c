import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { rootCertificates } from 'node:tls';
import type { Question } from './ask.ts';
import type { Connection } from './connection.ts';
import { tunnel } from './tunnel.ts';
import { USER_AGENT } from './user-agent.ts';

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly ca?: string[];
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** How far a request has come. */
export interface Progress {
  stage: 'to the proxy' | 'to the host' | 'asked' | 'answering';
}

/** Asks once, at `target`. @throws what Node.js throws for a connection that fails */
export async function send(
  target: URL,
  question: Question,
  { tls = {}, proxy }: Pick<Connection, 'tls' | 'proxy'>,
  signal: AbortSignal,
  progress: Progress,
): Promise<IncomingMessage> {
  const isTls = target.protocol === 'https:';
  const { ca, ...certificate } = tls;
  const trust = ca === undefined ? { signal } : { signal, ca: [...rootCertificates, ca] };
  let socket: Awaited<ReturnType<typeof tunnel>> | undefined;
  if (isTls && proxy !== undefined) {
    progress.stage = 'to the proxy';
    socket = await tunnel(new URL(proxy), target, trust);
    progress.stage = 'to the host';
  }
  const { body, authorization } = question;
  const isForm = body instanceof URLSearchParams;
  const headers = {
    accept: 'application/json',
    'user-agent': USER_AGENT,
    ...(body && { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
    ...(authorization && { authorization }),
    ...question.headers,
  };
  const options = {
    method: body ? 'POST' : 'GET',
    agent: false,
    headers,
    ...trust,
    ...certificate,
    ...(socket && { socket }),
  };
  // fetch would load undici at its first call, which takes 50 ms.
  const { request } = isTls ? https : http;
  return new Promise((resolve, reject) => {
    request(target, options, (response) => {
      progress.stage = 'answering';
      resolve(response);
    })
      .on('socket', (used) =>
        used.once(isTls ? 'secureConnect' : 'connect', () => {
          progress.stage = 'asked';
        }),
      )
      .on('error', reject)
      .end(isForm ? String(body) : JSON.stringify(body));
  });
}
