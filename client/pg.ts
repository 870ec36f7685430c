/** `rotaform-client/pg`: PostgreSQL logins that rotate, for node-postgres. */
import type { Client, ClientConfig } from 'pg';
import { type AdapterOptions, loginOf, retryOptions, userAndPassword } from './adapter-options.ts';
import { loginGuard } from './login-guard.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** What a new connection takes from the secret; besides the login it may be `host`, `port` or `database`. */
export type PgLogin = Pick<ClientConfig, 'user' | 'password' | 'host' | 'port' | 'database'>;

/**
 * A pool's `connectionTimeoutMillis` holds for one login, `timeoutSeconds` for the search for another version.
 */
export type PgOptions<Value> = AdapterOptions<Value, PgLogin>;

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
  options: PgOptions<Value> = {},
): typeof Client {
  const login = loginOf(secret, options, userAndPassword);
  const { refused, ...search } = retryOptions(options);
  return class RotatingClient extends Driver {
    readonly #config: ClientConfig;
    /** A client of this driver connects once. */
    #isSpent = false;
    #isEnded = false;
    /** What the driver says while it logs in: nobody hears of a login that was refused and is tried again. */
    #withheld: Parameters<Client['emit']>[] | undefined;

    constructor(config?: string | ClientConfig) {
      super(config);
      this.#config = typeof config === 'string' ? { connectionString: config } : { ...config };
    }

    override connect(): Promise<this>;
    override connect(callback: Callback): void;
    override connect(callback?: Callback): Promise<this> | undefined {
      const connected = loginGuard(secret, (value) => this.#connectAs(login(value)), { refused, ...search })();
      // After the promise has settled, as without this adapter.
      connected.catch(() => {}).then(() => this.#release());
      if (!callback) return connected;
      connected.then(() => callback(null), callback);
    }

    override end(): Promise<void>;
    override end(callback: (error: Error) => void): void;
    override end(callback?: (error: Error) => void): Promise<void> | undefined {
      this.#isEnded = true;
      return callback ? (super.end(callback) as undefined) : super.end();
    }

    override emit(...event: Parameters<Client['emit']>): boolean {
      if (this.#withheld === undefined || !/^(end|error)$/.test(String(event[0]))) return super.emit(...event);
      this.#withheld.push(event);
      return true;
    }

    #release(): void {
      const events = this.#withheld ?? [];
      this.#withheld = undefined;
      for (const event of events) super.emit(...event);
    }

    async #connectAs(as: PgLogin): Promise<this> {
      this.#withheld = [];
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
