import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { AwsError } from './aws-error.ts';
import { ConnectionLost } from './connection-lost.ts';
import { jsonRefusal } from './wire/json-protocol.ts';

export interface HttpRequest {
  readonly method: string;
  /** Without the query; not decoded. */
  readonly path: string;
  /** A parameter that is repeated is a list. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Speaks HTTP on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @param answer makes the answer to a request. It throws ConnectionLost for no answer at all. Any other error is answered in
 * AWS's JSON protocol.
 * @throws Error the port is in use.
 */
export async function startHttpServer(
  port: number,
  answer: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
): Promise<HttpServer> {
  const server = createServer((request, response) => reply(request, response, answer));
  const listening = once(server, 'listening');
  server.listen(port, '127.0.0.1');
  try {
    await listening;
  } catch (cause) {
    throw cannotListen(port, cause);
  }
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    async close() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function reply(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (request: HttpRequest) => HttpAnswer | Promise<HttpAnswer>,
): Promise<void> {
  try {
    write(response, await answer(await read(request)));
  } catch (error) {
    if (error instanceof ConnectionLost) return void response.destroy();
    write(response, jsonRefusal(asAwsError(error)));
  }
}

async function read(request: IncomingMessage): Promise<HttpRequest> {
  const { method = '', headers, url = '/' } = request;
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1');
  const query = [...new Set(searchParams.keys())].map((name) => {
    const values = searchParams.getAll(name);
    return [name, values.length === 1 ? values[0] : values];
  });
  return {
    method,
    path: pathname,
    query: Object.fromEntries(query),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()])),
    body: await text(request),
  };
}

function write(response: ServerResponse, { statusCode, headers, body }: HttpAnswer): void {
  response.writeHead(statusCode, { ...headers, 'x-amzn-requestid': randomUUID() }).end(body);
}

/** The error as AWS would answer it. An error that is not one of AWS's is shown only on the console. */
export function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  console.error(error);
  return new AwsError('InternalServiceError', 'An error occurred on the server side.', 500);
}

function cannotListen(port: number, cause: unknown): Error {
  const isBusy = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
  return new Error(
    isBusy
      ? `Port ${port} of 127.0.0.1 is in use by another program. Stop it, or choose another port (0 takes any free one).`
      : `Cannot listen on port ${port} of 127.0.0.1. Choose another port (0 takes any free one).`,
    { cause },
  );
}
