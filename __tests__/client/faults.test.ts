import { AsyncLocalStorage } from 'node:async_hooks';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type SecretOptions, SecretReadError, type SecretsCacheOptions, secretsCache } from '../../client/index.ts';
import { runCommand, tsx } from '../run-command.ts';
import { answering, sdkError, version, warnings } from './answering-client.ts';
import { login, movingClock, newLogin, readingAccount } from './reading-account.ts';

const error = (code: string, message = /./) =>
  expect.objectContaining({ name: 'SecretReadError', code, message: expect.stringMatching(message) });

describe("When the application's own AWS credentials have expired", () => {
  it.each(['ExpiredTokenException', 'RequestExpired', 'InvalidSignatureException'])(
    'the good value is kept, for a bounded time: %s',
    async (name) => {
      const move = movingClock();
      const { client } = answering(version('1', newLogin()), sdkError(name));
      const secret = secretsCache({ client, staleIfErrorSeconds: 3600 }).secret('db', { schema: login });
      const value = await secret.get();
      move(3000);
      expect(await secret.get()).toEqual(value);
      await expect.poll(() => secret.status()).toMatchObject({ health: 'degraded', errorCode: 'CREDENTIALS' });
      expect(await secret.get()).toEqual(value);
      move(1000);
      await expect(secret.get()).rejects.toEqual(error('CREDENTIALS', /Check the application's own AWS credentials/));
    },
  );

  it('a denied caller is still an error, and the value is not kept', async () => {
    const move = movingClock();
    const { client } = answering(version('1', newLogin()), sdkError('AccessDeniedException'));
    const secret = secretsCache({ client }).secret('db', { schema: login });
    await secret.get();
    move(3000);
    await secret.get();
    await expect.poll(() => secret.status()).toMatchObject({ health: 'failing', errorCode: 'ACCESS_DENIED' });
    await expect(secret.get()).rejects.toEqual(error('ACCESS_DENIED'));
  });
});

describe('A version that is kept because the new one fails its schema', () => {
  it('shows its true age, and is kept no longer than staleIfErrorSeconds', async () => {
    const move = movingClock();
    const { client, asked } = answering(version('1', newLogin()), version('2', { username: 'app' }));
    const cache = secretsCache({ client, maxAgeSeconds: 300, staleIfErrorSeconds: 1000 });
    const secret = cache.secret('db', { schema: login });
    const value = await secret.get();
    move(400);
    expect(await secret.get()).toEqual(value);
    await expect.poll(() => secret.status().health).toBe('degraded');
    expect(secret.status().ageSeconds).toBeGreaterThanOrEqual(400);
    move(800);
    expect(await secret.get()).toEqual(value);
    expect(secret.status().ageSeconds).toBeGreaterThanOrEqual(1200);
    move(101);
    await expect(secret.get()).rejects.toEqual(error('SECRET_VALUE', /"password" is missing/));
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('is no longer returned if staleIfErrorSeconds is 0', async () => {
    const move = movingClock();
    const { client } = answering(version('1', newLogin()), version('2', { username: 'app' }));
    const options = { client, staleWhileRevalidateSeconds: 0, staleIfErrorSeconds: 0 };
    const secret = secretsCache(options).secret('db', { schema: login });
    await secret.get();
    move(301);
    await expect(secret.get()).rejects.toEqual(error('SECRET_VALUE'));
  });
});

describe('The async context', () => {
  it('of a read is empty, and that of a listener is the one in which it was added', async () => {
    const request = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const values = [version('1', 'a'), version('2', 'b')];
    const client = {
      async getSecretValue() {
        seen.push(request.getStore());
        return values.shift() ?? {};
      },
    };
    const secret = secretsCache({ client }).secret('db');
    request.run('where it was added', () => {
      secret.onRotation(() => seen.push(request.getStore()));
    });
    await request.run('the first request', () => secret.get());
    await request.run('the second request', async () => {
      await secret.refresh();
      expect(request.getStore()).toBe('the second request');
    });
    await expect.poll(() => seen).toEqual([undefined, undefined, 'where it was added']);
  });
});

describe('A mistake is reported at once, with CONFIGURATION:', () => {
  const { client } = answering(version('1', {}));
  const notASchema = {} as SecretOptions<unknown>['schema'];
  it.each<[string, unknown, object | undefined, RegExp]>([
    ['no name', undefined, undefined, /^The secret id is undefined; expected a name\.$/],
    ['an empty name', '', undefined, /^The secret id is an empty string; expected a name\.$/],
    [
      'an unknown option',
      'db',
      { stage: 'AWSPREVIOUS' },
      /^The option stage is unknown; expected schema, versionStage/,
    ],
    ['an invalid schema', 'db', { schema: notASchema }, /^The option schema is an object; expected a Standard Schema/],
    ['an empty label', 'db', { versionStage: '' }, /^The option versionStage is an empty string; expected a name/],
    [
      'an invalid expiresAt',
      'db',
      { expiresAt: new Date() },
      /^The option expiresAt is an object; expected a function/,
    ],
  ])('%s', (_, name, options, message) => {
    const cache = secretsCache({ client });
    expect(() => cache.secret(name as string, options)).toThrow(error('CONFIGURATION', message));
  });

  it('an unknown option of the cache', () => {
    const options = { client, ttl: 5 } as SecretsCacheOptions;
    expect(() => secretsCache(options)).toThrow(
      error('CONFIGURATION', /^The option ttl is unknown; expected client, maxAge/),
    );
  });
});

describe('What cannot be frozen', () => {
  it('is a new copy for each caller: bytes', async () => {
    const { client } = answering({ VersionId: '1', SecretBinary: Buffer.from([1, 2, 3]) });
    const secret = secretsCache({ client }).secret('db');
    const found = (await secret.get()) as Uint8Array;
    found.fill(9);
    expect([...((await secret.get()) as Uint8Array)]).toEqual([1, 2, 3]);
    expect([...(secret.peek() as Uint8Array)]).toEqual([1, 2, 3]);
    expect([...((await secret.refresh()) as Uint8Array)]).toEqual([1, 2, 3]);
    await secret.withRetry(async (bytes) => (bytes as Uint8Array).fill(9), { refused: () => false });
    expect([...(secret.peek() as Uint8Array)]).toEqual([1, 2, 3]);
  });

  it('is a new copy for each caller: the maps, sets and dates of a schema', async () => {
    const { client } = answering(version('1', { users: [['app', ['r']]], until: 0 }));
    const schema = v.pipe(
      v.object({ users: v.array(v.tuple([v.string(), v.array(v.string())])), until: v.number() }),
      v.transform(({ users, until }) => ({
        users: new Map(users),
        names: new Set(users.map(([name]) => name)),
        until: new Date(until),
      })),
    );
    const secret = secretsCache({ client }).secret('db', { schema });
    const found = await secret.get();
    found.users.get('app')?.push('w');
    found.users.clear();
    found.names.add('eve');
    found.until.setFullYear(1);
    expect(await secret.get()).toEqual({
      users: new Map([['app', ['r']]]),
      names: new Set(['app']),
      until: new Date(0),
    });
  });

  it('stays one object if all of it is plain', async () => {
    const { client } = answering(version('1', { a: [{ b: 1 }] }));
    const secret = secretsCache({ client }).secret('db');
    expect(await secret.get()).toBe(secret.peek());
  });
});

describe('A read that hangs while nothing else keeps the process alive', () => {
  it('ends the process with an error, not silently', async () => {
    const { exitCode, stderr } = await runCommand(process.execPath, tsx('__tests__/client/hanging-read.ts'));
    expect(stderr).toContain('AWSCURRENT of db cannot be read: Secrets Manager did not answer within 0.2 s');
    expect(exitCode).toBe(1);
  });
});

describe('A schema that never answers', () => {
  it('is an error of its reads, and keeps the last good value', async () => {
    const move = movingClock();
    const { client } = answering(...['a', 'b', 'c'].map((text) => ({ VersionId: text, SecretString: text })));
    const validate = (value: unknown) => (value === 'b' ? new Promise<never>(() => {}) : { value });
    const schema = { '~standard': { version: 1, vendor: 'test', validate } } as const;
    const secret = secretsCache({ client, timeoutSeconds: 0.2 }).secret('db', { schema });
    expect(await secret.get()).toBe('a');
    const late = error('TIMEOUT', /^AWSCURRENT of db cannot be read: its schema did not answer within 0\.2 s/);
    await expect(secret.refresh()).rejects.toEqual(late);
    move(301);
    expect(await secret.get()).toBe('a');
    await expect.poll(() => secret.peek()).toBe('c');
  });
});

describe('An error of another copy of the package', () => {
  it('is a SecretReadError, too: an application may load ES modules and CommonJS', async () => {
    const path = '../../client/secret-read-error.ts?another';
    const another = (await import(path)) as { SecretReadError: typeof SecretReadError };
    expect(another.SecretReadError).not.toBe(SecretReadError);
    expect(new another.SecretReadError('CLOSED', 'closed')).toBeInstanceOf(SecretReadError);
    for (const other of [new Error('closed'), 'closed', null, undefined])
      expect(other).not.toBeInstanceOf(SecretReadError);
  });
});

describe('Views of one secret', () => {
  it('each have a schema, inline or not, and share one read', async () => {
    const move = movingClock();
    const { cache, put, reads } = await readingAccount();
    await put({ username: 'app', password: 'first', host: 'db' });
    const view = () => cache.secret('db', { schema: v.object({ username: v.string() }) });
    const [user, sameUser] = [view(), view()];
    const place = cache.secret('db', { schema: v.object({ host: v.string() }) });
    expect(await Promise.all([user.get(), sameUser.get()])).toEqual([{ username: 'app' }, { username: 'app' }]);
    expect(await place.get()).toEqual({ host: 'db' });
    expect(reads).toHaveLength(1);
    await put({ username: 'other', password: 'second', host: 'db2' });
    move(301);
    await Promise.all([user.get(), place.get()]);
    await expect.poll(() => [user.peek(), place.peek()]).toEqual([{ username: 'other' }, { host: 'db2' }]);
    expect(await cache.secret('db').get()).toEqual({ username: 'other', password: 'second', host: 'db2' });
    expect(reads).toHaveLength(2);
  });

  it('fail independently: if one rejects a new version, the other still returns it', async () => {
    const move = movingClock();
    const { cache, put } = await readingAccount();
    const value = newLogin();
    await put(value);
    const [whole, user] = [
      cache.secret('db', { schema: login }),
      cache.secret('db', { schema: v.object({ username: v.string() }) }),
    ];
    await cache.prefetch([whole, user]);
    await put({ username: 'other' });
    move(301);
    await Promise.all([whole.get(), user.get()]);
    await expect.poll(() => user.peek()).toEqual({ username: 'other' });
    expect(await whole.get()).toEqual(value);
    expect([whole.status().health, user.status().health]).toEqual(['degraded', 'healthy']);
  });

  it('share the search for another version after a refusal', async () => {
    const { cache, put, reads } = await readingAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    const views = [1, 2, 3].map(() => cache.secret('db', { schema: v.object({ ...login.entries }) }));
    await cache.prefetch(views);
    await put(second, { stages: ['AWSPENDING'] });
    const open = async ({ password }: { readonly password: string }) => {
      if (password !== second.password) throw new Error('refused');
    };
    await Promise.all(views.map((view) => view.withRetry(open, { refused: () => true })));
    expect(reads).toEqual(['AWSCURRENT', 'AWSCURRENT', 'AWSPENDING']);
  });
});

describe('A password that stays wrong', () => {
  it('causes a search for another one once a minute, not for each login', async () => {
    const move = movingClock();
    const { client } = answering(version('1', newLogin()));
    const secret = secretsCache({ client }).secret('db', { schema: login });
    const attempt = async () => {
      const began = performance.now();
      const tries: unknown[] = [];
      const refuse = (value: unknown) => Promise.reject(new Error(`refused ${tries.push(value)}`));
      await expect(secret.withRetry(refuse, { refused: () => true, timeoutSeconds: 0.6 })).rejects.toThrow('refused 1');
      return performance.now() - began;
    };
    expect(await attempt()).toBeGreaterThan(500);
    const again = await Promise.all([attempt(), attempt(), attempt()]);
    expect(Math.max(...again)).toBeLessThan(500);
    move(61);
    expect(await attempt()).toBeGreaterThan(500);
  });

  it('is searched for again at once by a longer search', async () => {
    const { client, asked } = answering(version('1', newLogin()), version('1', newLogin()), version('2', newLogin()));
    const secret = secretsCache({ client }).secret('db', { schema: login, versionStage: 'AWSPREVIOUS' });
    const refuse = async (timeoutSeconds: number) => {
      const began = performance.now();
      const attempt = () => Promise.reject(new Error('refused'));
      await expect(secret.withRetry(attempt, { refused: () => true, timeoutSeconds })).rejects.toThrow('refused');
      return performance.now() - began;
    };
    await secret.get();
    expect(await refuse(0.6)).toBeGreaterThan(500);
    expect(asked).toHaveLength(2);
    expect(await refuse(1.2)).toBeGreaterThan(1100);
    expect(secret.status().versionId).toBe('2');
    expect(await refuse(0.6)).toBeLessThan(500);
  });

  it('is searched for again at once after a login succeeded', async () => {
    const { client } = answering(version('1', newLogin()));
    const secret = secretsCache({ client }).secret('db', { schema: login });
    const refuse = () =>
      secret.withRetry(() => Promise.reject(new Error('refused')), { refused: () => true, timeoutSeconds: 0.6 });
    await expect(refuse()).rejects.toThrow('refused');
    await secret.withRetry(async () => {}, { refused: () => true });
    const began = performance.now();
    await expect(refuse()).rejects.toThrow('refused');
    expect(performance.now() - began).toBeGreaterThan(500);
  });
});

describe('After a long outage', () => {
  it('values are fresh again within five seconds', async () => {
    const move = movingClock();
    vi.spyOn(Math, 'random').mockReturnValue(0.999);
    onTestFinished(() => void vi.restoreAllMocks());
    const away = Object.assign(new Error('away'), { name: 'InternalServiceError', $metadata: { httpStatusCode: 500 } });
    let isAway = false;
    const client = {
      async getSecretValue() {
        if (isAway) throw away;
        return version('1', 'text');
      },
    };
    const cache = secretsCache({ client, maxAgeSeconds: 30 });
    const secret = cache.secret('db');
    await secret.get();
    isAway = true;
    for (let minute = 0; minute < 60; minute += 1) {
      move(60);
      await secret.get();
      await expect.poll(() => cache.stats().failedCalls).toBe(minute + 1);
    }
    expect(secret.status().health).toBe('degraded');
    isAway = false;
    move(5);
    await secret.get();
    await expect.poll(() => secret.status().health).toBe('healthy');
  });
});

describe('More secrets in use than maxSecrets', () => {
  it('are reported once, and counted', async () => {
    const heard = warnings();
    const { client } = answering(version('1', 'text'));
    const cache = secretsCache({ client, maxSecrets: 2 });
    const secrets = ['a', 'b', 'c'].map((name) => cache.secret(name));
    for (let round = 0; round < 3; round += 1) for (const secret of secrets) await secret.get();
    expect(cache.stats().noRoom).toBeGreaterThan(3);
    expect(heard).toEqual([
      expect.stringMatching(/^More than maxSecrets \(2\) secrets are in use.*Raise maxSecrets\.$/),
    ]);
  });
});

describe('A listener that fails', () => {
  it.each([
    ['throws', () => JSON.parse('hunter2')],
    ['rejects', () => Promise.reject(new SyntaxError('hunter2'))],
  ])('ends no read and no process, and is reported without its message: it %s', async (_, listener) => {
    const heard = warnings();
    const { client } = answering(version('1', [1]), version('2', [2]));
    const secret = secretsCache({ client }).secret('db');
    const others: unknown[] = [];
    secret.onRotation(listener);
    secret.onRotation((value) => others.push(value));
    await secret.get();
    expect(await secret.refresh()).toEqual([2]);
    await expect.poll(() => heard).toEqual(['An onRotation listener of db failed: SyntaxError.']);
    expect(others).toEqual([[2]]);
  });
});

describe('A cache that was closed', () => {
  it('releases its values from memory', async () => {
    const script = `
      import { secretsCache } from './client/index.ts';
      const client = { getSecretValue: async () => ({ VersionId: '1', SecretString: 'x'.repeat(60_000) }) };
      const used = () => { gc(); return process.memoryUsage().heapUsed + process.memoryUsage().external; };
      const cache = secretsCache({ client });
      const secrets = Array.from({ length: 500 }, (_, index) => cache.secret('s' + index));
      const before = used();
      await cache.prefetch(secrets);
      const held = used() - before;
      cache.close();
      await new Promise((resolve) => setTimeout(resolve, 50));
      console.log(JSON.stringify({ held, kept: used() - before, secrets: secrets.length }));`;
    const args = ['--expose-gc', '--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
    const { stdout, stderr } = await runCommand(process.execPath, args);
    expect(stderr).toBe('');
    const { held, kept } = JSON.parse(stdout);
    expect(held).toBeGreaterThan(20_000_000);
    expect(kept).toBeLessThan(held / 10);
  });
});
