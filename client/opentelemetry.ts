/** `rotaform-client/opentelemetry`: metrics and spans of secrets that are read, rotated and refused. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import {
  type Attributes,
  type BatchObservableCallback,
  type Meter,
  type MeterProvider,
  metrics,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { ReadEvent, RefusedEvent, RejectedEvent, RotatedEvent, SecretsCache, SecretsCacheStats } from './index.ts';

export interface ObserveOptions {
  /** Its reads from memory and the age and health of its secrets are measured as well. */
  readonly cache?: SecretsCache;
  /**
   * What a secret is called in attributes. Give many secrets, such as those of tenants, one name: each name is a time series.
   * @default its name or ARN, as the application gave it
   */
  readonly secretName?: (secretId: string) => string;
  /** @default the global one */
  readonly meterProvider?: MeterProvider;
  /** @default the global one */
  readonly tracerProvider?: TracerProvider;
}

type SecretEvent = ReadEvent | RotatedEvent | RejectedEvent | RefusedEvent;

const SCOPE = 'rotaform-client';
/** In seconds: a read takes milliseconds, and a hanging one as long as `timeoutSeconds` says. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/**
 * Measures the calls to Secrets Manager of all caches in the process, and tells the span of a request what its secrets went
 * through. No attribute holds a value. Call it once, after the OpenTelemetry SDK has started.
 *
 * @returns what ends it
 */
export function observeSecrets(options: ObserveOptions = {}): () => void {
  const { cache, secretName = (secretId) => secretId } = options;
  const meter = (options.meterProvider ?? metrics).getMeter(SCOPE);
  const tracer = (options.tracerProvider ?? trace).getTracer(SCOPE);
  const duration = meter.createHistogram('rotaform.secret.read.duration', {
    description: 'Calls to Secrets Manager, with the retries of the AWS SDK',
    unit: 's',
    advice: { explicitBucketBoundaries: BUCKETS },
  });
  const attributesOf = ({ secretId, versionStage }: Pick<SecretEvent, 'secretId' | 'versionStage'>): Attributes => ({
    'rotaform.secret.name': secretName(secretId),
    'rotaform.secret.stage': versionStage,
  });

  const listeners: Record<string, (event: never) => void> = {
    read(event: ReadEvent) {
      const { milliseconds, errorCode } = event;
      const attributes = { ...attributesOf(event), ...(errorCode !== undefined && { 'error.type': errorCode }) };
      duration.record(milliseconds / 1000, attributes);
      // It serves all who wait for it, so it is part of no request.
      const startTime = Date.now() - milliseconds;
      const span = tracer.startSpan(
        'rotaform.secret.read',
        { kind: SpanKind.CLIENT, startTime, attributes },
        ROOT_CONTEXT,
      );
      if (errorCode !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: errorCode });
      span.end();
    },
  };
  const counted = {
    rotated: ['rotaform.secret.rotations', 'Versions that replaced another one'],
    refused: ['rotaform.secret.refusals', 'Versions that what the secret opens refused'],
    rejected: ['rotaform.secret.rejections', 'New versions that are not as their schema expects'],
  } as const;
  for (const [kind, [name, description]] of Object.entries(counted)) {
    const counter = meter.createCounter(name, { description });
    listeners[kind] = (event: Exclude<SecretEvent, ReadEvent>) => {
      const attributes = attributesOf(event);
      counter.add(1, attributes);
      trace
        .getActiveSpan()
        ?.addEvent(`rotaform.secret.${kind}`, { ...attributes, 'rotaform.secret.version': event.versionId });
    };
  }

  const topics = Object.entries(listeners).map(
    ([kind, listener]) => [`rotaform:secret:${kind}`, listener as (event: unknown) => void] as const,
  );
  for (const [topic, listener] of topics) subscribe(topic, listener);
  const stopCache = cache && observeCache(meter, cache, attributesOf);
  return () => {
    for (const [topic, listener] of topics) unsubscribe(topic, listener);
    stopCache?.();
  };
}

/** What no event tells: an event for each read from memory would cost more than the read. */
function observeCache(meter: Meter, cache: SecretsCache, attributesOf: (secret: SecretStatus) => Attributes) {
  const reads = meter.createObservableCounter('rotaform.cache.reads', {
    description: 'Values that were handed out: fresh, stale, or after a call that was waited for',
  });
  const age = meter.createObservableGauge('rotaform.secret.age', {
    description: 'Since the value that is handed out was read',
    unit: 's',
  });
  const healthy = meter.createObservableGauge('rotaform.secret.healthy', {
    description: '1 if the last read succeeded, 0 if it failed',
  });
  const instruments = [reads, age, healthy];
  const observe: BatchObservableCallback = (result) => {
    const { hits, stale, misses, secrets } = cache.stats();
    for (const [kind, count] of Object.entries({ hit: hits, stale, miss: misses })) {
      result.observe(reads, count, { 'rotaform.cache.result': kind });
    }
    for (const { attributes, ageSeconds, isHealthy } of worstByName(secrets, attributesOf)) {
      if (ageSeconds !== undefined) result.observe(age, ageSeconds, attributes);
      result.observe(healthy, isHealthy ? 1 : 0, attributes);
    }
  };
  meter.addBatchObservableCallback(observe, instruments);
  return () => meter.removeBatchObservableCallback(observe, instruments);
}

type SecretStatus = SecretsCacheStats['secrets'][number];

/** Views of a secret, and secrets that share a name, are one time series: of each figure, the worst. */
function worstByName(secrets: readonly SecretStatus[], attributesOf: (secret: SecretStatus) => Attributes) {
  const byName = new Map<string, { attributes: Attributes; ageSeconds: number | undefined; isHealthy: boolean }>();
  for (const secret of secrets.filter(({ health }) => health !== 'unread')) {
    const attributes = attributesOf(secret);
    const key = JSON.stringify(attributes);
    const before = byName.get(key);
    const ages = [before?.ageSeconds, secret.ageSeconds].filter((each) => each !== undefined);
    byName.set(key, {
      attributes,
      ageSeconds: ages.length > 0 ? Math.max(...ages) : undefined,
      isHealthy: (before?.isHealthy ?? true) && secret.health === 'healthy',
    });
  }
  return byName.values();
}
