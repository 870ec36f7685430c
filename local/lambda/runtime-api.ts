import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as v from 'valibot';
import type { InvocationResult } from './lambda-function.ts';

const Failure = v.object({ errorType: v.string(), errorMessage: v.string() });

/** One event on its way to the handler. */
export interface RuntimeInvocation {
  readonly requestId: string;
  readonly functionArn: string;
  readonly payload: unknown;
  /** When the handler must have finished: milliseconds since 1970. */
  readonly deadlineMs: number;
}

/**
 * Lambda's Runtime API for one process: the process asks for the next event, and posts the result.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export class RuntimeApi {
  /** What the process posted for its latest invocation, or about its failed start. */
  posted: InvocationResult | undefined;
  readonly #server: Server = createServer((request, response) => this.#route(request, response));
  #waiting: ServerResponse | undefined;
  #onAsked: (() => void) | undefined;

  /** Starts to listen. @returns `host:port` */
  async listen(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    return `127.0.0.1:${typeof address === 'object' ? address?.port : address}`;
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
    const [action] = /(next|response|error)$/.exec(request.url ?? '') ?? [];
    if (action === 'next') {
      this.#waiting = response;
      this.#onAsked?.();
    } else if (action) {
      this.#receive(action, request, response).catch(() => response.writeHead(400).end());
    } else {
      response.writeHead(404).end();
    }
  }

  async #receive(action: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse((await text(request)) || 'null');
    this.posted = action === 'response' ? { payload: body } : { failure: v.parse(Failure, body) };
    response.writeHead(202).end();
  }
}
