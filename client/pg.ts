/** `rotaform-client/pg`: PostgreSQL logins that rotate, for node-postgres. */
import type { Client, ClientConfig } from 'pg';
import type { RotatingSecret } from './rotating-secret.ts';

/** What a new connection takes from the secret; besides the login it may be `host`, `port` or `database`. */
export type PgLogin = Pick<ClientConfig, 'user' | 'password' | 'host' | 'port' | 'database'>;

export interface PgOptions<Value> {
  /** @default its `username` and `password` */
  readonly login?: (value: Value) => PgLogin;
  /**
   * How long a connection looks for another version when the server refuses its login. A pool's `connectionTimeoutMillis` holds for
   * one login, not for the search.
   * @default 5
   */
  readonly timeoutSeconds?: number;
}

type Callback = (error: Error | null) => void;

/**
 * A client whose every new connection logs in with the secret's value of that moment, user and password of one version; a login
 * that the server refuses is tried again with the next version. Connections that are open outlive a rotation:
 * give the pool a `maxLifetimeSeconds`, so that they do not outlive the login before.
 *
 * @param Driver `pg.Client`
 * @example
 * const db = cache.secret('my-app/db', { schema: v.object({ username: v.string(), password: v.string() }) });
 * const pool = new pg.Pool({ host: 'db.internal', Client: rotatingClient(pg.Client, db), maxLifetimeSeconds: 3600 });
 */
export function rotatingClient<Value extends { readonly username: string; readonly password: string }>(
  Driver: typeof Client,
  secret: RotatingSecret<Value>,
  options?: PgOptions<Value>,
): typeof Client;
export function rotatingClient<Value>(
  Driver: typeof Client,
  secret: RotatingSecret<Value>,
  options: PgOptions<Value> & { readonly login: (value: Value) => PgLogin },
): typeof Client;
export function rotatingClient<Value>(
  Driver: typeof Client,
  secret: RotatingSecret<Value>,
  { login = usernameAndPassword, timeoutSeconds }: PgOptions<Value> = {},
): typeof Client {
  return class RotatingClient extends Driver {
    readonly #config: ClientConfig;
    /** A client of this driver connects once. */
    #isSpent = false;
    #isEnded = false;

    constructor(config?: string | ClientConfig) {
      super(config);
      this.#config = typeof config === 'string' ? { connectionString: config } : { ...config };
    }

    override connect(): Promise<this>;
    override connect(callback: Callback): void;
    override connect(callback?: Callback): Promise<this> | undefined {
      const retry = { refused, ...(timeoutSeconds !== undefined && { timeoutSeconds }) };
      const connected = secret.withRetry((value) => this.#connectAs(login(value)), retry);
      if (!callback) return connected;
      connected.then(() => callback(null), callback);
    }

    override end(): Promise<void>;
    override end(callback: (error: Error) => void): void;
    override end(callback?: (error: Error) => void): Promise<void> | undefined {
      this.#isEnded = true;
      return callback ? (super.end(callback) as undefined) : super.end();
    }

    async #connectAs(as: PgLogin): Promise<this> {
      if (this.#isEnded) throw new Error('The client was ended while it looked for another login.');
      if (this.#isSpent) this.#renew();
      // A connection string's own user would win over that of a config.
      Object.assign(this, as);
      Object.assign((this as unknown as WithParameters).connectionParameters, as);
      try {
        await super.connect();
        return this;
      } catch (error) {
        if (refused(error)) await super.end();
        this.#isSpent = true;
        throw error;
      }
    }

    /** Takes over the state of a new client, and keeps the listeners that this one has. */
    #renew(): void {
      const fresh: object = new Driver(this.#config);
      const { _events, _eventsCount, _maxListeners, ...state } = fresh as Record<string, unknown>;
      Object.assign(this, state);
    }
  };
}

/** What a client sends when it logs in; its types do not tell of it. */
interface WithParameters {
  readonly connectionParameters: PgLogin;
}

function usernameAndPassword(value: unknown): PgLogin {
  const { username, password } = value as { readonly username: string; readonly password: string };
  return { user: username, password };
}

/**
 * Whether PostgreSQL refused the login: 28P01 invalid_password, 28000 invalid_authorization_specification.
 * @see https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
function refused(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === '28P01' || error.code === '28000');
}
