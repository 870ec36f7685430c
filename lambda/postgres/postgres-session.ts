import { Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { Database, Login } from '../databases/database-secret.ts';
import { trustedRoots } from '../databases/trusted-roots.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { CarefulClient } from './careful-client.ts';
import { postgresError } from './postgres-error.ts';

/** Long enough for a server that is far away and busy; two of these fit into a function's time. */
const CONNECT_TIMEOUT_MS = 8_000;

export interface SessionOptions {
  readonly database: Database;
  readonly login: Login;
  readonly allowMd5: boolean;
}

/** An authenticated session: over TLS with a verified certificate, unless the database is without. */
export class PostgresSession {
  private constructor(
    private readonly client: CarefulClient,
    private readonly database: Database,
    readonly username: string,
  ) {}

  /**
   * Logs in. The session ends with the function's time.
   * @throws NETWORK, TLS, AUTHENTICATION, CONFIGURATION, SERVICE
   */
  static async open(
    { database, login: { username, password }, allowMd5 }: SessionOptions,
    { signal, versionId }: Pick<RotationContext, 'signal' | 'versionId'>,
  ): Promise<PostgresSession> {
    const { host, port, ssl, ca, servername = host } = database;
    const socket = new Socket();
    const verified = {
      ca: [...trustedRoots(ca)],
      // The driver knows no other name than the host's.
      checkServerIdentity: (_: string, certificate: Parameters<typeof checkServerIdentity>[1]) =>
        checkServerIdentity(servername, certificate),
    };
    const client = new CarefulClient({
      allowMd5,
      enableChannelBinding: true,
      host,
      port,
      user: username,
      password,
      database: database.dbname,
      ssl: ssl ? verified : false,
      stream: () => socket,
      // For whoever looks into pg_stat_activity, or into the server's log.
      application_name: `rotaform ${versionId}`.slice(0, 63),
    });
    const end = () => socket.destroy();
    client.on('error', () => {}); // What is being done then fails, too.
    client.on('end', () => signal.removeEventListener('abort', end));
    signal.addEventListener('abort', end, { once: true });
    let silent = false;
    const timer = setTimeout(() => {
      silent = true;
      end();
    }, CONNECT_TIMEOUT_MS);
    try {
      await client.connect();
      return new PostgresSession(client, database, username);
    } catch (error) {
      end();
      if (silent) throw noAnswer(database, socket.bytesWritten > 0);
      throw postgresError(error, database, `the login of ${username}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Runs one statement.
   * @param what stands in the error in place of the statement
   * @returns its rows
   */
  async run<Row extends object>(sql: string, values?: readonly unknown[], what = sql): Promise<readonly Row[]> {
    try {
      return (await this.client.query<Row>(sql, values && [...values])).rows;
    } catch (error) {
      throw postgresError(error, this.database, what);
    }
  }

  /**
   * Sets a user's password, as its verifier.
   * @throws POLICY where the server refuses this one
   */
  async setPassword(username: string, verifier: string, options = ''): Promise<void> {
    const sql = `ALTER ROLE ${this.name(username)} ${options} PASSWORD '${verifier}'`;
    try {
      await this.client.query(sql);
    } catch (error) {
      const { code } = Object(error) as { code?: string };
      const what = `ALTER ROLE ${username} PASSWORD`;
      if (!/^(22|28|P0)/.test(code ?? '')) throw postgresError(error, this.database, what);
      throw new RotationError('POLICY', `The server refuses the new password of ${username}.`, { cause: error });
    }
  }

  /** A name, quoted. */
  name(identifier: string): string {
    return this.client.escapeIdentifier(identifier);
  }

  /** A text, quoted. */
  literal(text: string): string {
    return this.client.escapeLiteral(text);
  }

  async close(): Promise<void> {
    await this.client.end().catch(() => undefined);
  }
}

function noAnswer({ host, port }: Database, wasReached: boolean): RotationError {
  const seconds = CONNECT_TIMEOUT_MS / 1_000;
  const problem = wasReached
    ? `${host}:${port} was reached, but did not answer within ${seconds} s. See whether the server is overloaded, or is no PostgreSQL.`
    : `${host}:${port} was not reached within ${seconds} s: something drops the packets. The function needs subnets from which ` +
      `the database can be reached, and the database's security group must let in the function's.`;
  return new RotationError('NETWORK', problem);
}
