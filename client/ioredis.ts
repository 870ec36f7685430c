/** `rotaform-client/ioredis`: Redis and Valkey logins that rotate, for ioredis and its Cluster. */
import { Socket } from 'node:net';
import { type AdapterOptions, loginOf, retryOptions, usernameAndPassword } from './adapter-options.ts';
import type { RotatingSecret } from './rotating-secret.ts';

/** What ioredis says of a connection that ended without an error. */
const CLOSED = 'Connection is closed.';

/** What a connection logs in with; without a user, Redis takes `default`. */
export interface IoredisLogin {
  readonly username?: string;
  readonly password: string;
}

/** What is used of a client of ioredis. */
interface Client {
  readonly options: { lazyConnect?: unknown; maxRetriesPerRequest?: unknown; retryStrategy?: unknown };
  /** What the connection under way logs in with, once its socket is open. */
  readonly condition: { auth: unknown };
  readonly connector: Connector;
  connect(): Promise<unknown>;
  disconnect(reconnect: boolean): void;
  duplicate(override?: Client['options']): unknown;
  hello(...given: unknown[]): Promise<unknown>;
  flushQueue(error: Error): void;
  recoverFromFatalError(commandError: Error, error: Error, options?: object): void;
  on(event: string, listener: () => void): unknown;
  off(event: string, listener: () => void): unknown;
}

interface Connector {
  /** False once the client was told to disconnect. */
  connecting: boolean;
  /** Why the connection failed. */
  firstError?: Error | undefined;
  connect(...given: unknown[]): Promise<unknown>;
}

/**
 * A client of ioredis whose every connection logs in with the secret's value of that moment, user and password of one version. A login
 * that the server refuses is tried again at once with the next version, and the commands that wait for it are not lost.
 * Open connections outlive a rotation.
 *
 * @param Redis the class of ioredis
 * @param redisOptions what the class takes: its options or an address, without a user and a password
 * @example
 * const redis = rotatingRedis(Redis, login, { host: 'cache.internal', tls: {} });
 */
export function rotatingRedis<Instance extends object, Options extends object, Value>(
  Redis: new (options: Options) => Instance,
  secret: RotatingSecret<Value>,
  redisOptions: string | Options,
  options: AdapterOptions<Value, IoredisLogin> = {},
): Instance {
  const Class = Redis as new (...given: unknown[]) => Instance;
  const lazy = { lazyConnect: true };
  const redis =
    typeof redisOptions === 'string' ? new Class(redisOptions, lazy) : new Class({ ...redisOptions, ...lazy });
  guard(redis as unknown as Client, secret, options, isLazy(Object(redisOptions)));
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
  // Told now, and not when the first node is there.
  loginOf(secret, options, usernameAndPassword);
  const cluster = new Cluster(nodes, { ...clusterOptions, lazyConnect: true });
  const { on, connect } = cluster as unknown as {
    on(event: string, listener: (node: Client) => void): void;
    connect(): Promise<unknown>;
  };
  on.call(cluster, '+node', (node) => guard(node, secret, options, true));
  if (!isLazy(clusterOptions)) connect.call(cluster).catch(() => {});
  return cluster;
}

const isLazy = ({ lazyConnect }: { readonly lazyConnect?: unknown }) => lazyConnect === true;

function guard<Value>(
  redis: Client,
  secret: RotatingSecret<Value>,
  options: AdapterOptions<Value, IoredisLogin>,
  lazyConnect: boolean,
): Client {
  const login = loginOf(secret, options, usernameAndPassword);
  const { refused, ...search } = retryOptions(options);
  const { connector } = redis;
  const { maxRetriesPerRequest, retryStrategy } = redis.options;
  const openSocket = connector.connect.bind(connector);
  const connect = redis.connect.bind(redis);
  const duplicate = redis.duplicate.bind(redis);
  const hello = redis.hello.bind(redis);
  const recover = redis.recoverFromFatalError.bind(redis);
  let candidates = secret.candidates(search);
  let isLoggingIn = false;
  /** Why the last login was refused: the next connection has another version. */
  let refusal: Error | undefined;
  /** Why there is no connection, where the driver says no more than that. */
  let failure: Error | undefined;

  connector.connect = async (...given) => {
    connector.connecting = true;
    connector.firstError = failure = undefined;
    redis.options.maxRetriesPerRequest = maxRetriesPerRequest;
    try {
      if (!refusal) candidates = secret.candidates(search);
      const { value, done } = await candidates.next();
      if (done) throw refusal;
      const { username, password } = login(value);
      redis.condition.auth = username === undefined ? password : [username, password];
    } catch (error) {
      failure = error as Error;
    }
    refusal = undefined;
    if (!connector.connecting) throw new Error(CLOSED);
    isLoggingIn = !failure;
    if (!failure) return openSocket(...given);
    // If this threw, the client would never connect again.
    redis.flushQueue(failure);
    connector.firstError = failure;
    return new Socket().destroy();
  };
  // The driver waits for the answers to more commands, which do not come if the connection ends.
  redis.hello = (...given) => {
    const answer = hello(...given);
    answer.catch((error: Error) => {
      if (isLoggingIn) connector.firstError = error;
    });
    return answer;
  };
  redis.connect = () =>
    connect().catch((error: unknown) => {
      if (refusal) return readyAgain(redis, () => (refusal ? undefined : (failure ?? error)));
      throw failure ?? error;
    });
  redis.recoverFromFatalError = (commandError, error, how) => {
    if (!isLoggingIn || !refused(error)) return recover(commandError, error, how);
    refusal = error;
    redis.disconnect(true);
  };
  redis.options.retryStrategy = (times: number) => {
    const lost = connector.firstError ?? new Error(CLOSED);
    if (isLoggingIn && !refusal && refused(lost)) refusal = lost;
    isLoggingIn = false;
    if (!refusal) return typeof retryStrategy === 'function' ? retryStrategy(times) : undefined;
    // What waits for the login is not lost, however few retries it has. The next connection sets it back.
    redis.options.maxRetriesPerRequest = null;
    return 0;
  };
  redis.duplicate = (override = {}) => {
    const made = duplicate({ maxRetriesPerRequest, retryStrategy, ...override, lazyConnect: true }) as Client;
    return guard(made, secret, options, 'lazyConnect' in override ? isLazy(override) : lazyConnect);
  };
  redis.on('ready', () => {
    isLoggingIn = false;
  });
  redis.options.lazyConnect = lazyConnect;
  // Whoever waits for a command learns of the failure there, as without this adapter.
  if (!lazyConnect) redis.connect().catch(() => {});
  return redis;
}

/**
 * The connection that ioredis makes by itself after one was refused.
 *
 * @param failed why there is none, once that is so
 */
function readyAgain(redis: Client, failed: () => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      redis.off('ready', ready);
      redis.off('close', closed);
    };
    const ready = () => {
      end();
      resolve();
    };
    const closed = () => {
      const error = failed();
      if (!error) return;
      end();
      reject(error);
    };
    redis.on('ready', ready);
    redis.on('close', closed);
  });
}
