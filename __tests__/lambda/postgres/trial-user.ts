import pg from 'pg';
import type { Statement, TargetUnderTest } from '../../../testing/index.ts';
import type { PostgresServer } from '../../postgres-server.ts';
import { type PostgresProxy, postgresProxy } from './postgres-proxy.ts';

let count = 0;

/** A user of its own for each case of the contract: it owns a table, and may write into one of somebody else's. */
export async function trialUser(
  server: PostgresServer,
  statement: Statement,
  onProxy: (proxy: PostgresProxy) => void,
): Promise<TargetUnderTest> {
  count += 1;
  const username = `user${count}`;
  await server.query(`
    CREATE ROLE ${username} LOGIN PASSWORD 'the first password';
    CREATE TABLE ${username}_own (entry int); ALTER TABLE ${username}_own OWNER TO ${username};
    CREATE TABLE ${username}_shared (entry int); GRANT SELECT, INSERT ON ${username}_shared TO ${username}`);
  const proxy = await postgresProxy(server, statement);
  onProxy(proxy);
  return {
    secretString: JSON.stringify({
      engine: 'postgres',
      host: '127.0.0.1',
      port: proxy.port,
      username,
      password: 'the first password',
      dbname: 'postgres',
      ssl: false,
    }),
    async accepts(secretString) {
      const session = await unlessRefused(server.login(JSON.parse(secretString)));
      await session?.query(
        `ALTER TABLE ${username}_own ALTER entry SET DEFAULT 1; SELECT * FROM ${username}_own; INSERT INTO ${username}_shared VALUES (1)`,
      );
      await session?.end();
      return session !== undefined;
    },
    refused: () => proxy.refused,
    refuseNext: () => proxy.refuseNext(),
  };
}

async function unlessRefused<Session>(login: Promise<Session>): Promise<Session | undefined> {
  try {
    return await login;
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === '28P01') return undefined;
    throw error;
  }
}
