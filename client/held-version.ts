import { concealed } from './concealed.ts';
import { copyOf } from './deep-freeze.ts';
import type { VersionValue } from './version-reader.ts';

/** A value that expires is read again so long before, or when half of what was left has passed. */
const LONGEST_LEAD_MS = 60_000;

/**
 * A version that is handed out, and how long. By the wall clock, which goes on while a Lambda function is frozen or a
 * machine sleeps; a clock that was set back makes the value stale, so that it is read again.
 */
export interface HeldVersion<Value> extends VersionValue<Value> {
  /** Made once: what `get()` returns for as long as the value is fresh and everybody may have this one. */
  readonly promise: Promise<Value>;
  readonly readMs: number;
  readonly staleMs: number;
}

export function holdVersion<Value>(
  version: VersionValue<Value>,
  readMs: number,
  maxAgeSeconds: number,
): HeldVersion<Value> {
  const { value, expiresMs } = version;
  const leadMs = Math.min(LONGEST_LEAD_MS, (expiresMs - Date.now()) / 2);
  return {
    ...version,
    promise: concealed(Promise.resolve(value)),
    readMs,
    staleMs: Math.min(readMs + maxAgeSeconds * 1000, expiresMs - leadMs),
  };
}

/** The value for one who asked: all of it is frozen, or it is a copy. */
export function handOut<Value>({ value, isShared }: VersionValue<Value>): Value {
  return isShared ? value : copyOf(value);
}

export function isFresh({ readMs, staleMs }: HeldVersion<unknown>, nowMs: number): boolean {
  return nowMs < staleMs && nowMs >= readMs;
}

/** The same where the clock was set back before it was read: how old it is nobody knows, so it is stale from now on. */
export function onThisClock<Value>(held: HeldVersion<Value>, nowMs: number): HeldVersion<Value> {
  return nowMs < held.readMs ? { ...held, readMs: nowMs, staleMs: nowMs } : held;
}

/** Whether it may be handed out although it is stale, for so many seconds. An expired value never is. */
export function isStaleWithin({ staleMs, expiresMs }: HeldVersion<unknown>, seconds: number, nowMs: number): boolean {
  return nowMs < expiresMs && nowMs < staleMs + seconds * 1000;
}
