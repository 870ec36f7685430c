import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { answering, sdkError, version, warnings } from './answering-client.ts';
import { login, movingClock, newLogin } from './reading-account.ts';

const code = (expected: string) => expect.objectContaining({ name: 'SecretReadError', code: expected });

/** A clock that stands still, and the longest pause after each failure. */
function stoppedClock() {
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  onTestFinished(() => void vi.restoreAllMocks());
  return movingClock();
}

/** A schema that takes values when it is told to. */
function slowSchema() {
  const waiting: (() => void)[] = [];
  const validate = (value: unknown) =>
    new Promise<{ readonly value: unknown }>((resolve) => waiting.push(() => resolve({ value })));
  return { waiting, schema: { '~standard': { version: 1, vendor: 'test', validate } } as const };
}

const user = v.object({ username: v.string() });

describe('In the pause after a failed read', () => {
  it('another view fails with the same error, without a call', async () => {
    stoppedClock();
    const { client, asked } = answering(sdkError('ThrottlingException'));
    const cache = secretsCache({ client });
    await expect(cache.secret('db', { schema: login }).get()).rejects.toEqual(code('THROTTLED'));
    await expect(cache.secret('db').get()).rejects.toEqual(code('THROTTLED'));
    expect(asked).toHaveLength(1);
  });

  it('a version that its schema refused is not read again', async () => {
    stoppedClock();
    const { client, asked } = answering(version('1', {}));
    const secret = secretsCache({ client }).secret('db', { schema: login });
    await expect(secret.get()).rejects.toEqual(code('SECRET_VALUE'));
    await expect(secret.get()).rejects.toEqual(code('SECRET_VALUE'));
    expect(asked).toHaveLength(1);
  });

  it('a read takes part in a refresh under way', async () => {
    stoppedClock();
    const { client } = answering(sdkError('ThrottlingException'), version('1', 'a'));
    const secret = secretsCache({ client }).secret('db');
    await expect(secret.get()).rejects.toEqual(code('THROTTLED'));
    expect(await Promise.all([secret.refresh(), secret.get()])).toEqual(['"a"', '"a"']);
  });

  it('a read takes what another view has read meanwhile', async () => {
    const move = stoppedClock();
    const value = newLogin();
    const { client, asked } = answering(version('1', { username: 'app' }), version('2', value));
    const cache = secretsCache({ client });
    const [whole, part] = [cache.secret('db', { schema: login }), cache.secret('db', { schema: user })];
    await expect(whole.get()).rejects.toEqual(code('SECRET_VALUE'));
    expect(await part.get()).toEqual({ username: 'app' });
    move(0.1);
    expect(await part.refresh()).toEqual({ username: 'app' });
    move(0.1);
    expect(await whole.get()).toEqual(value);
    expect(asked).toHaveLength(2);
  });

  it('a second refresh fails as the first did, without a call', async () => {
    stoppedClock();
    const { client, asked } = answering(sdkError('ThrottlingException'), version('1', 'a'));
    const secret = secretsCache({ client }).secret('db');
    for (let time = 0; time < 2; time += 1) await expect(secret.refresh()).rejects.toEqual(code('THROTTLED'));
    expect(asked).toHaveLength(1);
  });

  it('waitUntilReady waits on, and lets everything else go on meanwhile', async () => {
    const { client } = answering(sdkError('ThrottlingException'), version('1', [1]));
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 10);
    onTestFinished(() => clearInterval(timer));
    expect(await secretsCache({ client }).secret('db').waitUntilReady({ timeoutSeconds: 10 })).toEqual([1]);
    expect(turns).toBeGreaterThan(0);
  });
});

describe('After a read succeeded again', () => {
  it('reads wait for the new value, as long as that is what they are told to', async () => {
    const move = stoppedClock();
    const values = ['1', '3', '4'].map((id) => version(id, newLogin(id)));
    const { client } = answering(values[0] ?? {}, version('2', {}), ...values.slice(1));
    const secret = secretsCache({ client, staleWhileRevalidateSeconds: 0 }).secret('db', { schema: login });
    await secret.get();
    move(301);
    expect(await secret.get()).toMatchObject({ username: '1' });
    expect(secret.status().health).toBe('degraded');
    move(5);
    await secret.get();
    await expect.poll(() => secret.status().health).toBe('healthy');
    expect(secret.peek()).toMatchObject({ username: '3' });
    move(301);
    expect(await secret.get()).toMatchObject({ username: '4' });
  });
});

describe('refresh', () => {
  it('joins a read whose schema is still at work', async () => {
    stoppedClock();
    const { waiting, schema } = slowSchema();
    const { client } = answering(version('1', [1]), version('2', [2]));
    const secret = secretsCache({ client }).secret('db', { schema });
    const first = secret.get();
    await expect.poll(() => waiting).toHaveLength(1);
    waiting[0]?.();
    expect(await first).toEqual([1]);
    const early = secret.refresh();
    await expect.poll(() => waiting).toHaveLength(2);
    const late = secret.refresh();
    waiting[1]?.();
    expect(await Promise.all([early, late])).toEqual([[2], [2]]);
  });

  it('does not give an expired value, even within a second', async () => {
    const move = stoppedClock();
    const { client } = answering(version('1', { until: Date.now() + 500 }));
    const schema = v.object({ until: v.number() });
    const secret = secretsCache({ client }).secret('db', { schema, expiresAt: ({ until }) => new Date(until) });
    expect(await secret.refresh()).toMatchObject({});
    move(0.6);
    await expect(secret.refresh()).rejects.toEqual(code('EXPIRED'));
  });
});

