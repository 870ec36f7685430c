import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusingWebPages } from '../../rules/web-page.ts';
import type { Caller } from './verify-caller.ts';

/** The service that is called: all orders for a service, a customer's own for a customer, and 401 without a good token. */
export async function ordersService(verifyCaller: (token: string) => Promise<Caller>) {
  const orders = [
    { id: 1, customerId: 'customer-1' },
    { id: 2, customerId: 'customer-2' },
  ];
  const answerOrders: RequestListener = async (request, response) => {
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const [, token = ''] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    const caller = await verifyCaller(token).catch(() => undefined);
    if (caller === undefined) return answer(401, { error: 'invalid_token' });
    if (!caller.scopes.includes('read:orders')) return answer(403, { error: 'insufficient_scope' });
    const isTheirs = ({ customerId }: { customerId: string }) =>
      caller.kind === 'service' || customerId === caller.customerId;
    return answer(200, { caller: caller.kind, orders: orders.filter(isTheirs) });
  };
  const server = createServer(refusingWebPages(answerOrders));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders`,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
