/** `rotaform-client/sequelize`: logins that rotate, for Sequelize 6 with PostgreSQL, MySQL or MariaDB. */
import { type AdapterOptions, loginOf, retryOptions, userAndPassword } from './adapter-options.ts';
import { expect, isCall } from './check-options.ts';
import { loginGuard } from './login-guard.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** What a connection takes from the secret, in the words of Sequelize. */
export interface SequelizeLogin {
  readonly username?: string;
  readonly password?: string;
  readonly host?: string;
  readonly port?: number | string;
  readonly database?: string;
}

/** What is used of Sequelize's connection manager: it makes the connections of all pools. */
interface ConnectionManager {
  _connect(config: object): Promise<unknown>;
}

/**
 * Makes each new connection of a Sequelize log in with the secret's value of that moment, user and password of one version. A login that
 * the server refuses is tried again with the next version; a query never is.
 *
 * @param sequelize it is this one that is returned
 * @example
 * const sequelize = rotatingSequelize(new Sequelize({ dialect: 'postgres', host: 'db.internal', database: 'shop' }), db);
 */
export function rotatingSequelize<Sequelize extends object, Value>(
  sequelize: Sequelize,
  secret: RotatingSecret<Value>,
  options: AdapterOptions<Value, SequelizeLogin> = {},
): Sequelize {
  const login = loginOf(secret, options, usernameAndPassword);
  const { connectionManager } = Object(sequelize) as { readonly connectionManager: ConnectionManager };
  expect('sequelize', connectionManager?._connect, ['an instance of Sequelize 6', isCall]);
  const original = connectionManager._connect.bind(connectionManager);
  connectionManager._connect = (config) =>
    loginGuard(secret, (value) => original({ ...config, ...login(value) }), retryOptions(options))();
  return sequelize;
}

function usernameAndPassword(value: unknown): SequelizeLogin {
  const { user: username, ...rest } = userAndPassword(value);
  return { username, ...rest } as SequelizeLogin;
}
