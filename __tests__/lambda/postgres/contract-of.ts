import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { describeStrategy } from '../../../testing/index.ts';
import { postgresServer } from '../../postgres-server.ts';
import type { PostgresProxy } from './postgres-proxy.ts';
import { trialUser } from './trial-user.ts';

/** The name of the administrator's secret in the account of the contract, which serves for its ARN. */
const ADMIN = 'administrator';

/** The contract on a real server, whose policy, statements and refused logins a proxy in between controls and counts. */
export async function contractOf(
  name: string,
  environment: Readonly<Record<string, string>>,
  promise: 'window' | 'overlap',
): Promise<void> {
  const server = await postgresServer();
  const { username, password } = server;
  const proxies: PostgresProxy[] = [];
  afterAll(() => {
    for (const proxy of proxies) proxy.close();
  });
  describeStrategy(name, {
    entry: fileURLToPath(new URL('../../../lambda/postgres.ts', import.meta.url)),
    trim: true,
    environment: promise === 'overlap' ? { ...environment, ADMIN_SECRET_ARNS: ADMIN } : environment,
    secrets: { [ADMIN]: JSON.stringify({ username, password }) },
    publicFields: ['engine', 'host', 'username', 'dbname'],
    promise,
    canRefuse: true,
    pairs: 6,
    target: (statement) => trialUser(server, statement, (proxy) => proxies.push(proxy)),
  });
}
