import http from 'node:http';
import https from 'node:https';
import type { Duplex } from 'node:stream';
import { RotationError } from '../rotation/index.ts';
import type { TlsSettings } from './connection.ts';
import { secureContext } from './secure-context.ts';
import { USER_AGENT } from './user-agent.ts';

/**
 * A connection to a host through a proxy, which sees its name and nothing of what is said.
 * @throws CONFIGURATION where the proxy does not let it through; what Node.js throws where the proxy cannot be reached
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export function tunnel(proxy: URL, target: URL, { ca }: TlsSettings, signal: AbortSignal): Promise<Duplex> {
  const path = `${target.hostname}:${target.port || 443}`;
  const headers = { host: path, 'user-agent': USER_AGENT };
  const isTls = proxy.protocol === 'https:';
  const { request } = isTls ? https : http;
  const trust = isTls && { secureContext: secureContext({ ca }) };
  return new Promise((resolve, reject) => {
    request(proxy, { method: 'CONNECT', path, agent: false, signal, headers, ...trust })
      .on('connect', ({ statusCode = 0 }, socket: Duplex, head: Buffer) => {
        const isOpen = statusCode >= 200 && statusCode < 300;
        // In TLS, the client speaks first.
        if (isOpen && head.length === 0) return resolve(socket);
        socket.destroy();
        reject(isOpen ? unasked(proxy.host, path, statusCode) : refused(proxy.host, path, statusCode));
      })
      .on('error', reject)
      .on('close', () => reject(new Error('The connection was closed.')))
      .end();
  });
}

function unasked(proxy: string, path: string, status: number): RotationError {
  return new RotationError(
    'CONFIGURATION',
    `The proxy ${proxy} answered with ${status} and an answer of its own: expected a connection to ${path}. Correct proxy.`,
  );
}

function refused(proxy: string, path: string, status: number): RotationError {
  const remedy =
    status === 407
      ? 'It requires a login, which Rotaform does not support: allow the function without one.'
      : 'Allow it there.';
  return new RotationError(
    'CONFIGURATION',
    `The proxy ${proxy} refused with ${status} to connect to ${path}. ${remedy}`,
  );
}
