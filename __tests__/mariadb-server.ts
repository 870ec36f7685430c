import mysql, { type RowDataPacket } from 'mysql2/promise';
import { afterAll, describe, it } from 'vitest';
import {
  hasMariadb,
  type ThrowAwayMariadb,
  type ThrowAwayMariadbOptions,
  throwAwayMariadb,
} from '../harness/throw-away-mariadb.ts';

/** Whose session it is, in the words of a secret. */
export interface MariadbLogin {
  readonly username: string;
  readonly password: string;
}

/** A real MariaDB for the tests of one file, asked without any code of ours. */
export interface MariadbServer extends ThrowAwayMariadb {
  /** A session over TLS that trusts the server's certificate, to be ended by who asks for it. @throws mysql2's own errors */
  login(login: MariadbLogin): Promise<mysql.Connection>;
  /** Runs statements in a session of its own, the administrator's unless another login is given. @returns the rows of the last one */
  query(sql: string | readonly string[], login?: MariadbLogin): Promise<readonly Record<string, unknown>[]>;
  /** Whether the server lets that login in; an error other than a refused password is thrown. */
  accepts(login: MariadbLogin): Promise<boolean>;
}

/** The numbers of a refused login. */
const REFUSED = [1045, 1698];

/** Starts a server, and stops it after the tests of the file. To be called at its top, or in a `beforeAll`. */
export async function mariadbServer(options: ThrowAwayMariadbOptions = {}): Promise<MariadbServer> {
  const server = await throwAwayMariadb(options);
  afterAll(() => server.stop());
  const { host, port, ca } = server;
  const login = ({ username: user, password }: MariadbLogin) =>
    mysql.createConnection({ host, port, user, password, ssl: { ca }, connectTimeout: 60_000 });
  return {
    ...server,
    login,
    async query(sql, as = server) {
      const connection = await login(as);
      try {
        let rows: unknown;
        for (const statement of [sql].flat()) [rows] = await connection.query<RowDataPacket[]>(statement);
        return Array.isArray(rows) ? rows : [];
      } finally {
        await connection.end();
      }
    },
    async accepts(as) {
      try {
        await (await login(as)).end();
        return true;
      } catch (error) {
        if (REFUSED.includes(Number(Object(error).errno))) return false;
        throw error;
      }
    },
  };
}

/** Describes what holds on a server of its own; where this machine has none, one skipped test says so. */
export function describeOnMariadb(
  title: string,
  options: ThrowAwayMariadbOptions,
  tests: (server: MariadbServer) => void,
): void {
  if (hasMariadb) describe(title, { timeout: 120_000 }, async () => tests(await mariadbServer(options)));
  else skipWithoutMariadb(title);
}

/** In the list of `.ci/run` by this title. */
export function skipWithoutMariadb(title: string): void {
  it.skip(`${title} (skipped: no mariadb-server on this machine)`, () => {});
}
