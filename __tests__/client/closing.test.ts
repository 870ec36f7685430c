import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type SecretsCache, secretsCache } from '../../client/index.ts';
import { answering, version } from './answering-client.ts';
import { collectGarbage } from './collect-garbage.ts';
import { movingClock } from './reading-account.ts';

/** Whether the garbage collector has taken what this points to. */
async function isGone(pointer: WeakRef<object>): Promise<boolean> {
  await collectGarbage();
  return pointer.deref() === undefined;
}

const refuse = { refused: () => true, timeoutSeconds: 0.05 };
const attempt = () => Promise.reject(new Error('refused'));

/** Does something so many microtasks from now. */
async function inMicrotasks(count: number, what: () => void): Promise<void> {
  for (let done = 0; done < count; done += 1) await undefined;
  what();
}

describe('A closed cache', () => {
  it('holds on to no value, no answer of Secrets Manager and no listener, although its secret is still in use', async () => {
    const pointers: WeakRef<object>[] = [];
    let next = 0;
    const client = {
      async getSecretValue({ VersionStage }: { readonly VersionStage: string }) {
        const SecretBinary = new Uint8Array([next]);
        pointers.push(new WeakRef(SecretBinary));
        next += 1;
        return { VersionId: VersionStage, SecretBinary };
      },
    };
    const cache = secretsCache({ client });
    const secret = cache.secret('db', {
      schema: v.pipe(
        v.instance(Uint8Array),
        v.transform((bytes) => {
          const value = { first: bytes[0] };
          pointers.push(new WeakRef(value));
          return value;
        }),
      ),
    });
    (() => {
      const listener = () => {};
      pointers.push(new WeakRef(listener));
      secret.onRotation(listener);
    })();
    await secret.get();
    await expect(secret.withRetry(attempt, refuse)).rejects.toThrow('refused');
    cache.close();
    await expect.poll(async () => Promise.all(pointers.map(isGone))).toEqual(pointers.map(() => true));
    expect(pointers.length).toBeGreaterThanOrEqual(5);
    expect(secret.secretId).toBe('db');
    expect(cache.stats().secrets).toEqual([]);
  });

  it('gives up the calls under way', async () => {
    const signals: Record<string, AbortSignal> = {};
    const client = {
      getSecretValue({ VersionStage }: { readonly VersionStage: string }, options: { abortSignal: AbortSignal }) {
        const isFirst = signals.AWSCURRENT === undefined;
        signals[VersionStage] = options.abortSignal;
        return isFirst || VersionStage === 'AWSCURRENT'
          ? Promise.resolve(version('1', [1]))
          : new Promise<never>(() => {});
      },
    };
    const cache = secretsCache({ client });
    const secret = cache.secret('db');
    const login = secret.withRetry(attempt, { refused: () => true }).catch((error: Error) => error.message);
    await expect.poll(() => signals.AWSPENDING).toBeDefined();
    cache.close();
    expect(signals.AWSPENDING?.aborted).toBe(true);
    expect(await login).toBe('refused');
  });

  it('takes no pending version whose schema was still at work', async () => {
    const waiting: (() => void)[] = [];
    const validate = (value: unknown) =>
      JSON.stringify(value) === '[1]'
        ? { value }
        : new Promise<{ value: unknown }>((resolve) => waiting.push(() => resolve({ value })));
    const { client } = answering(version('1', [1]), version('1', [1]), version('2', [2]));
    const cache = secretsCache({ client });
    const secret = cache.secret('db', { schema: { '~standard': { version: 1, vendor: 'test', validate } } });
    const login = secret.withRetry(attempt, { refused: () => true }).catch((error: Error) => error.message);
    await expect.poll(() => waiting).toHaveLength(1);
    cache.close();
    waiting[0]?.();
    expect(await login).toBe('refused');
    expect(secret.status()).toMatchObject({ versionId: undefined, errorCode: 'CLOSED' });
  });

  /** Closes a cache at each moment of what is done with it. */
  async function closedAtEachMoment(work: (cache: SecretsCache, stages: Record<string, object>) => Promise<unknown>) {
    for (let moment = 1; moment < 60; moment += 1) {
      let isClosing = false;
      const stages: Record<string, object> = { AWSCURRENT: version('1', [1]), AWSPENDING: version('2', [2]) };
      const client = {
        async getSecretValue({ VersionStage }: { readonly VersionStage: string }) {
          if (VersionStage === 'AWSPENDING' || !('AWSPENDING' in stages)) isClosing = true;
          if (isClosing) inMicrotasks(moment, () => cache.close());
          return stages[VersionStage] ?? {};
        },
      };
      const cache: SecretsCache = secretsCache({ client });
      const secret = cache.secret('db');
      await work(cache, stages).catch(() => {});
      await inMicrotasks(100, () => {});
      expect(secret.status(), `${moment} microtasks after the answer`).toMatchObject({ versionId: undefined });
    }
  }

  it('takes no value, at whatever moment of a read it is closed', async () => {
    await closedAtEachMoment((cache, stages) => {
      delete stages.AWSPENDING;
      return cache.secret('db').get();
    });
  });

  it('takes no pending version, at whatever moment of its read it is closed', async () => {
    await closedAtEachMoment((cache) => cache.secret('db').withRetry(attempt, refuse));
  });
});

describe('A secret that nobody holds on to', () => {
  it('is forgotten, and can be asked for again', async () => {
    const { client } = answering(version('1', [1]));
    const cache = secretsCache({ client });
    (() => void cache.secret('db'))();
    await expect
      .poll(async () => {
        await collectGarbage();
        return cache.stats().secrets;
      })
      .toEqual([]);
    expect(await cache.secret('db').get()).toEqual([1]);
  });
});

describe('A secret', () => {
  it('gives one promise for as long as its value is fresh', async () => {
    const { client } = answering(version('1', [1]));
    const secret = secretsCache({ client }).secret('db');
    await secret.get();
    expect(secret.get()).toBe(secret.get());
  });

  it('has a separate view for each expiresAt', async () => {
    const move = movingClock();
    const { client } = answering(version('1', [1]));
    const cache = secretsCache({ client });
    const soon = new Date(Date.now() + 1000);
    const [one, other] = [cache.secret('db'), cache.secret('db', { expiresAt: () => soon })];
    expect(other).not.toBe(one);
    await cache.prefetch([one, other]);
    move(0.6);
    expect([one.peek(), other.peek()]).toEqual([[1], undefined]);
  });

  it('is text if it holds what JSON calls null, true or a number', async () => {
    for (const text of ['null', 'true', '7', '"a"']) {
      const { client } = answering({ VersionId: '1', SecretString: text });
      expect(await secretsCache({ client }).secret('db').get()).toBe(text);
    }
  });
});

describe('An option', () => {
  it('is refused if it is a number as text', () => {
    // @ts-expect-error: no number
    expect(() => secretsCache({ maxAgeSeconds: '300' })).toThrow(
      'The option maxAgeSeconds is a string; expected a number from 0 to Infinity.',
    );
  });
});
