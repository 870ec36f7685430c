import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { RotationError } from '../rotation/index.ts';
import type { Attempt } from './ask.ts';
import type { Connection } from './connection.ts';
import { secureContext } from './secure-context.ts';
import { tunnel } from './tunnel.ts';
import { USER_AGENT } from './user-agent.ts';

/** How far a request has come. */
export interface Progress {
  stage: 'to the proxy' | 'to the host' | 'asked' | 'answering';
}

/** Asks once, at `target`. @throws what Node.js throws for a connection that fails */
export async function send(
  target: URL,
  question: Attempt,
  { tls = {}, proxy }: Pick<Connection, 'tls' | 'proxy'>,
  signal: AbortSignal,
  progress: Progress,
): Promise<IncomingMessage> {
  const isTls = target.protocol === 'https:';
  let socket: Awaited<ReturnType<typeof tunnel>> | undefined;
  if (isTls && proxy !== undefined) {
    progress.stage = 'to the proxy';
    socket = await tunnel(new URL(proxy), target, tls, signal);
    progress.stage = 'to the host';
  }
  const { body, authorization } = question;
  const { host } = new URL(question.url);
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
    signal,
    ...(isTls && { secureContext: secureContext(tls) }),
    ...(socket && { socket }),
  };
  // fetch would load undici at its first call, which takes 50 ms.
  const { request } = isTls ? https : http;
  return new Promise((resolve, reject) => {
    let answer: IncomingMessage | undefined;
    request(target, options, (response) => {
      progress.stage = 'answering';
      // Whoever reads it is told.
      answer = response.on('error', () => {});
      resolve(response);
    })
      .on('socket', (used) =>
        used.once(isTls ? 'secureConnect' : 'connect', () => {
          progress.stage = 'asked';
        }),
      )
      .on('upgrade', (_response, used) => {
        used.destroy();
        reject(new RotationError('SERVICE', `${host} answered with 101 (Switching Protocols). Is the URL right?`));
      })
      .on('error', (error) => {
        // What cannot be read may also stand in the middle of an answer.
        answer?.destroy(error);
        reject(error);
      })
      // Not every end is an error. Where there is an answer, this changes nothing.
      .on('close', () => reject(new Error('The connection was closed.')))
      .end(isForm ? String(body) : JSON.stringify(body));
  });
}
