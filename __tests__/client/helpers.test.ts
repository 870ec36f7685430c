import { inspect } from 'node:util';
import middy from '@middy/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { credentialGuard, loginGuard, secretsCache } from '../../client/index.ts';
import { keepFresh } from '../../client/keep-fresh.ts';
import { readSecrets } from '../../client/middy.ts';
import { redacted } from '../../client/redacted.ts';
import { answering, sdkError, version } from './answering-client.ts';
import { login, newLogin, readingAccount } from './reading-account.ts';

const refused = (error: unknown) => error instanceof RangeError;

describe('loginGuard', () => {
  it('logs in each time, and again with the next version if the login is refused', async () => {
    const { cache, put } = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    await put(second, { stages: ['AWSPENDING'] });
    const tried: string[] = [];
    const connect = loginGuard(
      cache.secret('db', { schema: login }),
      async ({ password }) => {
        tried.push(password);
        if (password !== second.password) throw new RangeError('refused');
        return { session: tried.length };
      },
      { refused },
    );
    expect(await connect()).toEqual({ session: 2 });
    expect(await connect()).toEqual({ session: 3 });
    expect(tried).toEqual([first.password, second.password, second.password]);
  });
});

describe('A method of a secret', () => {
  const secret = () => secretsCache({ client: answering(version('1', 7)).client }).secret('db');
  // What a number of an environment variable is that is not set.
  const timeoutSeconds = Number(undefined);
  const problem = 'The option timeoutSeconds is NaN; expected a number from 0 to Infinity.';

  it('refuses a timeout that is not a number, which would be none, or never end', async () => {
    await expect(secret().waitUntilReady({ timeoutSeconds })).rejects.toThrow(problem);
    // @ts-expect-error: none
    await expect(secret().waitUntilReady()).rejects.toThrow(
      'The option timeoutSeconds is undefined; expected a number',
    );
    await expect(secret().withRetry(async () => {}, { refused, timeoutSeconds })).rejects.toThrow(problem);
    await expect(secret().candidates({ timeoutSeconds }).next()).rejects.toThrow(problem);
  });

  it('withRetry refuses to be without refused, before it tries anything', async () => {
    const attempt = vi.fn();
    // @ts-expect-error: none
    const retry = secret().withRetry(attempt);
    await expect(retry).rejects.toThrow('The option refused is undefined; expected a function.');
    expect(attempt).not.toHaveBeenCalled();
  });
});

describe('credentialGuard', () => {
  it('returns the current version, and another one after a refusal', async () => {
    const { cache, put } = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    await put(second, { stages: ['AWSPENDING'] });
    const guard = credentialGuard(cache.secret('db', { schema: login }));
    expect(await guard.next()).toEqual(first);
    expect(await guard.next()).toEqual(first);
    guard.refuse();
    expect(await guard.next()).toEqual(second);
    expect(await guard.next()).toEqual(second);
  });

  it('returns the current version again if there is no other', async () => {
    const { client } = answering(version('1', [1]));
    const guard = credentialGuard(secretsCache({ client }).secret('db'), { timeoutSeconds: 0.1 });
    expect(await guard.next()).toEqual([1]);
    guard.refuse();
    expect(await guard.next()).toEqual([1]);
  });
});

describe('readSecrets, for middy', () => {
  it('gives a handler the values of each invocation', async () => {
    const { cache, put, reads } = await readingAccount();
    await put(newLogin('first'));
    const db = cache.secret('db', { schema: login });
    const handler = middy()
      .use(readSecrets({ db }))
      .handler(async (_: unknown, context: object) => (context as { readonly db: { username: string } }).db.username);
    const invoke = () => handler({}, { getRemainingTimeInMillis: () => 1000 } as never);
    expect(await invoke()).toBe('first');
    expect(await invoke()).toBe('first');
    expect(reads).toHaveLength(1);
    await put(newLogin('second'));
    await db.refresh();
    expect(await invoke()).toBe('second');
  });
});

