import { Socket } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import type { QueryResult } from 'pg';
import type { Database, Login } from '../databases/database-secret.ts';
import { trustedRoots } from '../databases/trusted-roots.ts';
import { type RotationContext, RotationError } from '../rotation/index.ts';
import { CarefulClient } from './careful-client.ts';
import { postgresError } from './postgres-error.ts';
import { isForDriver } from './sasl-prep.ts';

/** Long enough for a server that is far away and busy; two of these fit into a function's time. */
const CONNECT_TIMEOUT_MS = 8_000;

/** Nothing that a user could have made runs in a session of ours: names are those of the server itself. */
export const SAFE_PATH = 'SET search_path = pg_catalog, pg_temp';

export interface SessionOptions {
  readonly database: Database;
  readonly login: Login;
  readonly allowMd5: boolean;
  /** Is told the salt of the user's verifier, even if the login is refused. */
  readonly onSalt?: (salt: Buffer) => void;
}

/** More than any server has, so that the driver does not refuse one whose `scram_iterations` are many; a second of work. */
const MOST_ITERATIONS = 5_000_000;

/** An authenticated session: over TLS with a verified certificate, unless the database is without. */
export class PostgresSession {
  /** What goes before the next statement. */
  #begin: string;

  private constructor(
    private readonly client: CarefulClient,
    private readonly database: Database,
    readonly username: string,
  ) {
    this.#begin = this.#own;
  }

  /**
   * Logs in. The session ends with the function's time.
   * @throws NETWORK, TLS, AUTHENTICATION, CONFIGURATION, SERVICE
   */
  static async open(
    { database, login: { username, password }, allowMd5, onSalt }: SessionOptions,
    { signal, versionId }: Pick<RotationContext, 'signal' | 'versionId'>,
  ): Promise<PostgresSession> {
    const { host, port, ssl, ca, servername = host } = database;
    if (!isForDriver(password)) {
      throw new RotationError(
        'CONFIGURATION',
        `The password of ${username} has characters that this function's driver cannot log in with, although psql can. ` +
          'Nothing was changed. Set a password of ASCII characters by hand, and store it, or declare an admin.',
      );
    }
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
      scramMaxIterations: MOST_ITERATIONS,
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
      if (client.salt !== undefined) onSalt?.(client.salt);
    }
  }

  /**
   * Runs one statement.
   * @param what stands in the error in place of the statement
   * @returns its rows; of several statements, those of the last one that has any
   */
  async run<Row extends object>(sql: string, values?: readonly unknown[], what = sql): Promise<readonly Row[]> {
    try {
      // Several statements have several results.
      const results: QueryResult<Row> | QueryResult<Row>[] = await this.#query<Row>(sql, values && [...values]);
      return [results].flat().findLast(({ rows }) => rows.length > 0)?.rows ?? [];
    } catch (error) {
      throw postgresError(error, this.database, what);
    }
  }

  /** The first one comes with our own settings before it, in one request where it can: SET itself looks no name up. */
  async #query<Row extends object>(sql: string, values?: unknown[]): Promise<QueryResult<Row> | QueryResult<Row>[]> {
    const begin = this.#begin;
    if (begin === '') return this.client.query<Row>(sql, values);
    // An error takes them back with all that came after it.
    this.#begin = `ROLLBACK; ${this.#own}`;
    const result = await this.client.query<Row>(begin + (values === undefined ? sql : ''));
    this.#begin = '';
    return values === undefined ? result : this.client.query<Row>(sql, values);
  }

  get #own(): string {
    return [SAFE_PATH, ...this.client.ownTimeouts, ''].join('; ');
  }

  /** Of the server's process that answered the login. */
  get processId(): number | null {
    return this.client.processID;
  }

  /** The error for a server that this rotation cannot work with. */
  refused(problem: string): RotationError {
    const { host, port } = this.database;
    return new RotationError('CONFIGURATION', `${host}:${port} ${problem}`);
  }

  /**
   * Sets a user's password.
   * @param stored as the server stores it, such as its SCRAM verifier
   * @throws POLICY if the server refuses this one
   */
  async setPassword(username: string, stored: string): Promise<void> {
    const sql = `ALTER ROLE ${this.name(username)} PASSWORD '${stored}'`;
    try {
      await this.#query(sql);
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
    ? `${host}:${port} was reached, but did not answer within ${seconds} s. See whether the server is overloaded, or is not PostgreSQL.`
    : `${host}:${port} was not reached within ${seconds} s: something drops the packets. The function needs subnets from which ` +
      `the database can be reached, and the database's security group must let in the function's.`;
  return new RotationError('NETWORK', problem);
}
