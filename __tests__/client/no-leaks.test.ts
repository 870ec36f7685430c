import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { inspect } from 'node:util';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import * as client from '../../client/index.ts';
import { login, published, type ReadingAccount, readingAccount } from './reading-account.ts';

/** Everything that a program can print of something without asking for its value. */
function printed(found: unknown): string {
  const written: string[] = [];
  const stdout = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  const console = new Console(stdout);
  console.log(found, String(found));
  // It is told to print a promise as it is.
  if (!(found instanceof Promise || Array.isArray(found))) console.dir(found);
  console.log('%s %o %O %j', found, found, found, found);
  return [
    ...written,
    inspect(found, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true, showProxy: true }),
    JSON.stringify(found) ?? '',
    found instanceof Error ? `${found.stack} ${inspect(found.cause)}` : '',
  ].join('\n');
}

const value = fc.string({ minLength: 16, maxLength: 40 }).filter((text) => text.trim().length > 12);

type Reader = (account: ReadingAccount, name: string, value: string) => Promise<unknown[]>;

/** What an application meets of a secret, from its first read to the last error. */
const readers: Record<string, Reader> = {
  async 'a secret that was read'({ cache, put }, name, value) {
    await put({ username: 'app', password: value, nested: [{ value }] }, { name });
    const secret = cache.secret(name);
    const promises = [secret.get(), secret.refresh(), secret.waitUntilReady({ timeoutSeconds: 5 })];
    await Promise.all(promises);
    return [secret, secret.get(), ...promises, secret.status(), cache, cache.stats(), secret.candidates()];
  },
  async 'text that its schema refuses'({ cache, put }, name, value) {
    await put(value, { name });
    const secret = cache.secret(name, { schema: v.pipe(v.string(), v.minLength(100), v.regex(/^\d+$/)) });
    return [secret, ...(await errorsOf(secret))];
  },
  async 'an object that its schema refuses'({ cache, put }, name, value) {
    await put({ username: [value], password: { [`a${name}`]: value } }, { name });
    const secret = cache.secret(name, { schema: login });
    return [secret, ...(await errorsOf(secret))];
  },
  async 'a schema that throws what it saw'({ cache, put }, name, value) {
    await put({ password: value }, { name });
    const validate = (seen: unknown) => {
      throw new Error(JSON.stringify(seen), { cause: seen });
    };
    const secret = cache.secret(name, { schema: { '~standard': { version: 1, vendor: 'test', validate } } });
    return [secret, ...(await errorsOf(secret))];
  },
  async 'an expiresAt that throws what it saw'({ cache, put }, name, value) {
    await put({ password: value }, { name });
    const expiresAt = (seen: unknown) => {
      throw new Error(JSON.stringify(seen));
    };
    const secret = cache.secret(name, { schema: v.looseObject({}), expiresAt });
    return [secret, ...(await errorsOf(secret))];
  },
  async 'a response that was cut off on its way'(_, name, value) {
    const broken = Object.assign(new SyntaxError(`Unexpected end of {"SecretString":"${value}`), {
      $responseBodyText: value,
      $response: { body: value },
      $metadata: { httpStatusCode: 200 },
    });
    const cache = client.secretsCache({ client: { send: () => Promise.reject(broken) } });
    const secret = cache.secret(name);
    return [cache, secret, ...(await errorsOf(secret))];
  },
  async 'a rotation that was refused and a cache that was closed'({ put, client: sdk }, name, value) {
    const cache = client.secretsCache({ client: sdk });
    await put({ username: 'app', password: value }, { name });
    const secret = cache.secret(name, { schema: login });
    secret.onRotation(() => {});
    await secret.get();
    await put({ username: 'app', password: `${value}2` }, { name, stages: ['AWSPENDING'] });
    await secret.withRetry(async ({ password }) => expect(password).toMatch(/2$/s), { refused: () => true });
    cache.close();
    return [cache, secret, ...(await errorsOf(secret))];
  },
};

async function errorsOf(secret: client.RotatingSecret<unknown>): Promise<unknown[]> {
  const failed = [secret.get(), secret.refresh(), secret.waitUntilReady({ timeoutSeconds: 0 })];
  const errors = await Promise.all(
    failed.map((each) =>
      each.then(
        () => 'no error',
        (error: unknown) => error,
      ),
    ),
  );
  expect(errors).not.toContain('no error');
  return [...failed, ...errors, secret.status()];
}

describe('No value appears', () => {
  it.each(Object.entries(readers))('in what is printed of %s', async (_, read) => {
    const account = await readingAccount();
    const events = [published('read'), published('rotated'), published('rejected'), published('refused')];
    let index = 0;
    await fc.assert(
      fc.asyncProperty(value, async (secretText) => {
        index += 1;
        const found = await read(account, `s${index}`, secretText);
        const text = printed([...found, ...events, Object.entries(client)]) + found.map(printed).join('\n');
        for (const form of [secretText, JSON.stringify(secretText).slice(1, -1), inspect(secretText).slice(1, -1)]) {
          expect(text.includes(form)).toBe(false);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('in this test without being found: a printed value is detected', async () => {
    const account = await readingAccount();
    await account.put({ password: 'correct horse battery' });
    const found = await account.cache.secret('db').get();
    expect(printed([{ found }])).toContain('correct horse battery');
    expect(printed(Promise.resolve(found))).toContain('correct horse battery');
  });
});
