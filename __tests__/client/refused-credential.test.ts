import { describe, expect, it, vi } from 'vitest';
import { type RotatingSecret, secretsCache } from '../../client/index.ts';
import type { Account } from '../../local/account.ts';
import {
  allowReads,
  type Login,
  login,
  movingClock,
  newLogin,
  published,
  type ReadingAccount,
  readerClient,
  readingAccount,
} from './reading-account.ts';

class Refused extends Error {}
const refused = (error: unknown) => error instanceof Refused;

/** Something that a login opens, and what was tried on it. */
function target(...accepted: Login[]) {
  const tried: Login[] = [];
  return {
    tried,
    async open(given: Login): Promise<string> {
      tried.push(given);
      if (accepted.some(({ password }) => password === given.password)) return 'open';
      throw new Refused('password authentication failed');
    },
  };
}

/** A secret that was read, and is about to be rotated. */
async function rotating(account: ReadingAccount) {
  const [first, second] = [newLogin(), newLogin()];
  const firstId = await account.put(first);
  const secret = account.cache.secret('db', { schema: login });
  await secret.get();
  return { first, second, firstId, secret };
}

/** Is refused whatever it tries. As soon as so many reads were made, however long that takes, the time for the search is over. */
async function searchInVain({ reads }: ReadingAccount, secret: RotatingSecret<Login>, until: number) {
  const database = target();
  const refusal = expect(secret.withRetry(database.open, { refused, timeoutSeconds: 600 })).rejects.toThrow(Refused);
  await expect.poll(() => reads.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(until);
  const now = performance.now.bind(performance);
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + 600_000);
  await refusal.finally(() => clock.mockRestore());
  return database.tried;
}

