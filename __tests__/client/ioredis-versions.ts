import { onTestFinished } from 'vitest';
import { driver, hasDrivers } from './drivers.ts';

/** What tests use of a client or a cluster of ioredis. */
export interface Redis {
  readonly status: string;
  get(key: string): Promise<unknown>;
  auth(password: string): Promise<unknown>;
  connect(): Promise<unknown>;
  disconnect(): void;
  duplicate(override?: object): Redis;
  on(event: 'error', listener: (error: Error) => void): unknown;
  listenerCount(event: string): number;
}
export interface Ioredis {
  readonly Redis: new (options: object) => Redis;
  readonly Cluster: new (nodes: object[], options: object) => Redis;
}

const loaded = async (name: string) => (hasDrivers ? driver<Ioredis>(name) : ({} as Ioredis));

export const versions = [
  ['ioredis', await loaded('ioredis')],
  ['ioredis 5', await loaded('ioredis-5')],
] as const;

/** The errors that it tells of until the test ends, and it ends, too. */
export function heard(redis: Redis) {
  const errors: string[] = [];
  redis.on('error', ({ message }) => errors.push(message));
  onTestFinished(() => redis.disconnect());
  return errors;
}
