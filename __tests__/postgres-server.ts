import pg from 'pg';
import { afterAll } from 'vitest';
import {
  type ThrowAwayPostgres,
  type ThrowAwayPostgresOptions,
  throwAwayPostgres,
} from '../harness/throw-away-postgres.ts';

/** Whose session it is, in the words of a secret. */
export interface PostgresLogin {
  readonly username: string;
  readonly password: string;
  /** @default 'postgres' */
  readonly dbname?: string;
}

/** A real PostgreSQL for the tests of one file, asked without any code of ours. */
export interface PostgresServer extends ThrowAwayPostgres {
  /** A session over TLS that trusts the server's certificate, to be ended by who asks for it. @throws pg's own errors */
  login(login: PostgresLogin): Promise<pg.Client>;
  /** Runs SQL in a session of its own, the superuser's unless another login is given. @returns the rows of the last statement */
  query(sql: string, login?: PostgresLogin): Promise<readonly Record<string, unknown>[]>;
  /** Whether the server lets that login in; an error other than a refused password is thrown. */
  accepts(login: PostgresLogin): Promise<boolean>;
  /** As `ThrowAwayPostgres` has it; stopped with the server. */
  replica(): Promise<PostgresServer>;
}

/** Starts a server, and stops it after the tests of the file. To be called at its top, or in a `beforeAll`. */
export async function postgresServer(options: ThrowAwayPostgresOptions = {}): Promise<PostgresServer> {
  const server = await throwAwayPostgres(options);
  const replicas: ThrowAwayPostgres[] = [];
  afterAll(() => Promise.all([server, ...replicas].map((each) => each.stop())));
  return asked(server, options, replicas);
}

function asked(
  server: ThrowAwayPostgres,
  options: ThrowAwayPostgresOptions,
  replicas: ThrowAwayPostgres[],
): PostgresServer {
  const { host, port, ca } = server;
  const login = async ({ username: user, password, dbname: database = 'postgres' }: PostgresLogin) => {
    const ssl = options.tls === false ? false : { ca, servername: 'localhost' };
    const client = new pg.Client({ host, port, user, password, database, ssl });
    client.on('error', () => {}); // A restart ends it; the query that meets that tells.
    await client.connect();
    return client;
  };
  return {
    ...server,
    login,
    async replica() {
      const replica = await server.replica();
      replicas.push(replica);
      return asked(replica, options, replicas);
    },
    async query(sql, as = server) {
      const client = await login(as);
      try {
        // Several statements give several results.
        const results: pg.QueryResult | pg.QueryResult[] = await client.query(sql);
        return [results].flat().at(-1)?.rows ?? [];
      } finally {
        await client.end();
      }
    },
    async accepts(as) {
      try {
        await (await login(as)).end();
        return true;
      } catch (error) {
        if (error instanceof pg.DatabaseError && error.code === '28P01') return false;
        throw error;
      }
    },
  };
}