describe('A refused read', () => {
  it('leaves nothing of what was read before, for any view', async () => {
    const move = stoppedClock();
    const { client } = answering(version('1', newLogin()), sdkError('AccessDeniedException'));
    const cache = secretsCache({ client });
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    move(2);
    await expect(secret.refresh()).rejects.toEqual(code('ACCESS_DENIED'));
    move(2);
    await expect(cache.secret('db', { schema: user }).get()).rejects.toEqual(code('ACCESS_DENIED'));
  });

  it("does not hide the target's own error from a login that was refused", async () => {
    const { client } = answering(version('1', newLogin()), sdkError('AccessDeniedException'));
    const secret = secretsCache({ client }).secret('db', { schema: login });
    const attempt = () => Promise.reject(new RangeError('refused'));
    await expect(secret.withRetry(attempt, { refused: () => true, timeoutSeconds: 0.1 })).rejects.toThrow(
      new RangeError('refused'),
    );
  });
});

describe('Another version', () => {
  it('that somebody else has found is taken without a call', async () => {
    const move = stoppedClock();
    const { client, asked } = answering(version('1', [1]), version('2', [2]));
    const secret = secretsCache({ client }).secret('db');
    const candidates = secret.candidates();
    expect((await candidates.next()).value).toEqual([1]);
    await secret.refresh();
    move(2);
    expect((await candidates.next()).value).toEqual([2]);
    expect(asked).toHaveLength(2);
  });

  it('is searched for again at once if a new version is refused', async () => {
    const { client } = answering(version('1', [1]), version('1', [1]), version('2', [2]));
    const secret = secretsCache({ client }).secret('db', { versionStage: 'AWSPREVIOUS' });
    const refuse = async () => {
      const began = performance.now();
      const attempt = () => Promise.reject(new Error('refused'));
      await expect(secret.withRetry(attempt, { refused: () => true, timeoutSeconds: 0.6 })).rejects.toThrow('refused');
      return performance.now() - began;
    };
    await secret.get();
    expect(await refuse()).toBeGreaterThan(500);
    await expect.poll(() => secret.refresh(), { timeout: 5_000 }).toEqual([2]);
    expect(await refuse()).toBeGreaterThan(500);
  });

  it('is requested at most once a second, even if there is none', async () => {
    const move = stoppedClock();
    const { client, asked } = answering(version('1', [1]), version('1', [1]), sdkError('ResourceNotFoundException'));
    const secret = secretsCache({ client }).secret('db');
    const attempt = () => Promise.reject(new Error('refused'));
    const refuse = () =>
      expect(secret.withRetry(attempt, { refused: () => true, timeoutSeconds: 0.05 })).rejects.toThrow('refused');
    for (let time = 0; time < 3; time += 1) await refuse();
    expect(asked.filter((stage) => stage === 'AWSPENDING')).toHaveLength(1);
    move(1.1);
    await refuse();
    expect(asked.filter((stage) => stage === 'AWSPENDING')).toHaveLength(2);
  });

  it('can have any number of waiters without a Node.js warning', async () => {
    const heard = warnings();
    const { client } = answering(version('1', [1]));
    const secret = secretsCache({ client }).secret('db');
    const attempt = () => Promise.reject(new Error('refused'));
    const waiting = Array.from({ length: 20 }, () =>
      secret.withRetry(attempt, { refused: () => true, timeoutSeconds: 0.3 }),
    );
    for (const { status } of await Promise.allSettled(waiting)) expect(status).toBe('rejected');
    expect(heard).toEqual([]);
  });

  it('that was pinned stays for as long as the refused one is current, and no longer', async () => {
    const move = stoppedClock();
    const labels: Record<string, object> = { AWSCURRENT: version('1', [1]), AWSPENDING: version('2', [2]) };
    const client = { getSecretValue: async ({ VersionStage }: { VersionStage: string }) => labels[VersionStage] ?? {} };
    const secret = secretsCache({ client }).secret('db');
    const open = async (value: unknown) => {
      if (JSON.stringify(value) === '[1]') throw new Error('refused');
      return value;
    };
    expect(await secret.withRetry(open, { refused: () => true })).toEqual([2]);
    for (let time = 0; time < 3; time += 1) {
      move(2);
      expect(await secret.refresh()).toEqual([2]);
    }
    labels.AWSCURRENT = labels.AWSPENDING ?? {};
    move(2);
    expect(await secret.refresh()).toEqual([2]);
    labels.AWSCURRENT = version('1', [1]); // somebody moves the label back
    move(2);
    expect(await secret.refresh()).toEqual([1]);
  });
});
