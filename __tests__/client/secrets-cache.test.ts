import { EventEmitter, once } from 'node:events';
import { devNull } from 'node:os';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { SecretReadError, secretsCache } from '../../client/index.ts';
import type { LocalAws } from '../../local/local-aws.ts';
import { login, movingClock, newLogin, published, readingAccount } from './reading-account.ts';

const error = (code: string, message = /./) =>
  expect.objectContaining({ name: 'SecretReadError', code, message: expect.stringMatching(message) });

describe('A secret and its label', () => {
  it('reads each label separately', async () => {
    const { cache, put } = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    await put(second);
    const current = cache.secret('db', { schema: login });
    const previous = cache.secret('db', { schema: login, versionStage: 'AWSPREVIOUS' });
    expect([await current.get(), await previous.get()]).toEqual([second, first]);
    expect(current.status()).toMatchObject({ secretId: 'db', versionStage: 'AWSCURRENT', health: 'healthy' });
  });

  it('with the same schema give the same object', async () => {
    const { cache } = await readingAccount();
    expect(cache.secret('db', { schema: login })).toBe(cache.secret('db', { schema: login }));
    expect(cache.secret('db', { schema: login })).not.toBe(cache.secret('other', { schema: login }));
    expect(cache.secret('db', { schema: login })).not.toBe(cache.secret('db'));
  });

  it('parses, checks and freezes each version once', async () => {
    const move = movingClock();
    const { cache, put, reads } = await readingAccount();
    const validate = vi.fn((value: unknown) => ({ value: { of: [value] } }));
    const secret = cache.secret('db', { schema: { '~standard': { version: 1, vendor: 'test', validate } } });
    await put({ a: { b: 1 } });
    const value = await secret.get();
    move(301);
    expect(await secret.refresh()).toBe(value);
    expect(reads).toHaveLength(2);
    expect(validate).toHaveBeenCalledOnce();
    expect(() => Object.assign(value.of[0] as object, { b: 2 })).toThrow(TypeError);
    expect(value).toEqual({ of: [{ a: { b: 1 } }] });
  });

  it.each([
    ['an object', '{"a":1}', { a: 1 }],
    ['text', 'swordfish', 'swordfish'],
    ['text that happens to be JSON', '12345678901234567890', '12345678901234567890'],
    ['an array', '[1]', [1]],
    ['JSON after a byte order mark', '\uFEFF{"a":1}', { a: 1 }],
    ['JSON that was stored as bytes', new TextEncoder().encode('\uFEFF{"a":1}'), { a: 1 }],
    ['an empty object', '{}', {}],
    ['bytes', new Uint8Array([0, 255, 1]), new Uint8Array([0, 255, 1])],
    ['65,536 bytes', 'x'.repeat(65_536), 'x'.repeat(65_536)],
  ])('reads %s', async (_, stored, expected) => {
    const { cache, put } = await readingAccount();
    await put(stored);
    const found = await cache.secret('db').get();
    expect(found instanceof Uint8Array ? new Uint8Array(found) : found).toEqual(expected);
  });

  it.each([
    ['an empty string', { SecretString: '' }, ''],
    ['no bytes', { SecretBinary: new Uint8Array() }, new Uint8Array()],
  ])('reads %s', async (_, answer, expected) => {
    const cache = secretsCache({ client: { send: async () => ({ VersionId: '1', ...answer }) } });
    expect(await cache.secret('db').get()).toEqual(expected);
  });

  it('says that a secret holds neither text nor bytes', async () => {
    const cache = secretsCache({ client: { send: async () => ({ VersionId: '1' }) } });
    await expect(cache.secret('db').get()).rejects.toEqual(error('SECRET_VALUE', /^AWSCURRENT of db has no value/));
  });

  it('says what a value is and what its schema expects, but nothing more', async () => {
    const { cache, put } = await readingAccount();
    await put({ username: 7_355_608 });
    const read = cache.secret('db', { schema: login }).get();
    await expect(read).rejects.toEqual(
      error(
        'SECRET_VALUE',
        /^AWSCURRENT of db is not as its schema expects: "username": expected string, found a number; "password" is missing\.$/,
      ),
    );
  });
});

