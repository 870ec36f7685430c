import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import { describeStrategy, type ForeignTarget } from '../../../testing/index.ts';
import { listener } from '../../adversary/listener.ts';
import type { PostgresServer } from '../../postgres-server.ts';
import { rdsServer } from '../../rds-server.ts';
import { postgresProxy } from './postgres-proxy.ts';
import { trialUser } from './trial-user.ts';

/** The name of the administrator's secret in the account of the contract, which serves for its ARN. */
const ADMIN = 'administrator';

/** The contract on a real server, whose policy, statements and refused logins a proxy in between controls and counts. */
export async function contractOf(
  name: string,
  environment: Readonly<Record<string, string>>,
  promise: 'window' | 'overlap',
): Promise<void> {
  const server = await rdsServer();
  // So that users who are tried at a time have no schema of theirs changed by all of them.
  await server.query('GRANT CREATE ON SCHEMA public TO PUBLIC');
  const { username, password } = server;
  const certificate = selfSignedCertificate('127.0.0.1');
  const proxy = await postgresProxy(server, certificate);
  afterAll(() => proxy.close());
  const byAdministrator = {
    ADMINS: JSON.stringify([{ secretArn: ADMIN, host: '127.0.0.1', port: proxy.port }]),
    USERS: JSON.stringify(['{name}']),
  };
  describeStrategy(name, {
    entry: fileURLToPath(new URL('../../../lambda/postgres.ts', import.meta.url)),
    trim: true,
    environment: {
      ...environment,
      TLS_CA: certificate.certificate,
      ...(promise === 'overlap' && byAdministrator),
    },
    secrets: { [ADMIN]: JSON.stringify({ username, password }) },
    publicFields: ['engine', 'host', 'username', 'dbname'],
    promise,
    canRefuse: true,
    pairs: 6,
    ...(promise === 'overlap' && { foreign: (secretString: string) => foreignTargets(server, secretString) }),
    target: (statement, secretName) => trialUser(server, proxy, statement, secretName),
  });
}

/** A server that asks for a password in the clear, with and without TLS, and a user of somebody else's. */
async function foreignTargets(server: PostgresServer, secretString: string): Promise<readonly ForeignTarget[]> {
  const document = JSON.parse(secretString);
  const [plain, trusted] = [await listener('clear text'), await listener('clear text')];
  const billing = { username: `billing_${randomUUID().slice(0, 8)}`, password: 'the password of billing' };
  await server.query(`CREATE ROLE ${billing.username} LOGIN PASSWORD '${billing.password}'`);
  const edited = (change: object) => JSON.stringify({ ...document, ...change });
  return [
    { name: 'a foreign endpoint', secretString: edited({ port: plain.port, ssl: false }), heard: () => plain.heard },
    {
      name: 'a foreign endpoint over TLS',
      secretString: edited({ port: trusted.port, ca: trusted.ca, servername: 'localhost' }),
      heard: () => trusted.heard,
    },
    {
      name: 'a foreign user',
      secretString: edited({ username: billing.username }),
      isChanged: async () => !(await server.accepts(billing)),
    },
  ];
}
