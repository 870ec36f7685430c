import { describe, expect, it, onTestFinished } from 'vitest';
import { batching } from '../../client/batch.ts';
import { type RotatingSecret, secretsCache } from '../../client/index.ts';
import type { LocalAws } from '../../local/local-aws.ts';
import { login, newLogin, readerClient, readingAccount } from './reading-account.ts';

/** A cache of an account whose reads are batched, and the actions that were called. */
async function batchingAccount() {
  const account = await readingAccount();
  const cache = secretsCache({ client: batching(account.client) });
  onTestFinished(() => cache.close());
  return { ...account, cache, actions: calledActions(account.aws) };
}

describe('batching', () => {
  it('reads twenty secrets with one call, and the missing ones one by one', async () => {
    const { cache, put, actions } = await batchingAccount();
    const logins = Array.from({ length: 25 }, () => newLogin());
    for (const [index, value] of logins.entries()) await put(value, { name: `s${index}` });
    const secrets = logins.map((_, index) => cache.secret(`s${index}`, { schema: login }));
    actions.length = 0;
    await cache.prefetch(secrets);
    expect(secrets.map((secret) => secret.peek())).toEqual(logins);
    expect(actions).toEqual(['BatchGetSecretValue', 'BatchGetSecretValue']);

    actions.length = 0;
    await put(newLogin(), { name: 's0' });
    const previous = cache.secret('s0', { schema: login, versionStage: 'AWSPREVIOUS' });
    await cache.prefetch([previous, cache.secret('s1', { schema: login })]);
    expect(previous.peek()).toEqual(logins[0]);
    expect(actions).toEqual(['PutSecretValue', 'GetSecretValue']);
    const absent = ['absent', 'absent-too'].map((name) => cache.secret(name));
    await expect(cache.prefetch([...absent])).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('finds secrets by their ARN, too, and several caches may share it', async () => {
    const { client, put, aws, actions } = await batchingAccount();
    await put('first', { name: 'a' });
    await put('second', { name: 'b' });
    const arn = aws.account.secrets.find('b')?.arn ?? '';
    const shared = batching(client);
    const secrets: RotatingSecret<unknown>[] = [1, 2].flatMap(() => {
      const cache = secretsCache({ client: shared });
      return [cache.secret('a'), cache.secret(arn)];
    });
    actions.length = 0;
    await Promise.all(secrets.map((secret) => secret.get()));
    expect(secrets.map((secret) => secret.peek())).toEqual(['first', 'second', 'first', 'second']);
    expect(actions).toEqual(['BatchGetSecretValue']);
  });

  it('makes no batch of one secret, and none of another label than AWSCURRENT', async () => {
    const { cache, put, actions } = await batchingAccount();
    for (const name of ['a', 'b']) {
      await put('first', { name });
      await put('second', { name });
    }
    actions.length = 0;
    expect(await cache.secret('a').get()).toBe('second');
    const previous = ['a', 'b'].map((name) => cache.secret(name, { versionStage: 'AWSPREVIOUS' }));
    await cache.prefetch(previous);
    expect(previous.map((secret) => secret.peek())).toEqual(['first', 'first']);
    expect(actions).toEqual(['GetSecretValue', 'GetSecretValue', 'GetSecretValue']);
  });

  it('adds nothing to a cache that was closed meanwhile', async () => {
    const { cache, put, aws } = await batchingAccount();
    const secrets = ['a', 'b'].map((name) => cache.secret(name));
    for (const { secretId } of secrets) await put('text', { name: secretId });
    aws.faults.add({ action: 'BatchGetSecretValue', kind: 'delay', delayMs: 200, callers: 'everyone' });
    const read = cache.prefetch(secrets);
    cache.close();
    await expect(read).rejects.toMatchObject({ code: 'CLOSED' });
    expect(secrets.map((secret) => secret.peek())).toEqual([undefined, undefined]);
  });

  it('reads one by one from then on if batches are denied', async () => {
    const { put, aws } = await readingAccount();
    const cache = secretsCache({ client: batching(readerClient(aws.account)) });
    const secrets = ['a', 'b', 'c', 'd'].map((name) => cache.secret(name));
    for (const { secretId } of secrets) await put('text', { name: secretId });
    const actions = calledActions(aws);
    await cache.prefetch(secrets.slice(0, 2));
    await cache.prefetch(secrets.slice(2));
    expect(secrets.map((secret) => secret.peek())).toEqual(['text', 'text', 'text', 'text']);
    expect(actions).toEqual(['BatchGetSecretValue', ...Array(4).fill('GetSecretValue')]);
  });

  it('reads one by one if a batch fails, and by batch the next time', async () => {
    const { cache, put, aws, actions } = await batchingAccount();
    const secrets = ['a', 'b', 'c', 'd'].map((name) => cache.secret(name));
    for (const { secretId } of secrets) await put('text', { name: secretId });
    actions.length = 0;
    aws.faults.add({ action: 'BatchGetSecretValue', kind: 'fail-before', callers: 'everyone' });
    await cache.prefetch(secrets.slice(0, 2));
    await cache.prefetch(secrets.slice(2));
    expect(actions).toEqual(['BatchGetSecretValue', 'GetSecretValue', 'GetSecretValue', 'BatchGetSecretValue']);
  });
});

describe('What batching cannot use', () => {
  it.each([
    ['nothing', undefined, 'undefined'],
    ['a client of the file of development', { getSecretValue: async () => ({}) }, 'an object'],
  ])('is refused at once: %s', (_, client, found) => {
    const problem = `The client is ${found}; expected a SecretsManagerClient, with a send method.`;
    expect(() => batching(client as never)).toThrow(problem);
  });
});

function calledActions({ account }: LocalAws): string[] {
  const actions: string[] = [];
  account.events.on('call', ({ action }) => actions.push(action));
  return actions;
}
