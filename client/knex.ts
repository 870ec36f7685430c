/** `rotaform-client/knex`: logins that rotate, for Knex with PostgreSQL, MySQL or MariaDB. */
import {
  type AdapterOptions,
  loginOf,
  retryOptions,
  type UserAndPassword,
  userAndPassword,
} from './adapter-options.ts';
import { expect, isCall } from './check-options.ts';
import { loginGuard } from './login-guard.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** What is used of Knex's client: it makes the connections of its pool. */
interface KnexClient {
  connectionSettings: { readonly connectionString?: string };
  acquireRawConnection(): Promise<unknown>;
}

/**
 * Makes each new connection of a Knex log in with the secret's value of that moment, user and password of one version. A login that the
 * server refuses is tried again with the next version; a query never is.
 *
 * @param knex with a `connection` that is an object; it is this one that is returned
 * @example
 * const db = rotatingKnex(knex({ client: 'pg', connection: { host: 'db.internal', database: 'shop' } }), secret);
 */
export function rotatingKnex<Knex extends { readonly client: unknown }, Value>(
  knex: Knex,
  secret: RotatingSecret<Value>,
  options: AdapterOptions<Value, UserAndPassword> = {},
): Knex {
  const login = loginOf(secret, options, userAndPassword);
  const { client } = Object(knex) as { readonly client: KnexClient };
  expect('knex', client?.acquireRawConnection, ['what knex() of Knex 3 returns', isCall]);
  // Its own user would win.
  const { connectionString } = client.connectionSettings ?? {};
  expect('connectionString of the connection', connectionString, ['host, port and database instead', isAbsent]);
  const original = client.acquireRawConnection.bind(client);
  client.acquireRawConnection = loginGuard(
    secret,
    (value) => {
      const { password, ...shown } = login(value);
      // As Knex itself hides it from what prints its settings.
      const hidden = { value: password, enumerable: false, configurable: true };
      client.connectionSettings = Object.defineProperty({ ...client.connectionSettings, ...shown }, 'password', hidden);
      return original();
    },
    retryOptions(options),
  );
  return knex;
}

const isAbsent = (found: unknown) => found === undefined;
