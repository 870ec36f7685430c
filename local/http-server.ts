import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { AwsError } from './aws-error.ts';
import { ConnectionLost } from './connection-lost.ts';

/** One call of the API, as it came over the wire. */
export interface ApiRequest {
  /** The header `X-Amz-Target`, such as `secretsmanager.GetSecretValue`. */
  readonly target: string;
  readonly input: unknown;
  /** Of the request's signature, which is not checked. */
  readonly accessKeyId: string | undefined;
  /** The header `amz-sdk-invocation-id`: the same in all attempts of an AWS SDK at one call. */
  readonly sdkCallId: string | undefined;
}

export interface HttpServer {
  /** Such as `http://127.0.0.1:4566`. */
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Speaks AWS's JSON 1.1 protocol on 127.0.0.1.
 *
 * @param port 0 for any free one
 * @param answer what a call is answered with: an object, or nothing for an empty body. Dates go out as epoch seconds.
 * It throws AwsError for a refusal, ConnectionLost for no answer at all.
 * @throws Error the port is in use.
 * @see https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export async function startHttpServer(
  port: number,
  answer: (request: ApiRequest) => unknown | Promise<unknown>,
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
  answer: (request: ApiRequest) => unknown,
): Promise<void> {
  try {
    const output = await answer(await read(request));
    write(response, 200, output === undefined ? '' : JSON.stringify(output, datesAsSeconds));
  } catch (error) {
    if (error instanceof ConnectionLost) return void response.destroy();
    const { code, message, statusCode } = error instanceof AwsError ? error : internalError(error);
    write(response, statusCode, JSON.stringify({ __type: code, Message: message }));
  }
}

async function read(request: IncomingMessage): Promise<ApiRequest> {
  const body = await text(request);
  const [, accessKeyId] = /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '') ?? [];
  const { 'x-amz-target': target = '', 'amz-sdk-invocation-id': sdkCallId } = request.headers;
  return { target: String(target), input: parse(body), accessKeyId, sdkCallId: sdkCallId?.toString() };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body || '{}');
  } catch {
    // Not the parser's own message: it quotes the body, which may hold a secret.
    throw new AwsError('SerializationException', 'The body of the request is not JSON.');
  }
}

function write(response: ServerResponse, statusCode: number, body: string): void {
  response
    .writeHead(statusCode, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': randomUUID() })
    .end(body);
}

function datesAsSeconds(this: Record<string, unknown>, key: string, value: unknown): unknown {
  // `value` is a text by now: JSON.stringify asks a date's toJSON before it asks us.
  const original = this[key];
  return original instanceof Date ? original.getTime() / 1000 : value;
}

function internalError(error: unknown): AwsError {
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
