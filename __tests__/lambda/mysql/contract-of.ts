import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { selfSignedCertificate } from '../../../harness/self-signed-certificate.ts';
import { hasMariadb } from '../../../harness/throw-away-mariadb.ts';
import { hasMysql, type MysqlVersion } from '../../../harness/throw-away-mysql.ts';
import { describeStrategy, type ForeignTarget } from '../../../testing/index.ts';
import { listener } from '../../adversary/listener.ts';
import type { AskedServer } from '../../asked-server.ts';
import { mariadbServer, skipWithoutMariadb } from '../../mariadb-server.ts';
import { mysqlServer, skipWithoutMysql } from '../../mysql-server.ts';
import { mysqlProxy } from './mysql-proxy.ts';
import { trialUser } from './trial-user.ts';

/** The name of the administrator's secret in the account of the contract, which serves for its ARN. */
const ADMIN = 'administrator';

/** The contract on a real server, whose policy, statements and refused logins a proxy in between controls and counts. */
export async function contractOf(
  name: string,
  {
    strategy,
    byAdministrator,
    version,
  }: {
    readonly strategy: string;
    readonly byAdministrator: boolean;
    /** Of MySQL. @default MariaDB */ readonly version?: MysqlVersion;
  },
): Promise<void> {
  const title = `${name}, by the contract of strategies`;
  if (version === undefined && !hasMariadb) return skipWithoutMariadb(title);
  if (version !== undefined && !hasMysql(version)) return skipWithoutMysql(title, version);
  const server = await (version === undefined ? mariadbServer() : mysqlServer({ version }));
  await server.query('CREATE DATABASE shop');
  const { username, password } = server;
  const certificate = selfSignedCertificate('127.0.0.1');
  const proxy = await mysqlProxy(server, certificate);
  afterAll(() => proxy.close());
  describeStrategy(name, {
    entry: fileURLToPath(new URL('../../../lambda/mysql.ts', import.meta.url)),
    trim: true,
    environment: {
      ROTATION_STRATEGY: strategy,
      TLS_CA: certificate.certificate,
      ...(byAdministrator && {
        ADMINS: JSON.stringify([{ secretArn: ADMIN, host: '127.0.0.1', port: proxy.port }]),
        USERS: JSON.stringify(['{name}', ...(strategy === 'alternating-users' ? ['{name}_clone'] : [])]),
      }),
    },
    secrets: { [ADMIN]: JSON.stringify({ username, password }) },
    publicFields: ['engine', 'host', 'username', 'dbname'],
    promise: strategy === 'single-user' ? 'window' : 'overlap',
    canRefuse: true,
    pairs: 6,
    ...(byAdministrator && { foreign: (secretString: string) => foreignTargets(server, secretString) }),
    target: (statement, secretName) => trialUser(server, proxy, statement, secretName),
  });
}

/** Somebody else's server, with and without TLS, and a user of somebody else's. */
async function foreignTargets(server: AskedServer, secretString: string): Promise<readonly ForeignTarget[]> {
  const document = JSON.parse(secretString);
  const [plain, trusted] = [await listener('clear text'), await listener('clear text')];
  const billing = { username: `billing_${randomUUID().slice(0, 8)}`, password: 'the password of billing' };
  await server.query(`CREATE USER ${billing.username} IDENTIFIED BY '${billing.password}'`);
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
