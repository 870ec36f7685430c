import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** Stands between Terraform and the account, and lets calls through. */
export interface Gate {
  /** Where Terraform finds it. */
  readonly endpoint: string;
  /** The changing calls that it let through, such as `CreateRole`. */
  readonly passed: string[];
  /**
   * Lets so many changing calls through from now on; the next one goes nowhere, and `onShut` is called instead.
   */
  shutAfter(changes: number, onShut: () => void): void;
  close(): Promise<void>;
}

/** @param isChange which calls count, by the action's name; all that only read always pass */
export async function openGate(endpoint: string, isChange: (action: string) => boolean): Promise<Gate> {
  const passed: string[] = [];
  let left = Number.POSITIVE_INFINITY;
  let shut = () => {};
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const action = actionOf(request, body.toString());
    if (isChange(action)) {
      if (left === 0) return shut();
      left -= 1;
      passed.push(action);
    }
    await forward(endpoint, request, body, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `http://127.0.0.1:${typeof address === 'object' ? address?.port : address}`,
    passed,
    shutAfter(changes, onShut) {
      left = changes;
      shut = onShut;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The action in each of AWS's three protocols; in Lambda's, method and last part of the path will do. */
function actionOf({ method, url = '', headers }: IncomingMessage, body: string): string {
  const [, target] = /\.(\w+)$/.exec(String(headers['x-amz-target'])) ?? [];
  return target ?? new URLSearchParams(body).get('Action') ?? `${method} ${url.split('/').at(-1)}`;
}

async function forward(
  endpoint: string,
  { method = '', url = '', headers: { host: _, connection: __, ...headers } }: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): Promise<void> {
  const answer = await fetch(new URL(url, endpoint), {
    method,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)] as [string, string]),
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  });
  const text = Buffer.from(await answer.arrayBuffer());
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text);
}
