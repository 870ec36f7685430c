/** `rotaform-client/mysql2`: MySQL and MariaDB logins that rotate, for pools of mysql2. */
import {
  type AdapterOptions,
  loginOf,
  retryOptions,
  type UserAndPassword,
  userAndPassword,
} from './adapter-options.ts';
import { expect } from './check-options.ts';
import { loginGuard } from './login-guard.ts';
import type { RotatingSecret } from './rotating-secret.ts';

type Callback = (error: unknown, connection?: unknown) => void;

/** What is used of a pool of `mysql2`; that of `mysql2/promise` has it as its `pool`. */
interface CorePool {
  readonly config: { readonly connectionConfig: object; readonly connectionLimit: number };
  readonly _freeConnections: { readonly length: number };
  readonly _allConnections: { readonly length: number };
  getConnection(callback: Callback): void;
}

/**
 * Makes each new connection of a pool log in with the secret's value of that moment, user and password of one version. A login that the
 * server refuses is tried again with the next version; a query never is. Open connections outlive a rotation: give the pool an
 * `idleTimeout`.
 *
 * @param pool of `mysql2` or `mysql2/promise`; it is this one that is returned
 * @example
 * const pool = rotatingPool(mysql.createPool({ host: 'db.internal', database: 'shop' }), db);
 */
export function rotatingPool<Pool extends object, Value>(
  pool: Pool,
  secret: RotatingSecret<Value>,
  options: AdapterOptions<Value, UserAndPassword> = {},
): Pool {
  const login = loginOf(secret, options, userAndPassword);
  const { pool: core = pool as CorePool } = Object(pool) as { readonly pool?: CorePool };
  expect('pool', core, ['what createPool of mysql2 or mysql2/promise returns', isPool]);
  const original = core.getConnection.bind(core);
  const connect = loginGuard(
    secret,
    (value) => {
      // Copied by the driver when it makes a connection, in the same turn.
      Object.assign(core.config.connectionConfig, login(value));
      return new Promise<unknown>((resolve, reject) => {
        original((error, connection) => (error ? reject(error) : resolve(connection)));
      });
    },
    retryOptions(options),
  );
  const { connectionLimit } = core.config;
  const hasRoom = () => connectionLimit === 0 || core._allConnections.length < connectionLimit;
  core.getConnection = (callback) => {
    // An open connection needs no login, and so no secret; nor does a place in the queue.
    if (core._freeConnections.length > 0 || !hasRoom()) return original(callback);
    connect().then(
      (connection) => process.nextTick(callback, null, connection),
      (error: unknown) => process.nextTick(callback, error),
    );
  };
  return pool;
}

const isPool = (found: CorePool | undefined) => found?.config?.connectionConfig !== undefined;
