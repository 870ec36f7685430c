/** `rotaform-client/postgres-js`: PostgreSQL logins that rotate, for Postgres.js. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Socket } from 'node:net';
import { type AdapterOptions, loginOf, retryOptions, userAndPassword } from './adapter-options.ts';
import { type ConnectOptions, openSocket, type Server } from './open-socket.ts';
import { type ErrorFields, type PostgresLogin, watchLogin } from './postgres-login.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** Between one server and the next. */
const CHOOSY_PAUSE_MS = 1000;

/** What a new connection takes from the secret; besides the login it may be `host`, `port` or `database`. */
export type PostgresJsLogin = PostgresLogin & { readonly host?: string; readonly port?: number };

/** The search of one connection for a version that the server accepts. */
interface Search<Value> {
  readonly candidates: AsyncGenerator<Value, void, undefined>;
  refusal?: Error;
}

/** Of the driver's options, as it reads them itself. */
interface Parsed extends ConnectOptions {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly target_session_attrs: string | null;
}

/** What is used of what the driver makes. */
interface Made {
  end(...given: unknown[]): Promise<void>;
  close: Made['end'];
  readonly options: Parsed;
  readonly PostgresError: new (fields: ErrorFields) => Error;
}

/**
 * A Postgres.js whose every new connection logs in with the secret's value of that moment, user and password of one version. A login
 * that the server refuses is tried again with the next version; a query never is. Open connections outlive a rotation, for the
 * driver's `max_lifetime` at most: an hour, if it is not set.
 *
 * @param postgres the function of Postgres.js
 * @param options what it takes, its options or an address, without a user and a password
 * @example
 * const sql = rotatingSql(postgres, db, { host: 'db.internal', database: 'shop', ssl: 'verify-full' });
 */
export function rotatingSql<Postgres extends (url: string, options?: never) => object, Value>(
  postgres: Postgres,
  secret: RotatingSecret<Value>,
  options: string | Parameters<Postgres>[1],
  how: AdapterOptions<Value, PostgresJsLogin> = {},
): ReturnType<Postgres> {
  const login = loginOf(secret, how, userAndPassword);
  const { refused, ...limits } = retryOptions(how);
  const make = postgres as unknown as (options: unknown) => ReturnType<Postgres> & Made;
  const { options: parsed, PostgresError } = make(options);
  // With this option the driver closes what is not the server it looks for, and never gives up; else it needs to know of one.
  const isChoosy = Boolean(parsed.target_session_attrs);
  /** Within it, the driver connects again in place of a connection that was refused. */
  const goingOn = new AsyncLocalStorage<{ search: Search<Value> | undefined }>();
  /** Of the connection whose request the driver answers, in the same turn. */
  let password: string | undefined;
  let turn = 0;
  let isEnded = false;

  /** A connection that logs in with the next version, or with the one after that if it cannot be opened for a refusal. */
  async function open(search: Search<Value>): Promise<Socket> {
    for (;;) {
      const { value, done } = await search.candidates.next();
      if (done) throw search.refusal;
      const as: PostgresJsLogin = login(value);
      try {
        const opened = await openSocket(serversOf(as, parsed), parsed, isChoosy ? turn++ : 0);
        if (!isEnded) return watched(opened, as, search);
        opened.destroy();
        throw new Error('The pool was ended.');
      } catch (error) {
        if (isEnded || !refused(error)) throw error;
        search.refusal = error as Error;
      }
    }
  }

  function watched(opened: Socket, as: PostgresJsLogin, search: Search<Value>): Socket {
    watchLogin(opened, as, {
      answer(passOn) {
        password = as.password;
        passOn();
        password = undefined;
      },
      errorOf: (fields) => new PostgresError(fields),
      isRefused: refused,
      closeRefused(refusal, passOn) {
        search.refusal = refusal;
        goingOn.run({ search }, passOn);
      },
      closeLost: (passOn) => void (isChoosy ? setTimeout(passOn, CHOOSY_PAUSE_MS) : passOn()),
    });
    return opened;
  }

  async function socket(): Promise<Socket> {
    const left = goingOn.getStore();
    const search = left?.search ?? { candidates: secret.candidates(limits) };
    if (left) left.search = undefined;
    try {
      return await open(search);
    } catch (error) {
      return failing(error as Error, isChoosy ? CHOOSY_PAUSE_MS : 0);
    }
  }
  const host = isChoosy ? parsed.host : parsed.host.slice(0, 1);
  // The login is told and watched in clear: so TLS begins here, not in the driver.
  const sql = make({ ...parsed, host, ssl: false, socket, pass: () => password ?? '' });
  const { end } = sql;
  // What connects after that, the driver would never close.
  sql.end = sql.close = async (...given) => {
    await end(...given);
    isEnded = true;
  };
  return sql;
}

function serversOf({ host, port }: PostgresJsLogin, parsed: Parsed): readonly Server[] {
  const [first = 5432] = parsed.port;
  if (host !== undefined) return [{ host, port: port ?? first }];
  return parsed.host.map((each, index) => ({ host: each, port: port ?? parsed.port[index] ?? first }));
}

/**
 * A socket that fails when the driver first writes to it. If an error were thrown instead, the driver would lose a place of its pool; if
 * the socket failed earlier, it would never write on that connection again.
 */
function failing(error: Error, afterMs: number): Socket {
  const write = () => void setTimeout(() => socket.destroy(error), afterMs);
  const socket: Socket = Object.assign(new Socket(), { write });
  return socket;
}
