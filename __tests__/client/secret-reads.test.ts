import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { secretsCache } from '../../client/index.ts';
import { answering, sdkError, version } from './answering-client.ts';
import { collectGarbage } from './collect-garbage.ts';
import { movingClock, readingAccount } from './reading-account.ts';

/** Takes every value; each call gives another one, so that secrets with it are views of their own. */
const any = () => v.unknown();

describe('A view', () => {
  it('takes nothing that another view has read longer ago than maxAgeSeconds', async () => {
    const move = movingClock();
    const { client, asked } = answering(version('1', [1]), version('2', [2]));
    const cache = secretsCache({ client });
    expect(await cache.secret('db').get()).toEqual([1]);
    move(301);
    expect(await cache.secret('db', { schema: any() }).get()).toEqual([2]);
    expect(asked).toHaveLength(2);
  });

  it('takes at a refresh what another view has read within the same second', async () => {
    const move = movingClock();
    const { client, asked } = answering(version('1', [1]), version('2', [2]));
    const cache = secretsCache({ client });
    const [one, other] = [cache.secret('db'), cache.secret('db', { schema: any() })];
    await cache.prefetch([one, other]);
    move(0.1);
    expect(await one.refresh()).toEqual([2]);
    expect(await other.refresh()).toEqual([2]);
    expect(asked).toHaveLength(2);
  });

  it('is collected as garbage when unreferenced, and other views still work', async () => {
    const { client } = answering(version('1', [1]));
    const cache = secretsCache({ client });
    const kept = cache.secret('db');
    (() => void cache.secret('db', { schema: any() }))();
    expect(cache.stats().secrets).toHaveLength(2);
    await collectGarbage();
    expect(cache.stats().secrets).toHaveLength(1);
    expect(await kept.get()).toEqual([1]);
  });

  it('is collected as garbage when unreferenced, also as the only one of its secret', async () => {
    const cache = secretsCache({ client: answering(version('1', [1])).client });
    (() => void cache.secret('db'))();
    await collectGarbage();
    expect(cache.stats().secrets).toEqual([]);
  });
});

describe('With fake timers, the cache', () => {
  it('reads, is stale after the time that they say, and reads again', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { client, asked } = answering(version('1', [1]), version('2', [2]));
    const secret = secretsCache({ client }).secret('db');
    expect(await secret.get()).toEqual([1]);
    vi.advanceTimersByTime(299_000);
    expect(secret.peek()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await secret.get()).toEqual([1]);
    await vi.advanceTimersByTimeAsync(0);
    expect(secret.peek()).toEqual([2]);
    expect(asked).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('looks for another version for as long as they say', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const secret = secretsCache({ client: answering(version('1', [1])).client }).secret('db');
    const attempt = () => Promise.reject(new Error('refused'));
    const login = expect(secret.withRetry(attempt, { refused: () => true })).rejects.toThrow('refused');
    await vi.advanceTimersByTimeAsync(6_000);
    await login;
  });
});

describe('After a call succeeded again', () => {
  it('reads wait for the new value, as long as that is what they are told to', async () => {
    const move = movingClock();
    const { client } = answering(
      version('1', [1]),
      sdkError('ThrottlingException'),
      version('2', [2]),
      version('3', [3]),
    );
    const secret = secretsCache({ client, staleWhileRevalidateSeconds: 0 }).secret('db');
    await secret.get();
    move(301);
    expect(await secret.get()).toEqual([1]);
    move(5);
    await secret.get();
    await expect.poll(() => secret.peek()).toEqual([2]);
    move(301);
    expect(await secret.get()).toEqual([3]);
  });
});

describe('Without a client of its user, the cache', () => {
  it("uses one of the AWS SDK as the environment configures it, and ends it; its user's own stays open", async () => {
    const { aws, client, put } = await readingAccount();
    await put([1]);
    await put([2], { name: 'other' });
    const { endpoint, region } = aws.account;
    for (const [name, value] of Object.entries({
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
    }))
      vi.stubEnv(name, value);
    const ended = vi.spyOn(SecretsManagerClient.prototype, 'destroy');
    onTestFinished(() => {
      vi.unstubAllEnvs();
      ended.mockRestore();
    });
    for (const given of [undefined, client]) {
      const cache = secretsCache({ client: given });
      expect([await cache.secret('db').get(), await cache.secret('other').get()]).toEqual([[1], [2]]);
      cache.close();
    }
    expect(ended).toHaveBeenCalledTimes(1);
    const unused = secretsCache();
    unused.close();
    await expect(unused.secret('db').get()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
