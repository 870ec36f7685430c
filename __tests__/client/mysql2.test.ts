import { describe, expect, it } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { rotatingPool } from '../../client/mysql2.ts';
import { answering, version } from './answering-client.ts';

type Callback = (error: Error | null, connection?: string) => void;

/** A stand-in for a pool of mysql2, as far as the adapter uses one. */
function poolOf(connectionLimit: number, open: number, free: number, error: Error | null = null) {
  const config = { connectionConfig: { user: '', password: '' }, connectionLimit };
  return {
    config,
    _allConnections: Array(open),
    _freeConnections: Array(free),
    getConnection(callback: Callback) {
      if (error) callback(error);
      else callback(null, `as ${config.connectionConfig.user}`);
    },
  };
}

function rotating(pool: ReturnType<typeof poolOf>) {
  const { client, asked } = answering(version('1', { username: 'app', password: 'of db' }));
  const made = rotatingPool(pool, secretsCache({ client }).secret('db'));
  const connect = () =>
    new Promise((resolve, reject) => made.getConnection((error, found) => (error ? reject(error) : resolve(found))));
  return { connect, asked };
}

describe('The adapter for mysql2 (a stand-in for its pool)', () => {
  it.each([
    ['with room for another connection', 2, 1, 0],
    ['without a limit', 0, 1000, 0],
  ])('reads the secret for a new connection: a pool %s', async (_, ...sizes) => {
    const { connect, asked } = rotating(poolOf(...sizes));
    expect(await connect()).toBe('as app');
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['with a connection that is free', 2, 1, 1],
    ['where whoever comes has to wait for one', 1, 1, 0],
    ['without a limit, with one that is free', 0, 1, 1],
  ])('does not read it for what is open: a pool %s', async (_, ...sizes) => {
    const { connect, asked } = rotating(poolOf(...sizes));
    expect(await connect()).toBe('as ');
    expect(asked).toHaveLength(0);
  });

  it("throws the driver's own error", async () => {
    const error = new Error('connect ECONNREFUSED');
    await expect(rotating(poolOf(1, 0, 0, error)).connect()).rejects.toBe(error);
  });

  it('refuses what only looks like a pool', () => {
    const secret = secretsCache({ client: answering().client }).secret('db');
    expect(() => rotatingPool({ config: {}, getConnection: () => {} }, secret)).toThrow(
      'The pool is an object; expected what',
    );
  });
});
