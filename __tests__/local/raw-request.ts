import { once } from 'node:events';
import { connect } from 'node:net';

export interface RawAnswer {
  /** 0 if the connection ended without an answer. */
  readonly status: number;
  readonly text: string;
}

/** Sends exactly these bytes, and reads what comes until the server closes, is silent for a while, or has answered. */
export async function rawRequest(endpoint: string, bytes: string | Uint8Array, silenceMs = 5_000): Promise<RawAnswer> {
  const { hostname, port } = new URL(endpoint);
  const socket = connect({ host: hostname, port: Number(port) });
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (/\r\n\r\n/.test(text)) socket.end();
  });
  // The server may close before it has read everything.
  socket.on('error', () => {});
  socket.setTimeout(silenceMs, () => socket.destroy());
  socket.write(bytes);
  await once(socket, 'close');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
}

/** A request as text, with `Host` and `Content-Length` unless others are given. */
export function requestText(
  endpoint: string,
  line: string,
  headers: Readonly<Record<string, string | undefined>> = {},
  body = '',
): string {
  const all = { host: new URL(endpoint).host, 'content-length': String(Buffer.byteLength(body)), ...headers };
  const lines = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}`]));
  return `${[`${line} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`;
}