describe('keepFresh', () => {
  it('calls onRotation even if nobody reads, until it is stopped', async () => {
    const { cache, put, reads } = await readingAccount();
    await put(newLogin());
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    const heard: unknown[] = [];
    secret.onRotation((value) => heard.push(value));
    vi.spyOn(Math, 'random').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    const stop = keepFresh(secret, { everySeconds: 1 });
    const second = newLogin();
    await put(second);
    await expect.poll(() => heard, { timeout: 10_000 }).toEqual([second]);
    stop();
    const { length } = reads;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    expect(reads).toHaveLength(length);
  });

  /** With timers that this test moves. */
  function kept(...answers: readonly (object | Error)[]) {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { client, asked } = answering(...answers);
    const cache = secretsCache({ client });
    return { cache, asked, stop: keepFresh(cache.secret('db'), { everySeconds: 100 }) };
  }

  it('pauses for a time of random length, half of everySeconds at least', async () => {
    vi.spyOn(Math, 'random').mockReturnValueOnce(0).mockReturnValueOnce(1).mockReturnValue(0.5);
    onTestFinished(() => void vi.restoreAllMocks());
    const { asked } = kept(version('1', [1]));
    for (const seconds of [50, 100, 75]) {
      const before = asked.length;
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      expect(asked).toHaveLength(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(asked).toHaveLength(before + 1);
    }
  });

  it('reads every five minutes at the latest, if it is not told', async () => {
    vi.useFakeTimers();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    onTestFinished(() => void vi.useRealTimers().restoreAllMocks());
    const { client, asked } = answering(version('1', [1]));
    const stop = keepFresh(secretsCache({ client }).secret('db'));
    await vi.advanceTimersByTimeAsync(299_999);
    expect(asked).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(asked).toHaveLength(1);
    stop();
  });

  it('goes on after a failed read, and ends with the cache', async () => {
    const { cache, asked } = kept(version('1', [1]), sdkError('ThrottlingException'), version('2', [2]));
    await vi.advanceTimersByTimeAsync(300_000);
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(cache.stats().secrets).toMatchObject([{ versionId: '2' }]);
    cache.close();
    await vi.advanceTimersByTimeAsync(100_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer when it is stopped, also in the middle of a read', async () => {
    const { stop, asked } = kept(version('1', [1]));
    await vi.advanceTimersByTimeAsync(100_000);
    stop();
    expect(vi.getTimerCount()).toBe(0);
    const reading = kept(version('1', [1]));
    vi.advanceTimersByTime(100_000); // the read has begun, and nothing of it has come back
    reading.stop();
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(asked).toHaveLength(1);
  });

  it('refuses pauses that are too short', async () => {
    const { cache } = await readingAccount();
    expect(() => keepFresh(cache.secret('db'), { everySeconds: 0 })).toThrow(
      'The option everySeconds is 0; expected a number from 1 to Infinity.',
    );
    const misspelt = { seconds: 60 } as object;
    expect(() => keepFresh(cache.secret('db'), misspelt)).toThrow('option seconds is unknown; expected everySeconds');
  });

  it('does not take a pause that is longer than a timer can last for none', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { client, asked } = answering(version('1', [1]));
    for (const everySeconds of [30 * 86_400, Number.POSITIVE_INFINITY]) {
      const stop = keepFresh(secretsCache({ client }).secret('db'), { everySeconds });
      await vi.advanceTimersByTimeAsync(86_400_000);
      stop();
    }
    expect(asked).toEqual([]);
  });
});

describe('redacted', () => {
  it('shows nothing of its value, and returns it when asked', () => {
    const password = redacted('swordfish');
    expect(password.reveal()).toBe('swordfish');
    const shown = [
      inspect(password, { showHidden: true, depth: 9 }),
      `${password}`,
      `${String(password)}`,
      JSON.stringify({ password }),
    ];
    expect(shown).toEqual(['<redacted>', '<redacted>', '<redacted>', '{"password":"<redacted>"}']);
    expect(Object.keys(password)).toEqual([]);
  });
});
