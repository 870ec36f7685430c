import { inspect } from 'node:util';
import middy from '@middy/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { credentialGuard, loginGuard } from '../../client/index.ts';
import { keepFresh } from '../../client/keep-fresh.ts';
import { readSecrets } from '../../client/middy.ts';
import { redacted } from '../../client/redacted.ts';
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

  it('refuses pauses that are too short', async () => {
    const { cache } = await readingAccount();
    expect(() => keepFresh(cache.secret('db'), { everySeconds: 0 })).toThrow(
      'The option everySeconds is 0; expected a number from 1.',
    );
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