describe('After a refused credential', () => {
  it('a refresh reads the new version, and it is tried', async () => {
    const account = await readingAccount();
    const { first, second, secret } = await rotating(account);
    const refusals = published('refused');
    await account.put(second);
    const database = target(second);
    expect(await secret.withRetry(database.open, { refused })).toBe('open');
    expect(database.tried).toEqual([first, second]);
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT']);
    expect(refusals).toEqual([expect.objectContaining({ secretId: 'db', versionStage: 'AWSCURRENT' })]);
    expect(account.cache.stats()).toMatchObject({ refusals: 1, rotations: 1 });
  });

  it('AWSPENDING is tried once if the version is the same, and stays in use until it is current', async () => {
    const move = movingClock();
    const account = await readingAccount();
    const { first, second, firstId, secret } = await rotating(account);
    const secondId = await account.put(second, { stages: ['AWSPENDING'] });
    const database = target(second);
    expect(await secret.withRetry(database.open, { refused })).toBe('open');
    expect(database.tried).toEqual([first, second]);
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
    expect(await secret.get()).toEqual(second);

    // A background refresh must not put the refused version back.
    move(301);
    expect(await secret.get()).toEqual(second);
    await expect.poll(() => secret.peek()).toEqual(second);
    expect(account.reads).toHaveLength(4);

    await account.promote(secondId, firstId);
    move(301);
    await secret.get();
    await expect.poll(() => secret.peek()).toEqual(second);
    const third = newLogin();
    await account.put(third);
    move(301);
    await secret.get();
    await expect.poll(() => secret.peek()).toEqual(third);
  });

  it('all others share what the first search found', async () => {
    const account = await readingAccount();
    const { second, secret } = await rotating(account);
    await account.put(second, { stages: ['AWSPENDING'] });
    const database = target(second);
    const opened = Array.from({ length: 50 }, () => secret.withRetry(database.open, { refused }));
    expect(await Promise.all(opened)).toEqual(Array(50).fill('open'));
    expect(account.reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
    await secret.withRetry(database.open, { refused });
    expect(database.tried.at(-1)).toEqual(second);
    expect(account.reads).toHaveLength(3);
  });

  it('the reader waits for the next current version if IAM denies AWSPENDING', async () => {
    const account = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    const firstId = await account.put(first);
    const secret = readerOfCurrent(account.aws.account);
    await secret.get();
    const secondId = await account.put(second, { stages: ['AWSPENDING'] });
    const database = target(second);
    const opened = secret.withRetry(database.open, { refused, timeoutSeconds: 60 });
    await expect.poll(() => account.reads).toContain('AWSPENDING');
    await account.promote(secondId, firstId);
    expect(await opened).toBe('open');
    expect(database.tried).toEqual([first, second]);
    expect(account.reads.filter((stage) => stage === 'AWSPENDING')).toHaveLength(1);
  });

  it('an error of any other kind is thrown at once', async () => {
    const account = await readingAccount();
    const { secret } = await rotating(account);
    const attempt = secret.withRetry(() => Promise.reject(new TypeError('not a login')), { refused });
    await expect(attempt).rejects.toThrow(new TypeError('not a login'));
    expect(account.reads).toHaveLength(1);
  });

  it('the error of the target is thrown if no other version arrives in time', async () => {
    const account = await readingAccount();
    const { first, secret } = await rotating(account);
    const database = target();
    const attempt = secret.withRetry(database.open, { refused, timeoutSeconds: 0.1 });
    await expect(attempt).rejects.toThrow(new Refused('password authentication failed'));
    expect(database.tried).toEqual([first]);
  });

  it('the same happens if Secrets Manager is unavailable', async () => {
    const account = await readingAccount();
    const { secret } = await rotating(account);
    account.fail('fail-before');
    const attempt = secret.withRetry(target().open, { refused, timeoutSeconds: 0.1 });
    await expect(attempt).rejects.toThrow(Refused);
  });

  it('and no later if Secrets Manager does not answer', async () => {
    const account = await readingAccount();
    const { secret } = await rotating(account);
    account.fail('delay');
    const began = performance.now();
    const opened = secret.withRetry(target().open, { refused, timeoutSeconds: 0.2 });
    await expect(opened).rejects.toThrow(Refused);
    // A read may take five seconds: the search did not wait for it.
    expect(account.cache.stats().failedCalls, `after ${performance.now() - began} ms`).toBe(0);
  });

  it('a pending version that is also refused is replaced by the current one', async () => {
    const move = movingClock();
    const account = await readingAccount();
    const { first, second, secret } = await rotating(account);
    await account.put(second, { stages: ['AWSPENDING'] });
    expect(await searchInVain(account, secret, 3)).toEqual([first, second]);
    // The rotation was given up, and the target takes the old login again.
    const database = target(first);
    move(2);
    expect(await secret.withRetry(database.open, { refused })).toBe('open');
    expect(database.tried).toEqual([second, first]);
    expect(await secret.get()).toEqual(first);
  });

  it.each([
    ['is the current one', 'AWSCURRENT', ['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']],
    ['is not the requested version', 'AWSPREVIOUS', ['AWSPREVIOUS', 'AWSPREVIOUS']],
  ])('no pending version is used that %s', async (_, versionStage, reads) => {
    const account = await readingAccount();
    const value = newLogin();
    await account.put(value, { stages: [versionStage, 'AWSCURRENT', 'AWSPENDING'] });
    const secret = account.cache.secret('db', { schema: login, versionStage });
    await secret.get();
    expect(await searchInVain(account, secret, reads.length)).toEqual([value]);
    expect(account.reads).toEqual(reads);
  });

  it('no pending version is used that its schema rejects', async () => {
    const account = await readingAccount();
    const { first, secret } = await rotating(account);
    await account.put({ username: 'app' }, { stages: ['AWSPENDING'] });
    expect(await searchInVain(account, secret, 3)).toEqual([first]);
    expect(await secret.get()).toEqual(first);
  });

  it('user and password come from one version, even if both change', async () => {
    const account = await readingAccount();
    const first = newLogin('app');
    await account.put(first);
    const secret = account.cache.secret('db', { schema: login });
    await secret.get();
    const second = newLogin('app_clone');
    await account.put(second);
    const database = target(second);
    await secret.withRetry(database.open, { refused });
    expect(database.tried).toEqual([first, second]);
  });

  it('closing the cache ends the wait', async () => {
    const account = await readingAccount();
    const { secret } = await rotating(account);
    const attempt = secret.withRetry(target().open, { refused, timeoutSeconds: 900 });
    const ended = expect(attempt).rejects.toThrow(Refused);
    await expect.poll(() => account.reads).toContain('AWSPENDING');
    account.cache.close();
    await ended;
  });
});

describe('A reader with a policy that names AWSCURRENT', () => {
  it('reads it, and no other label', async () => {
    const account = await readingAccount();
    const value = newLogin();
    await account.put(value);
    await account.put(newLogin(), { stages: ['AWSPENDING'] });
    expect(await readerOfCurrent(account.aws.account).get()).toEqual(value);
    const denied = expect.objectContaining({ code: 'ACCESS_DENIED', message: expect.stringMatching(/not authorized/) });
    await expect(readerOfCurrent(account.aws.account, 'AWSPENDING').get()).rejects.toEqual(denied);
  });

  it('gets an error, and never the old value, once access is revoked', async () => {
    const move = movingClock();
    const { aws, put } = await readingAccount();
    const value = newLogin();
    await put(value);
    const secret = readerOfCurrent(aws.account);
    expect(await secret.get()).toEqual(value);
    allowReads(aws.account, { 'secretsmanager:VersionStage': 'AWSPREVIOUS' });
    move(301);
    await secret.get();
    await expect.poll(() => secret.status()).toMatchObject({ health: 'failing', errorCode: 'ACCESS_DENIED' });
    await expect(secret.get()).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
  });
});

const CURRENT = { 'secretsmanager:VersionStage': 'AWSCURRENT' };

/** The secret as an application reads it whose role may read `AWSCURRENT` alone. */
function readerOfCurrent(account: Account, versionStage = 'AWSCURRENT'): RotatingSecret<Login> {
  return secretsCache({ client: readerClient(account, CURRENT) }).secret('db', { schema: login, versionStage });
}
