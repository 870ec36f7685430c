import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

/** One call as it stood on the wire. */
export interface WireCall {
  /** Such as `PutSecretValue`. */
  readonly action: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/**
 * Stands between a function and the local AWS and sees what goes over the wire.
 * @param hold what a call waits for before it goes on
 */
export async function wiretap(hold: (call: WireCall) => unknown = () => undefined) {
  let endpoint = '';
  const calls: WireCall[] = [];

  async function relay(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, headers } = incoming;
    const body = await buffer(incoming);
    const action = String(headers['x-amz-target']).replace('secretsmanager.', '');
    const call = { action, input: JSON.parse(body.toString()) };
    calls.push(call);
    await hold(call);
    const onwards = request(endpoint, { method, headers, agent: false }, (answer) => {
      answer.pipe(response.writeHead(answer.statusCode ?? 500, answer.headers));
    });
    onwards.on('error', () => response.destroy()).end(body);
  }

  const server = createServer(relay);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    /** The calls so far. */
    calls,
    /** What a function needs in its environment to go this way. */
    environment: { AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    /** Where the calls go on to. */
    connect(to: string): void {
      endpoint = to;
    },
  };
}
