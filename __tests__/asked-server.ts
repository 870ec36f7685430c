import mysql, { type RowDataPacket } from 'mysql2/promise';
import { afterAll } from 'vitest';
import type { MysqldProcess } from '../harness/start-mysqld.ts';

/** Whose session it is, in the words of a secret. */
export interface ServerLogin {
  readonly username: string;
  readonly password: string;
}

/** A real server for the tests of one file, asked without any code of ours. */
export interface AskedServer extends MysqldProcess {
  readonly product: 'MariaDB' | 'MySQL';
  /** A session over TLS that trusts the server's certificate, to be ended by who asks for it. @throws mysql2's own errors */
  login(login: ServerLogin): Promise<mysql.Connection>;
  /** Runs statements in a session of its own, the administrator's unless another login is given. @returns the rows of the last one */
  query(sql: string | readonly string[], login?: ServerLogin): Promise<readonly Record<string, unknown>[]>;
  /** Whether the server lets that login in; an error other than a refused password is thrown. */
  accepts(login: ServerLogin): Promise<boolean>;
}

/** The numbers of a refused login. */
const REFUSED = [1045, 1698];

/** Stops the server after the tests of the file. */
export function askedServer(server: MysqldProcess, product: AskedServer['product']): AskedServer {
  afterAll(() => server.stop());
  const { host, port, ca } = server;
  const login = ({ username: user, password }: ServerLogin) =>
    mysql.createConnection({ host, port, user, password, ssl: { ca }, connectTimeout: 60_000 });
  return {
    ...server,
    product,
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
