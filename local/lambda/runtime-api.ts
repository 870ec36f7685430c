import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import * as v from 'valibot';
import { refusingWebPages } from '../../rules/web-page.ts';
import type { InvocationResult } from './lambda-function.ts';

const Failure = v.object({ errorType: v.string(), errorMessage: v.string() });

/** The most that Lambda lets a function return. */
const MAX_PAYLOAD_BYTES = 6_291_556;
const TOO_LARGE: InvocationResult = {
  failure: {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`,
  },
};

/** One event on its way to the handler. */
export interface RuntimeInvocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly payload: unknown;
  /** When the handler must have finished: milliseconds since 1970. */
  readonly deadlineMs: number;
}

export interface RuntimeApiOptions {
  /** Whether its paths begin with a secret that only its process knows. @default true */
  readonly hasSecretPath?: boolean;
}

/**
 * Lambda's Runtime API for one process: the process asks for the next event, and posts the result.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  /** What the process posted for its latest invocation, or about its failed start. */
  posted: InvocationResult | undefined;
  readonly #server: Server = createServer(refusingWebPages((request, response) => this.#route(request, response)));
  readonly #prefix: string;
  #requestId: string | undefined;
  #waiting: ServerResponse | undefined;
  #onAsked: (() => void) | undefined;

  constructor({ hasSecretPath = true }: RuntimeApiOptions = {}) {
    this.#prefix = hasSecretPath ? `/${randomBytes(16).toString('base64url')}` : '';
  }

  /** Starts to listen. @returns what `AWS_LAMBDA_RUNTIME_API` is for the process */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === 'object' ? address?.port : address}${this.#prefix}`;
  }

  /** Resolves as soon as the process asks for an event: it has started, or has finished the previous one. */
  asked(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#waiting) resolve();
      else this.#onAsked = resolve;
    });
  }

  /** Gives an event to the process, which must have asked for one. */
  give({ requestId, functionArn, payload, deadlineMs }: RuntimeInvocation): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#requestId = requestId;
    this.posted = undefined;
    waiting
      ?.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': requestId,
        'lambda-runtime-deadline-ms': deadlineMs,
        'lambda-runtime-invoked-function-arn': functionArn,
      })
      .end(JSON.stringify(payload));
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #route(request: IncomingMessage, response: ServerResponse): void {
    const { method, url } = request;
    const runtime = `${this.#prefix}/2018-06-01/runtime`;
    const invocation = `${runtime}/invocation/${this.#requestId}`;
    if (method === 'GET' && url === `${runtime}/invocation/next`) {
      this.#waiting = response;
      this.#onAsked?.();
    } else if (method === 'POST' && url === `${invocation}/response`) {
      void this.#receive(request, response, (payload) => ({ payload }));
    } else if (method === 'POST' && (url === `${invocation}/error` || url === `${runtime}/init/error`)) {
      void this.#receive(request, response, (body) => ({ failure: v.parse(Failure, body) }));
    } else {
      response.writeHead(404).end();
    }
  }

  async #receive(
    request: IncomingMessage,
    response: ServerResponse,
    resultOf: (body: unknown) => InvocationResult,
  ): Promise<void> {
    try {
      const body = await payloadOf(request);
      this.posted = body === undefined ? TOO_LARGE : resultOf(JSON.parse(body || 'null'));
      response.writeHead(body === undefined ? 413 : 202).end();
    } catch {
      // Not what a runtime posts, or the process ended before it had posted everything.
      response.writeHead(400).end();
    }
  }
}

/** @returns undefined if it is larger than Lambda allows */
async function payloadOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to its end in any case: the process reads the answer only then.
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
  }
  return bytes > MAX_PAYLOAD_BYTES ? undefined : Buffer.concat(chunks).toString();
}
