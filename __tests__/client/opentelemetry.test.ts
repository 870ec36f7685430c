import { AsyncLocalStorage } from 'node:async_hooks';
import { type Context, type ContextManager, context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { type ObserveOptions, observeSecrets } from '../../client/opentelemetry.ts';
import { login, newLogin, readingAccount } from './reading-account.ts';

/** As the one of `@opentelemetry/context-async-hooks`: what makes a span active in what it awaits. */
class AsyncContextManager implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();
  active = () => this.#storage.getStore() ?? ROOT_CONTEXT;
  with = ((active, call, self, ...args) =>
    this.#storage.run(active, () => call.call(self as never, ...args))) as ContextManager['with'];
  bind: ContextManager['bind'] = (active, target) => target && active && target;
  enable = () => this;
  disable = () => this;
}

/** The real SDK of OpenTelemetry, in memory, and an account whose reads it observes. */
async function observedAccount(options: Partial<ObserveOptions> = {}) {
  const account = await readingAccount();
  const spans = new InMemorySpanExporter();
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] });
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 600_000 });
  const meterProvider = new MeterProvider({ readers: [reader] });
  const stop = observeSecrets({ cache: account.cache, meterProvider, tracerProvider, ...options });
  onTestFinished(async () => {
    stop();
    await meterProvider.shutdown();
  });
  return {
    ...account,
    tracer: tracerProvider.getTracer('test'),
    stop,
    spans: () => spans.getFinishedSpans(),
    /** The value of each time series now, by the name of its metric and its attributes. */
    async measured() {
      exporter.reset();
      await meterProvider.forceFlush();
      const found = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics));
      return Object.fromEntries(
        found.flatMap(({ descriptor, dataPoints }) =>
          dataPoints.map(({ attributes, value }) => [
            `${descriptor.name} ${Object.values(attributes).join(' ')}`,
            value,
          ]),
        ),
      );
    },
  };
}

describe('observeSecrets, with the real SDK of OpenTelemetry,', () => {
  beforeAll(() => void context.setGlobalContextManager(new AsyncContextManager()));
  afterAll(() => context.disable());

  it('measures and traces each call to Secrets Manager, in no request', async () => {
    const { cache, put, fail, spans, measured, tracer } = await observedAccount();
    await put(newLogin());
    const secret = cache.secret('db', { schema: login });
    await tracer.startActiveSpan('request', async (span) => {
      await secret.get();
      span.end();
    });
    fail('throttle');
    await expect(cache.secret('db', { versionStage: 'AWSPREVIOUS' }).get()).rejects.toMatchObject({
      code: 'THROTTLED',
    });
    const reads = spans().filter(({ name }) => name === 'rotaform.secret.read');
    expect(
      reads.map(({ attributes, status, parentSpanContext }) => ({ attributes, status, parentSpanContext })),
    ).toEqual([
      {
        attributes: { 'rotaform.secret.name': 'db', 'rotaform.secret.stage': 'AWSCURRENT' },
        status: { code: 0 },
        parentSpanContext: undefined,
      },
      {
        attributes: {
          'rotaform.secret.name': 'db',
          'rotaform.secret.stage': 'AWSPREVIOUS',
          'error.type': 'THROTTLED',
        },
        status: { code: 2, message: 'THROTTLED' },
        parentSpanContext: undefined,
      },
    ]);
    for (const { startTime, endTime, duration } of reads) {
      expect(endTime[0] * 1e9 + endTime[1]).toBeGreaterThanOrEqual(startTime[0] * 1e9 + startTime[1]);
      expect(duration[0]).toBeLessThan(60);
    }
    expect(await measured()).toMatchObject({
      'rotaform.secret.read.duration db AWSCURRENT': {
        count: 1,
        buckets: { boundaries: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] },
      },
      'rotaform.secret.read.duration db AWSPREVIOUS THROTTLED': { count: 1 },
    });
  });

  it('counts rotations, refusals and rejected versions, and tells the span of the request', async () => {
    const { cache, put, spans, measured, tracer } = await observedAccount();
    const [first, second] = [newLogin(), newLogin()];
    await put(first);
    const secret = cache.secret('db', { schema: login });
    await secret.get();
    const versionId = await put(second, { stages: ['AWSPENDING'] });
    await tracer.startActiveSpan('request', async (span) => {
      const open = async ({ password }: { readonly password: string }) => {
        if (password !== second.password) throw new Error('refused');
      };
      await secret.withRetry(open, { refused: () => true });
      span.end();
    });
    const request = spans().find(({ name }) => name === 'request');
    expect(request?.events.map(({ name }) => name)).toEqual(['rotaform.secret.refused', 'rotaform.secret.rotated']);
    expect(request?.events[1]?.attributes).toEqual({
      'rotaform.secret.name': 'db',
      'rotaform.secret.stage': 'AWSCURRENT',
      'rotaform.secret.version': versionId,
    });
    await put({ username: 'app' }, { name: 'other' });
    await expect(cache.secret('other', { schema: login }).get()).rejects.toMatchObject({ code: 'SECRET_VALUE' });
    const found = await measured();
    expect(found).toMatchObject({
      'rotaform.secret.rotations db AWSCURRENT': 1,
      'rotaform.secret.refusals db AWSCURRENT': 1,
      'rotaform.secret.rejections other AWSCURRENT': 1,
    });
    const shown = JSON.stringify([found, spans().map(({ attributes, events }) => [attributes, events])]);
    for (const { password } of [first, second]) expect(shown).not.toContain(password);
  });

  it('measures the reads of a cache, and the age and health of its secrets', async () => {
    const { cache, put, fail, measured } = await observedAccount({ secretName: () => 'tenants' });
    for (const name of ['a', 'b']) await put(newLogin(), { name });
    const [a, b] = [cache.secret('a'), cache.secret('b')];
    cache.secret('never read');
    await cache.prefetch([a, b]);
    for (let index = 0; index < 3; index += 1) a.peek();
    const before = await measured();
    expect(before).toMatchObject({
      'rotaform.cache.reads hit': 3,
      'rotaform.cache.reads stale': 0,
      'rotaform.cache.reads miss': 2,
      'rotaform.secret.healthy tenants AWSCURRENT': 1,
    });
    expect(before['rotaform.secret.age tenants AWSCURRENT']).toBeGreaterThanOrEqual(0);
    fail('fail-before');
    await expect(b.refresh()).rejects.toMatchObject({ code: 'SERVICE' });
    expect(await measured()).toMatchObject({ 'rotaform.secret.healthy tenants AWSCURRENT': 0 });
  });

  it('ends when it is told to', async () => {
    const { cache, put, spans, stop, measured } = await observedAccount();
    await put(newLogin());
    stop();
    await cache.secret('db').get();
    expect(spans()).toEqual([]);
    expect(await measured()).toEqual({});
  });

  it('does nothing without an SDK', async () => {
    const { cache, put } = await readingAccount();
    await put(newLogin());
    onTestFinished(observeSecrets({ cache }));
    await cache.secret('db').get();
    expect(trace.getActiveSpan()).toBeUndefined();
  });
});
