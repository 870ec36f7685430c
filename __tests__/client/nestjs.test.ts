import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Controller, Get, Inject, Injectable, Module, type ModuleMetadata } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import * as v from 'valibot';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RotatingSecret, SecretsCache } from '../../client/index.ts';
import {
  getSecretToken,
  type InjectedSecrets,
  InjectSecret,
  InjectSecretsCache,
  RotaformModule,
  SecretsHealthIndicator,
} from '../../client/nestjs.ts';
import { type Login, login, movingClock, newLogin, type ReadingAccount, readingAccount } from './reading-account.ts';

const secrets = { db: { secretId: 'db', schema: login }, plain: { secretId: 'plain' } };
type Secrets = InjectedSecrets<typeof secrets>;

@Injectable()
class Reader {
  constructor(
    @InjectSecret('db') readonly db: Secrets['db'],
    @InjectSecretsCache() readonly cache: SecretsCache,
  ) {}
}

@Controller()
class SlowController {
  constructor(@Inject(getSecretToken('db')) private readonly db: Secrets['db']) {}

  @Get()
  async read(): Promise<number> {
    await sleep(300);
    return (await this.db.refresh()).password.length;
  }
}

async function start(metadata: ModuleMetadata) {
  @Module(metadata)
  class Application {}
  const app = await NestFactory.create(Application, { logger: false, abortOnError: false });
  onTestFinished(() => app.close());
  return app;
}

const withReader = (client: ReadingAccount['client']): ModuleMetadata => ({
  imports: [RotaformModule.forRoot({ client, secrets })],
  providers: [Reader],
});

describe('RotaformModule', () => {
  it('injects a secret with its type, already read', async () => {
    const { client, put } = await readingAccount();
    const value = newLogin();
    await put(value);
    await put('text', { name: 'plain' });
    const app = await start(withReader(client));
    const { db, cache } = app.get(Reader);
    const typed: Login | undefined = db.peek();
    expect(typed).toEqual(value);
    const plain: RotatingSecret<unknown> = app.get(getSecretToken('plain'));
    expect(plain.peek()).toBe('text');
    expect(cache.stats().calls).toBe(2);
  });

  it('does not start if a secret cannot be read', async () => {
    const { client, put } = await readingAccount();
    await put(newLogin());
    await expect(start(withReader(client))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('starts without reading if told to', async () => {
    const { client, reads } = await readingAccount();
    await start({ imports: [RotaformModule.forRoot({ client, secrets, prefetch: false })], providers: [Reader] });
    expect(reads).toEqual([]);
  });

  it('takes its options from a factory, and refuses names that the factory does not declare', async () => {
    const { client, put } = await readingAccount();
    await put(newLogin());
    const options = {
      inject: ['CLIENT'],
      useFactory: async (given: typeof client) => ({ client: given, secrets: { db: secrets.db } }),
    };
    @Module({ providers: [{ provide: 'CLIENT', useValue: client }], exports: ['CLIENT'] })
    class ClientModule {}
    const imports = (names: string[]) => [RotaformModule.forRootAsync({ ...options, names, imports: [ClientModule] })];
    const app = await start({ imports: imports(['db']), providers: [Reader] });
    expect(app.get(Reader).db.peek()).toBeDefined();
    await expect(start({ imports: imports(['db', 'api']) })).rejects.toThrow(
      'forRootAsync has the names db, api, and its factory declares db; expected the same.',
    );
  });

  it('refuses unknown options', async () => {
    const options = { secrets: {}, ttl: 5 };
    await expect(start({ imports: [RotaformModule.forRoot(options)] })).rejects.toMatchObject({
      code: 'CONFIGURATION',
    });
  });

  it('closes the cache at shutdown, after the last request has been answered', async () => {
    const { client, put } = await readingAccount();
    await put(newLogin());
    await put('text', { name: 'plain' });
    const app = await start({ ...withReader(client), controllers: [SlowController] });
    await app.listen(0, '127.0.0.1');
    const { db } = app.get(Reader);
    const answer = fetch(await app.getUrl()).then((response) => response.text());
    await sleep(100);
    await app.close();
    expect(await answer).toBe('36');
    await expect(db.get()).rejects.toMatchObject({ code: 'CLOSED' });
  });
});

describe('The health indicator', () => {
  it('is up while there is a value, says why a read failed, and is down when there is none', async () => {
    const move = movingClock();
    const { client, put, fail } = await readingAccount();
    await put(newLogin());
    await put('text', { name: 'plain' });
    const app = await start(withReader(client));
    const { db } = app.get(Reader);
    const check = () => app.get(SecretsHealthIndicator).check('secrets');
    expect(check()).toEqual({ secrets: { status: 'up', db: 'healthy', plain: 'healthy' } });
    const end = fail('fail-before');
    move(301);
    await db.get();
    await expect.poll(check).toEqual({ secrets: { status: 'up', db: 'degraded: SERVICE', plain: 'healthy' } });
    move(86_400);
    await expect(db.get()).rejects.toMatchObject({ code: 'SERVICE' });
    end();
    await put({ username: 'app' });
    expect(JSON.stringify(check())).not.toContain('app');
  });

  it('is down for a secret that was never read', async () => {
    const { client } = await readingAccount();
    const options = { client, secrets: { db: { secretId: 'absent', schema: v.string() } }, prefetch: false };
    const app = await start({ imports: [RotaformModule.forRoot(options)] });
    await expect((app.get(getSecretToken('db')) as RotatingSecret<string>).get()).rejects.toMatchObject({});
    expect(app.get(SecretsHealthIndicator).check('secrets')).toEqual({
      secrets: { status: 'down', db: 'failing: NOT_FOUND' },
    });
  });
});
