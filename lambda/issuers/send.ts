import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Question } from './ask.ts';

/** Asks once, at `target`. @throws what Node.js throws for a connection that fails */
export function send(target: string, { body, authorization }: Question, signal: AbortSignal): Promise<IncomingMessage> {
  const isForm = body instanceof URLSearchParams;
  const headers = {
    accept: 'application/json',
    ...(body && { 'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json' }),
    ...(authorization && { authorization }),
  };
  // fetch would load undici at its first call, which takes 50 ms.
  const { request } = target.startsWith('http:') ? http : https;
  return new Promise((resolve, reject) => {
    request(target, { method: body ? 'POST' : 'GET', agent: false, signal, headers }, resolve)
      .on('error', reject)
      .end(isForm ? String(body) : JSON.stringify(body));
  });
}
