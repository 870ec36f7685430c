/** `rotaform-client/ioredis`: Redis and Valkey logins that rotate, for ioredis and its Cluster. */
import { type AdapterOptions, retryOptions } from './adapter-options.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** What a connection logs in with; without a user, Redis takes `default`. */
export interface IoredisLogin {
  readonly username?: string;
  readonly password: string;
}

/** What is used of a client of ioredis. */
interface Client {
  readonly options: { retryStrategy?: unknown };
  /** What the connection under way logs in with, once its socket is open. */
  readonly condition: { auth: unknown };
  readonly connector: { connect(...given: unknown[]): Promise<unknown> };
  connect(): Promise<unknown>;
  disconnect(reconnect: boolean): void;
  duplicate(override?: object): unknown;
  recoverFromFatalError(commandError: Error, error: Error, options?: object): void;
  once(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

/**
 * A client of ioredis whose every connection logs in with the secret's value of that moment, user and password of one version. A login
 * that the server refuses is tried again at once with the next version, and the commands that wait for it are not lost.
 * Open connections outlive a rotation.
 *
 * @param Redis the class of ioredis
 * @param redisOptions those of the class, without a user and a password
 * @example
 * const redis = rotatingRedis(Redis, login, { host: 'cache.internal', tls: {} });
 */
export function rotatingRedis<Instance extends object, Options extends object, Value>(
  Redis: new (options: Options) => Instance,
  secret: RotatingSecret<Value>,
  redisOptions: Options,
  options: AdapterOptions<Value, IoredisLogin> = {},
): Instance {
  const redis = new Redis({ ...redisOptions, lazyConnect: true });
  guard(redis as unknown as Client, secret, options);
  const isLazy = 'lazyConnect' in redisOptions && redisOptions.lazyConnect === true;
  // Whoever waits for a command learns of the failure there, as without this adapter.
  if (!isLazy) (redis as unknown as Client).connect().catch(() => {});
  return redis;
}

/**
 * The same for a cluster: each connection to each of its nodes.
 *
 * @param Cluster the class of ioredis
 * @example
 * const redis = rotatingCluster(Cluster, login, [{ host: 'cache.internal', port: 6379 }], { redisOptions: { tls: {} } });
 */
export function rotatingCluster<Instance extends object, Nodes, Options extends object, Value>(
  Cluster: new (nodes: Nodes, options: Options) => Instance,
  secret: RotatingSecret<Value>,
  nodes: Nodes,
  clusterOptions: Options,
  options: AdapterOptions<Value, IoredisLogin> = {},
): Instance {
  const cluster = new Cluster(nodes, { ...clusterOptions, lazyConnect: true });
  const { on, connect } = cluster as unknown as {
    on(event: string, listener: (node: Client) => void): void;
    connect(): Promise<unknown>;
  };
  on.call(cluster, '+node', (node) => guard(node, secret, options));
  const isLazy = 'lazyConnect' in clusterOptions && clusterOptions.lazyConnect === true;
  if (!isLazy) connect.call(cluster).catch(() => {});
  return cluster;
}

function guard<Value>(
  redis: Client,
  secret: RotatingSecret<Value>,
  options: AdapterOptions<Value, IoredisLogin>,
): Client {
  const { login = usernameAndPassword } = options;
  const { refused, ...search } = retryOptions(options);
  const { retryStrategy } = redis.options;
  const { connector } = redis;
  const openSocket = connector.connect.bind(connector);
  const [connect, duplicate] = [redis.connect.bind(redis), redis.duplicate.bind(redis)];
  const recover = redis.recoverFromFatalError.bind(redis);
  let candidates = secret.candidates(search);
  /** What a refusal has brought, for the connection that follows it. */
  let next: Value | undefined;

  connector.connect = async (...given) => {
    if (next === undefined) candidates = secret.candidates(search);
    const value = next ?? ((await candidates.next()).value as Value);
    next = undefined;
    const { username, password } = login(value);
    redis.condition.auth = username === undefined ? password : [username, password];
    return openSocket(...given);
  };
  redis.connect = () =>
    connect().catch((error: unknown) => {
      if (next === undefined) throw error;
      return readyAgain(redis, error);
    });
  redis.recoverFromFatalError = async (commandError, error, how) => {
    const found = refused(error) ? await candidates.next().catch(() => undefined) : undefined;
    if (found === undefined || found.done) return recover(commandError, error, how);
    next = found.value;
    redis.disconnect(true);
  };
  redis.options.retryStrategy = (times: number) => {
    if (next !== undefined) return 0;
    return typeof retryStrategy === 'function' ? retryStrategy(times) : undefined;
  };
  redis.duplicate = (override) => guard(duplicate({ ...override, lazyConnect: true }) as Client, secret, options);
  return redis;
}

/** The connection that ioredis makes by itself after one was refused. */
function readyAgain(redis: Client, error: unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const ready = () => {
      redis.off('end', ended);
      resolve();
    };
    const ended = () => {
      redis.off('ready', ready);
      reject(error);
    };
    redis.once('ready', ready);
    redis.once('end', ended);
  });
}

function usernameAndPassword(value: unknown): IoredisLogin {
  const { username, password } = value as IoredisLogin;
  return { ...(username !== undefined && { username }), password };
}
