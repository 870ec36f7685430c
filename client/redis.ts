/** `rotaform-client/redis`: Redis and Valkey logins that rotate, for node-redis. */
import type { RedisClientOptions } from 'redis';
import { type AdapterOptions, loginOf, retryOptions, usernameAndPassword } from './adapter-options.ts';
import { credentialGuard } from './login-guard.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** What a connection logs in with; without a user, Redis takes `default`. */
export interface RedisLogin {
  readonly username?: string;
  readonly password: string;
}

export type RedisOptions<Value> = AdapterOptions<Value, RedisLogin>;

/**
 * Options for `createClient` whose every new connection logs in with the secret's value of that moment, user and password of one
 * version. A login that the server refuses is one `error` event, and is tried again at once with the next version.
 * Connections that are open outlive a rotation. Options are of one connection: give a duplicate its own,
 * `client.duplicate(rotatingOptions(options, secret))`, or one learns of what another was refused with.
 *
 * @param options yours, with an address that names no user
 * @example
 * const login = cache.secret('my-app/redis', { schema: v.object({ username: v.string(), password: v.string() }) });
 * const client = createClient(rotatingOptions({ url: 'rediss://cache.internal' }, login));
 */
export function rotatingOptions<Options extends RedisClientOptions, Value extends RedisLogin>(
  options: Options,
  secret: RotatingSecret<Value>,
  how?: RedisOptions<Value>,
): Options;
export function rotatingOptions<Options extends RedisClientOptions, Value>(
  options: Options,
  secret: RotatingSecret<Value>,
  how: RedisOptions<Value> & { readonly login: (value: Value) => RedisLogin },
): Options;
export function rotatingOptions<Options extends RedisClientOptions, Value>(
  options: Options,
  secret: RotatingSecret<Value>,
  how: RedisOptions<Value> = {},
): Options {
  const login = loginOf(secret, how, usernameAndPassword);
  const { timeoutSeconds } = how;
  const { refused } = retryOptions(how);
  const guard = credentialGuard(secret, { timeoutSeconds });
  return {
    ...options,
    // A login in the address would win.
    ...(options.url !== undefined && { url: options.url.replace(/^(\w+:\/\/)[^/]*@/, '$1') }),
    credentialsProvider: {
      type: 'async-credentials-provider',
      credentials: async () => login(await guard.next()),
    },
    socket: {
      ...options.socket,
      reconnectStrategy(retries: number, cause: Error) {
        const isRefused = refused(cause);
        if (isRefused) guard.refuse();
        return isRefused && retries === 0 ? 0 : reconnect(options.socket?.reconnectStrategy, retries, cause);
      },
    },
  };
}

/** What the options say, or as the driver does by itself. */
function reconnect(
  strategy: NonNullable<RedisClientOptions['socket']>['reconnectStrategy'],
  retries: number,
  cause: Error,
): number | false | Error {
  if (typeof strategy === 'function') return strategy(retries, cause);
  if (strategy !== undefined) return strategy;
  return !/^Socket timeout/.test(cause.message) && Math.min(50 * 2 ** retries, 2_000) + Math.random() * 200;
}