describe('Freshness, judged by the clock at each access,', () => {
  it('returns a fresh value at once, without a call', async () => {
    const move = movingClock();
    const { cache, put, reads } = await readingAccount();
    const value = newLogin();
    await put(value);
    const secret = cache.secret('db', { schema: login });
    expect(secret.peek()).toBeUndefined();
    expect(await secret.get()).toEqual(value);
    move(299);
    expect(secret.peek()).toEqual(value);
    expect(await secret.get()).toBe(secret.peek());
    expect(reads).toEqual(['AWSCURRENT']);
  });

  it('returns a stale value at once, and reads the new one once in the background', async () => {
    const move = movingClock();
    const { cache, put, reads } = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    await put(second);
    move(301);
    expect(secret.peek()).toBeUndefined();
    expect(await Promise.all(Array.from({ length: 100 }, () => secret.get()))).toEqual(Array(100).fill(first));
    await expect.poll(() => secret.peek()).toEqual(second);
    expect(reads).toHaveLength(2);
  });

  it('waits if the value is older than stale-while-revalidate allows', async () => {
    const move = movingClock();
    const { cache, put } = await readingAccount({ maxAgeSeconds: 60, staleWhileRevalidateSeconds: 60 });
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    await put(second);
    move(121);
    expect(await secret.get()).toEqual(second);
  });

  it('never returns a stale value in the strict mode', async () => {
    const move = movingClock();
    const { cache, put } = await readingAccount({ maxAgeSeconds: 60, staleWhileRevalidateSeconds: 0 });
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    await put(second);
    move(60);
    expect(await secret.get()).toEqual(second);
  });

  it('leaves nothing that keeps a process running, or that a frozen process misses: there is no timer', async () => {
    const { cache, put } = await readingAccount();
    await put(newLogin());
    const timers = () => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
    const before = timers();
    await cache.secret('db').get();
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('reads again if the clock was set back, and keeps the current value meanwhile', async () => {
    const move = movingClock();
    const { cache, put, reads, fail } = await readingAccount({ staleIfErrorSeconds: 60 });
    const value = newLogin();
    await put(value);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    fail('fail-before');
    move(-86_400);
    expect(secret.peek()).toBeUndefined();
    expect(await secret.get()).toEqual(value);
    await expect.poll(() => reads.length).toBe(2);
    await expect.poll(() => secret.status().health).toBe('degraded');
    expect(await secret.get()).toEqual(value);
    move(61);
    await expect(secret.get()).rejects.toEqual(error('SERVICE'));
  });

  it('reads again if the machine slept during a read', async () => {
    const move = movingClock();
    const { cache, put, fail } = await readingAccount();
    const value = newLogin();
    await put(value);
    const end = fail('delay');
    const secret = cache.secret('db', { schema: login });
    const left = secret.get().catch((reason) => reason);
    end();
    move(3600);
    expect(await secret.get()).toEqual(value);
    expect(await left).toBeInstanceOf(SecretReadError);
  });
});

describe('When a read fails, the cache', () => {
  it.each(['fail-before', 'throttle', 'fail-after', 'delay'] as const)(
    'returns the old value while reads meet %s, and recovers by itself',
    async (kind) => {
      const move = movingClock();
      const timeoutSeconds = kind === 'delay' ? 0.5 : 30;
      const { cache, put, fail } = await readingAccount({ timeoutSeconds, staleWhileRevalidateSeconds: 0 });
      const [first, second] = [newLogin(), newLogin()];
      await put(first);
      const secret = cache.secret('db', { schema: login });
      await secret.get();
      await put(second);
      const end = fail(kind);
      move(3600);
      expect(await secret.get()).toEqual(first);
      expect(secret.status()).toMatchObject({ health: 'degraded' });
      end();
      // A busy machine may be too slow for the short timeout, once or twice.
      const later = (seconds: number) => {
        move(seconds);
        return secret.get();
      };
      await expect.poll(() => later(60), { timeout: 30_000 }).toEqual(second);
      expect(secret.status()).toMatchObject({ health: 'healthy', errorCode: undefined });
      const third = newLogin();
      await put(third);
      await expect.poll(() => later(3600), { timeout: 30_000 }).toEqual(third);
    },
  );

  it('does so if the endpoint cannot be reached', async () => {
    const move = movingClock();
    const { cache, put, aws } = await readingAccount();
    const value = newLogin();
    await put(value);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    await aws.close();
    move(3600 + 301);
    expect(await secret.get()).toEqual(value);
    expect(secret.status()).toMatchObject({ health: 'degraded', errorCode: 'NETWORK' });
    await expect(secret.refresh()).rejects.toEqual(error('NETWORK', /AWSCURRENT of db cannot be read: .*ECONNREFUSED/));
  });

  it('does so for a limited time', async () => {
    const move = movingClock();
    const { cache, put, fail } = await readingAccount({ staleIfErrorSeconds: 7200 });
    await put(newLogin());
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    fail('fail-before');
    move(300 + 7201);
    await expect(secret.get()).rejects.toEqual(error('SERVICE', /InternalServiceError/));
  });

  it('throws an error, and never returns the old value again, once the secret is deleted', async () => {
    const move = movingClock();
    const { cache, put, client, fail } = await readingAccount();
    await put(newLogin());
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    await client.send(new DeleteSecretCommand({ SecretId: 'db' }));
    move(301);
    await secret.get();
    await expect.poll(() => secret.status()).toMatchObject({ health: 'failing', versionId: undefined });
    await expect(secret.get()).rejects.toEqual(error('NOT_FOUND', /marked for deletion/));
    fail('fail-before');
    move(60);
    await expect(secret.get()).rejects.toEqual(error('SERVICE'));
  });
});

describe('One read for all callers', () => {
  it('makes one call for a thousand cold reads', async () => {
    const { cache, put, reads } = await readingAccount();
    await put(newLogin());
    const secret = cache.secret('db', { schema: login });
    await Promise.all(Array.from({ length: 1000 }, () => secret.get()));
    expect(reads).toHaveLength(1);
  });

  it('never remembers a rejected promise', async () => {
    const move = movingClock();
    const { cache, put } = await readingAccount();
    const secret = cache.secret('db', { schema: login });
    await expect(secret.get()).rejects.toEqual(error('NOT_FOUND', /ResourceNotFoundException/));
    const value = newLogin();
    await put(value);
    move(1);
    expect(await secret.get()).toEqual(value);
  });

  it('backs off with random pauses up to a growing limit', async () => {
    const move = movingClock();
    const random = vi.spyOn(Math, 'random').mockReturnValue(0.999);
    const { cache, put, reads, fail } = await readingAccount();
    await put(newLogin());
    const secret = cache.secret('db', { schema: login });
    fail('throttle');
    const callsAfter = async (seconds: number) => {
      move(seconds);
      await expect(secret.get()).rejects.toEqual(error('THROTTLED'));
      return reads.length;
    };
    expect([await callsAfter(0), await callsAfter(0.4), await callsAfter(0.2)]).toEqual([1, 1, 2]);
    expect([await callsAfter(0.9), await callsAfter(0.2), await callsAfter(1.9)]).toEqual([2, 3, 3]);
    random.mockReturnValue(0);
    expect([await callsAfter(0.2), await callsAfter(0), await callsAfter(0)]).toEqual([4, 5, 6]);
    random.mockRestore();
  });

  it('ends a call that hangs, whatever the timeouts of the client', async () => {
    const { cache, put, fail } = await readingAccount({ timeoutSeconds: 0.2 });
    await put(newLogin());
    fail('delay');
    const read = cache.secret('db').get();
    await expect(read).rejects.toEqual(error('TIMEOUT', /did not answer within 0\.2 s \(timeoutSeconds\)/));
  });

  it('ends a call if the client finds no credentials', async () => {
    const client = {
      send: () => new Promise<never>(() => {}),
    };
    const cache = secretsCache({ client, timeoutSeconds: 0.2 });
    await expect(cache.secret('db').get()).rejects.toEqual(error('TIMEOUT'));
  });
});

describe('A refresh', () => {
  it('joins a read in progress', async () => {
    const { cache, put, reads, fail, aws } = await readingAccount();
    await put(newLogin());
    const secret = cache.secret('db');
    fail('delay');
    const first = secret.get();
    const others = [secret.refresh(), secret.refresh()];
    aws.faults.clear();
    await Promise.all([first, ...others]);
    expect(reads).toHaveLength(1);
  });

  it('happens at most once a second, and otherwise returns the cached value without waiting', async () => {
    const move = movingClock();
    const { cache, put, reads } = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    expect(await secret.refresh()).toEqual(first);
    await put(second);
    for (let index = 0; index < 100; index += 1) expect(await secret.refresh()).toEqual(first);
    expect(reads).toHaveLength(2);
    move(1);
    expect(await secret.refresh()).toEqual(second);
  });
});

describe('A new version that its schema rejects', () => {
  it.each([
    ['by default', {}],
    ['in the strict mode', { staleWhileRevalidateSeconds: 0 }],
  ])('keeps the last good version, raises an event once, and shows as degraded: %s', async (_, options) => {
    const move = movingClock();
    const { cache, put, reads } = await readingAccount(options);
    const rejected = published('rejected');
    const [good, better] = [newLogin(), newLogin()];
    await put(good);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    const versionId = await put({ username: 'app', secretField: 'hunter2' });
    for (const calls of [2, 3]) {
      move(301);
      expect(await secret.get()).toEqual(good);
      await expect.poll(() => reads).toHaveLength(calls);
      await expect.poll(() => secret.status()).toMatchObject({ health: 'degraded', errorCode: 'SECRET_VALUE' });
    }
    expect(rejected).toEqual([
      {
        secretId: 'db',
        versionStage: 'AWSCURRENT',
        versionId,
        message: expect.stringContaining('"password" is missing'),
      },
    ]);
    expect(JSON.stringify(rejected)).not.toContain('hunter2');
    await put(better);
    move(301);
    await secret.get();
    await expect.poll(() => secret.peek()).toEqual(better);
    expect(secret.status().health).toBe('healthy');
  });
});

describe('The one permission that it needs', () => {
  it('is GetSecretValue, with the label named in each call', async () => {
    const { cache, put, aws, reads } = await readingAccount();
    await put(newLogin());
    const actions = calledActions(aws);
    const secret = cache.secret('db', { schema: login });
    await cache.prefetch([secret]);
    await secret.refresh();
    expect(new Set(actions)).toEqual(new Set(['GetSecretValue']));
    expect(reads).toEqual(['AWSCURRENT', 'AWSCURRENT']);
  });
});

describe('A value that expires', () => {
  const token = v.object({ token: v.string(), expires: v.pipe(v.string(), v.isoTimestamp()) });
  const expiresAt = ({ expires }: { expires: string }) => new Date(expires);
  const validFor = (seconds: number) => ({
    token: newLogin().password,
    expires: new Date(Date.now() + seconds * 1000).toISOString(),
  });

  it('is read again before it expires', async () => {
    const move = movingClock();
    const { cache, put } = await readingAccount({ maxAgeSeconds: 3600 });
    const secret = cache.secret('db', { schema: token, expiresAt });
    const [first, second] = [validFor(600), validFor(1200)];
    await put(first);
    await secret.get();
    move(539);
    expect(secret.peek()).toEqual(first);
    await put(second);
    move(2);
    expect(await secret.get()).toEqual(first);
    await expect.poll(() => secret.peek()).toEqual(second);
  });

  it('is never returned after it expires, even after an error', async () => {
    const move = movingClock();
    const { cache, put, fail } = await readingAccount({ maxAgeSeconds: 3600 });
    const secret = cache.secret('db', { schema: token, expiresAt });
    await put(validFor(600));
    await secret.get();
    fail('fail-before');
    move(599);
    await secret.get();
    move(1);
    await expect(secret.get()).rejects.toEqual(error('SERVICE'));
    await expect(secret.refresh()).rejects.toEqual(error('SERVICE'));
    expect(secret.peek()).toBeUndefined();
  });

  it('is an error if there is no newer one', async () => {
    const { cache, put } = await readingAccount();
    await put(validFor(-1));
    const read = cache.secret('db', { schema: token, expiresAt }).get();
    await expect(read).rejects.toEqual(error('EXPIRED', /AWSCURRENT of db expired at 20/));
  });

  it.each([
    ['throws', () => JSON.parse('hunter2')],
    ['returns an invalid date', () => new Date('hunter2')],
  ])('is an error if expiresAt %s', async (_, broken) => {
    const { cache, put } = await readingAccount();
    await put(validFor(600));
    const read = cache.secret('db', { schema: token, expiresAt: broken }).get();
    await expect(read).rejects.toEqual(error('SECRET_VALUE', /^expiresAt does not return a date for AWSCURRENT of db/));
  });
});

describe('waitUntilReady', () => {
  it('waits for the field that the first rotation makes', async () => {
    const { cache, put } = await readingAccount();
    await put({ username: 'app' });
    const secret = cache.secret('db', { schema: login });
    const ready = secret.waitUntilReady({ timeoutSeconds: 60 });
    await expect.poll(() => secret.status().errorCode).toBe('SECRET_VALUE');
    const value = newLogin();
    await put(value);
    expect(await ready).toEqual(value);
  });

  it('waits for a secret without a current version', async () => {
    const { cache, put, client } = await readingAccount();
    await client.send(new CreateSecretCommand({ Name: 'db' }));
    const secret = cache.secret('db', { schema: login });
    const ready = secret.waitUntilReady({ timeoutSeconds: 60 });
    await expect.poll(() => secret.status().errorCode).toBe('NOT_FOUND');
    const value = newLogin();
    await put(value);
    expect(await ready).toEqual(value);
  });

  it('says what is missing if the time is over', async () => {
    const { cache, put } = await readingAccount();
    await put({ username: 'app' });
    const ready = cache.secret('db', { schema: login }).waitUntilReady({ timeoutSeconds: 0.1 });
    await expect(ready).rejects.toEqual(error('NOT_READY', /db was not ready within 0\.1 s\. .*"password" is missing/));
  });
});

describe('A cache of many secrets', () => {
  it('keeps no more values than allowed, and reads the others again', async () => {
    const { counted, client } = countingClient();
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
    onTestFinished(() => warned.mockRestore());
    const cache = secretsCache({ client, maxSecrets: 100 });
    const watched = cache.secret('watched');
    watched.onRotation(() => {});
    await watched.get();
    for (let index = 0; index < 2_000; index += 1) await cache.secret(`tenants/${index}`).get();
    expect(counted.calls).toBe(2_001);
    expect(cache.stats().secrets.filter(({ versionId }) => versionId !== undefined)).toHaveLength(100);
    expect(watched.peek()).toBe('watched');
    await cache.secret('tenants/1999').get();
    expect(counted.calls).toBe(2_001);
    expect(await cache.secret('tenants/0').get()).toBe('tenants/0');
    expect(counted.calls).toBe(2_002);
    cache.close();
  });

  it('keeps what is used and drops what is not', async () => {
    const { cache, put } = await readingAccount({ maxSecrets: 2 });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => cache.secret(name));
    for (const secret of [a, b, c, d]) {
      await put('text', { name: secret?.secretId ?? '' });
      await secret?.get();
      a?.peek();
    }
    expect([a, b, c, d].map((secret) => secret?.peek())).toEqual(['text', undefined, undefined, 'text']);
  });
});

it('A client without a region is reported as a mistake at once', async () => {
  vi.stubEnv('AWS_REGION', undefined);
  vi.stubEnv('AWS_CONFIG_FILE', devNull);
  onTestFinished(() => void vi.unstubAllEnvs());
  const client = new SecretsManagerClient({ credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
  const cache = secretsCache({ client });
  onTestFinished(() => cache.close());
  const reason = /AWSCURRENT of db cannot be read: Region is missing\. Set AWS_REGION/;
  await expect(cache.secret('db').waitUntilReady({ timeoutSeconds: 5 })).rejects.toEqual(
    error('CONFIGURATION', reason),
  );
});

describe('prefetch', () => {
  it('reads all secrets, and fails with the first that it cannot read', async () => {
    const { cache, put, reads } = await readingAccount();
    const secrets = Array.from({ length: 30 }, (_, index) => cache.secret(`s${index}`));
    for (const { secretId } of secrets) await put('text', { name: secretId });
    await cache.prefetch(secrets);
    expect(secrets.map((secret) => secret.peek())).toEqual(Array(30).fill('text'));
    await cache.prefetch(secrets);
    expect(reads).toHaveLength(30);
    await expect(cache.prefetch([...secrets, cache.secret('missing')])).rejects.toEqual(error('NOT_FOUND'));
  });

  it('refuses a secret that is in no list, instead of reading nothing', async () => {
    const { cache } = await readingAccount();
    await expect(cache.prefetch(cache.secret('db') as never)).rejects.toThrow('not iterable');
  });
});

describe('onRotation', () => {
  it('is called for a new version, but not for the first or the same version', async () => {
    const move = movingClock();
    const { cache, put } = await readingAccount();
    const rotated = published('rotated');
    const heard: unknown[] = [];
    const [first, second, third] = [newLogin(), newLogin(), newLogin()];
    const previousVersionId = await put(first);
    const secret = cache.secret('db', { schema: login });
    const stop = secret.onRotation((value) => heard.push(value));
    await secret.get();
    await secret.refresh();
    expect(heard).toEqual([]);
    const versionId = await put(second);
    move(2);
    await secret.refresh();
    expect(heard).toEqual([second]);
    expect(rotated).toEqual([{ secretId: 'db', versionStage: 'AWSCURRENT', versionId, previousVersionId }]);
    stop();
    await put(third);
    move(2);
    await secret.refresh();
    expect(heard).toEqual([second]);
    expect(cache.stats()).toMatchObject({ rotations: 2, calls: 4, failedCalls: 0 });
  });
});

describe('close', () => {
  it('ends the reads in progress and all later ones', async () => {
    const { cache, put, fail, aws } = await readingAccount();
    await put(newLogin());
    const held = cache.secret('db');
    const other = cache.secret('db', { versionStage: 'AWSPREVIOUS' });
    await held.get();
    fail('delay');
    const reads = [held.refresh(), other.get(), other.waitUntilReady({ timeoutSeconds: 900 })];
    const ended = Promise.allSettled(reads);
    cache.close();
    cache.close();
    const closed = error('CLOSED', /cannot be read: its cache was closed/);
    expect(await ended).toEqual(reads.map(() => ({ status: 'rejected', reason: closed })));
    aws.faults.clear();
    for (const secret of [held, other, cache.secret('new')]) {
      await expect(secret.get()).rejects.toEqual(closed);
      await expect(secret.refresh()).rejects.toEqual(closed);
      expect(secret.peek()).toBeUndefined();
    }
  });
});

describe('close, while a schema checks a value', () => {
  it('also drops that value', async () => {
    const { cache, put } = await readingAccount();
    await put(newLogin());
    const schema = new EventEmitter();
    const validate = async (value: unknown) => {
      schema.emit('asked');
      await once(schema, 'answered');
      return { value };
    };
    const secret = cache.secret('db', { schema: { '~standard': { version: 1, vendor: 'test', validate } } });
    const read = secret.get();
    await once(schema, 'asked');
    cache.close();
    schema.emit('answered');
    await expect(read).rejects.toEqual(error('CLOSED'));
    expect(secret.status()).toMatchObject({ versionId: undefined, errorCode: 'CLOSED' });
  });
});

describe('An option', () => {
  it.each([
    [{ maxAgeSeconds: -1 }, /maxAgeSeconds is -1; expected a number from 0/],
    [{ staleIfErrorSeconds: Number.NaN }, /staleIfErrorSeconds is NaN/],
    [{ timeoutSeconds: 0 }, /timeoutSeconds is 0; expected a number from 0.1 to 900/],
    [{ timeoutSeconds: 901 }, /timeoutSeconds is 901; expected a number from 0.1 to 900/],
    [{ maxSecrets: 0 }, /maxSecrets is 0/],
  ])('is refused if it makes no sense: %j', async (options, message) => {
    const { client } = await readingAccount();
    expect(() => secretsCache({ client, ...options })).toThrow(error('CONFIGURATION', message));
  });

  it('is refused if it has to be a name, and is empty, as is the name of a secret', () => {
    const cache = secretsCache({ client: { send: async () => ({}) } });
    const problem = (what: string) => error('CONFIGURATION', new RegExp(`${what} is an empty string; expected a name`));
    expect(() => cache.secret('')).toThrow(problem('secret id'));
    expect(() => cache.secret('db', { versionStage: '' })).toThrow(problem('versionStage'));
  });

  it('is refused if the client is not a client', () => {
    // @ts-expect-error: no client
    expect(() => secretsCache({ client: {} })).toThrow(
      error('CONFIGURATION', /client is an object; expected a SecretsManagerClient, with a send method/),
    );
  });
});

describe('The AWS SDK', () => {
  it('may have any settings: its own retries count as one call', async () => {
    const { aws, put, fail } = await readingAccount();
    await put('text');
    fail('throttle', { attempts: 1 });
    const { endpoint, account } = aws;
    const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };
    const client = new SecretsManagerClient({ endpoint, region: account.region, credentials, maxAttempts: 3 });
    const cache = secretsCache({ client });
    expect(await cache.secret('db').get()).toBe('text');
    expect(cache.stats()).toMatchObject({ calls: 1, failedCalls: 0 });
    client.destroy();
  });
});

/** A client whose secrets hold their own names, without a server: for what would take long with one. */
function countingClient() {
  const counted = { calls: 0 };
  const send = async (command: unknown) => {
    counted.calls += 1;
    return { VersionId: '1', SecretString: command instanceof GetSecretValueCommand ? command.input.SecretId : '' };
  };
  return { counted, client: { send } };
}

function calledActions({ account }: LocalAws): string[] {
  const actions: string[] = [];
  account.events.on('call', ({ action }) => actions.push(action));
  return actions;
}
