import { Socket } from 'node:net';
import type { Connection } from 'mysql2';
import type { Database, Login } from '../databases/database-secret.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { carefulConnection } from './careful-connection.ts';
import { mysqlError } from './mysql-error.ts';

/** Long enough for a server that is far away and busy; two of these fit into a function's time. */
const CONNECT_TIMEOUT_MS = 8_000;

export interface SessionOptions {
  readonly database: Database;
  readonly login: Login;
  /** What to do if the server refuses the password. @default declare an administrator */
  readonly ifRefused?: string | undefined;
}

/** An authenticated session: over TLS with a verified certificate, unless the database is without. */
export class MysqlSession {
  private constructor(
    private readonly connection: Connection,
    private readonly database: Database,
    readonly username: string,
  ) {}

  /**
   * Logs in. The session ends with the function's time.
   * @throws NETWORK, TLS, AUTHENTICATION, CONFIGURATION, SERVICE
   */
  static async open(
    { database, login, ifRefused }: SessionOptions,
    { signal, versionId }: Pick<RotationContext, 'signal' | 'versionId'>,
  ): Promise<MysqlSession> {
    const socket = new Socket();
    const end = () => socket.destroy();
    signal.addEventListener('abort', end, { once: true });
    socket.once('close', () => signal.removeEventListener('abort', end));
    let silent = false;
    const timer = setTimeout(() => {
      silent = true;
      end();
    }, CONNECT_TIMEOUT_MS);
    try {
      const connection = carefulConnection(database, login, { socket, name: `rotaform ${versionId}` });
      await new Promise<void>((resolve, reject) => {
        connection.on('error', reject); // Later ones fail what is being done then.
        connection.connect((error) => (error ? reject(error) : resolve()));
        socket.setNoDelay(true).connect(database.port, database.host);
      });
      return new MysqlSession(connection, database, login.username);
    } catch (error) {
      end();
      if (silent) throw noAnswer(database, socket.bytesRead > 0 || socket.bytesWritten > 0);
      throw mysqlError(error, database, `the login of ${login.username}`, { ifRefused });
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Runs one statement.
   * @param what stands in the error in place of the statement
   */
  run<Row extends object>(sql: string, what: string): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      this.connection.query(sql, (error: Error | null, rows: unknown) => {
        if (error) reject(mysqlError(error, this.database, what, { isStatement: true }));
        else resolve((Array.isArray(rows) ? rows : []) as Row[]);
      });
    });
  }

  /** The number that the server gave to this connection when it answered first. */
  get connectionId(): number | null {
    return this.connection.threadId;
  }

  /** The error for a server or an account that this rotation cannot work with. */
  refused(problem: string): RotationError {
    const { host, port } = this.database;
    return new RotationError('CONFIGURATION', `${host}:${port} ${problem}`);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.connection.once('end', () => resolve());
      this.connection.end(() => resolve());
    });
  }
}

/** A name, quoted. */
export function identifier(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

function noAnswer({ host, port }: Database, wasReached: boolean): RotationError {
  const seconds = CONNECT_TIMEOUT_MS / 1_000;
  const problem = wasReached
    ? `${host}:${port} was reached, but did not answer within ${seconds} s. See whether the server is overloaded, or is not MySQL.`
    : `${host}:${port} was not reached within ${seconds} s: something drops the packets. The function needs subnets from which ` +
      `the database can be reached, and the database's security group must let in the function's.`;
  return new RotationError('NETWORK', problem);
}
