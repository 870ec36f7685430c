import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { AwsError } from './aws-error.ts';
import { ConnectionLost } from './connection-lost.ts';

/** A request before its body is read. */
export interface RequestHead {
  readonly method: string;
  /** Without the query; not decoded. */
  readonly path: string;
  /** A parameter that is repeated is a list. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface HttpRequest extends RequestHead {
  readonly body: string;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface BodyLimit {
  readonly maxBytes: number;
  /** The operation that has this limit, if others have a different one. */
  readonly operation?: string | undefined;
}

/** What a server does with a request. Any error that is thrown is answered by `refuse`. */
export interface RequestHandler {
  /**
   * Decides by the head of a request whether its body is read.
   *
   * @throws AwsError why it is not.
   */
  admit(head: RequestHead): BodyLimit;
  /** @throws ConnectionLost the connection is to end without an answer. */
  answer(request: HttpRequest): HttpAnswer | Promise<HttpAnswer>;
  /** Writes an error as the client expects it. */
  refuse(error: AwsError, head: RequestHead): HttpAnswer;
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/** How long a client may go on sending a body that nobody reads. */
const DISCARD_MS = 10_000;

/**
 * Speaks HTTP on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @throws Error the port is in use.
 */
export async function startHttpServer(port: number, handler: RequestHandler): Promise<HttpServer> {
  const server = createServer();
  for (const event of ['request', 'checkContinue']) {
    server.on(event, (request, response) => reply(request, response, handler));
  }
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

async function reply(request: IncomingMessage, response: ServerResponse, handler: RequestHandler): Promise<void> {
  const head = headOf(request);
  try {
    if (!isPath(request.url)) throw new AwsError('BadRequest', 'The target of the request is not a path such as /.');
    const limit = handler.admit(head);
    if (request.headers.expect !== undefined) response.writeContinue();
    write(response, await handler.answer({ ...head, body: await bodyOf(request, limit) }));
  } catch (error) {
    if (error instanceof ConnectionLost) return void response.destroy();
    write(response, handler.refuse(asAwsError(error), head));
    discardBody(request);
  }
}

/** Neither the whole URL that a proxy is sent, nor `//host`, in which a parser of URLs finds another server. */
function isPath(url = ''): boolean {
  return /^\/(?![/\\])/.test(url);
}

function headOf({ method = '', headers, url = '' }: IncomingMessage): RequestHead {
  const [, path = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(url) ?? [];
  const parameters = new URLSearchParams(search);
  const query = [...new Set(parameters.keys())].map((name) => {
    const values = parameters.getAll(name);
    return [name, values.length === 1 ? values[0] : values];
  });
  return {
    method,
    path,
    query: Object.fromEntries(query),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString()])),
  };
}

/**
 * The whole body, unless it is too large: then it is neither read nor kept to its end.
 *
 * @throws RequestEntityTooLargeException
 * @throws ConnectionLost the client is gone before its end.
 */
function bodyOf(request: IncomingMessage, limit: BodyLimit): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length']) > limit.maxBytes) return reject(tooLarge(limit));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit.maxBytes) return void chunks.push(chunk);
      chunks.length = 0;
      request.removeAllListeners('data');
      reject(tooLarge(limit));
    });
    request.once('end', () => resolve(Buffer.concat(chunks).toString()));
    request.once('error', () => reject(new ConnectionLost()));
  });
}

function tooLarge({ maxBytes, operation }: BodyLimit): AwsError {
  const forOperation = operation === undefined ? '' : ` for the ${operation} operation`;
  const message = `Request must be smaller than ${maxBytes} bytes${forOperation}`;
  return new AwsError('RequestEntityTooLargeException', message, 413);
}

/** Many clients read the answer only after they have sent the whole body: it is taken, not kept, for a while. */
function discardBody(request: IncomingMessage): void {
  request.on('error', () => {});
  request.resume();
  if (request.complete) return;
  const impatience = setTimeout(() => request.destroy(), DISCARD_MS);
  request.once('close', () => clearTimeout(impatience));
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
