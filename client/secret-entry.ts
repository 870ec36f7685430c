import type { CacheContext } from './cache-context.ts';
import { publish, type SecretName } from './diagnostics.ts';
import { flight } from './flight.ts';
import { type HeldVersion, handOut, holdVersion, isFresh, isStaleWithin, onThisClock } from './held-version.ts';
import { NEVER_MS } from './is-within.ts';
import { pace } from './pace.ts';
import type { ValueOptions } from './read-value.ts';
import type { SecretStatus } from './rotating-secret.ts';
import { rotationListeners } from './rotation-listeners.ts';
import { isOfNewVersion, isPassing, SecretReadError } from './secret-read-error.ts';
import type { SecretRead, SecretReads } from './secret-reads.ts';
import { type VersionValue, versionReader } from './version-reader.ts';

/** Of AWSPENDING: who is refused a moment later gets what the one before found. */
const PENDING_AGE_MS = 1_000;

/** One view of a secret: the version that is held, the read under way, and how reads fare. */
export function secretEntry<Value>(name: SecretName, options: ValueOptions<Value>, context: CacheContext) {
  const { secretId, versionStage } = name;
  const { closed, counts, maxAgeSeconds, staleIfErrorSeconds, staleWhileRevalidateSeconds, timeoutSeconds } = context;
  const pendingName = { secretId, versionStage: 'AWSPENDING' };
  const reads = context.readsOf(name);
  const readVersion = versionReader(options, timeoutSeconds);
  const listeners = rotationListeners<Value>(secretId);
  // A call and a schema, each with a deadline of its own.
  const longestMs = (timeoutSeconds * 2 + 1) * 1000;
  const reading = flight<HeldVersion<Value>>(longestMs);
  const pinning = flight<HeldVersion<Value> | undefined>(longestMs);
  /** Of reads that bring a value which this view cannot take. */
  const viewPace = pace();

  /** Made when a credential is refused for the first time. */
  let pendingReads: SecretReads | undefined;
  let held: HeldVersion<Value> | undefined;
  /** When what this view has looked at last was read. */
  let seenMs = -NEVER_MS;
  /** Survives the value, so that a change is noticed after it was let go. */
  let lastVersionId: string | undefined;
  /** What a pinned version stands in for: a read that brings it back changes nothing. */
  let refusedVersionId: string | undefined;
  /** Until when a value was fresh for which there was no room. */
  let evictedMs = 0;
  let failure: SecretReadError | undefined;
  let isUsed = false;

  const closedError = () => new SecretReadError('CLOSED', `${secretId} cannot be read: its cache was closed.`);

  function refuseClosed(): void {
    if (closed.aborted) throw closedError();
  }

  /** What is held, where it is fresh. */
  function fresh(): HeldVersion<Value> | undefined {
    if (!held || !isFresh(held, Date.now())) return undefined;
    isUsed = true;
    counts.hits += 1;
    return held;
  }

  /** What may be handed out, whatever that takes. */
  async function current(): Promise<HeldVersion<Value>> {
    const found = fresh();
    if (found) return found;
    refuseClosed();
    const now = Date.now();
    held = held && onThisClock(held, now);
    isUsed = held !== undefined;
    const mayRead = reading.isRunning() || reads.since(seenMs) || (reads.pace.mayRead() && viewPace.mayRead());
    // Where a read has just failed, waiting for the next one would not help.
    const isFailing = reads.pace.isFailing() || viewPace.isFailing();
    if (held && isStaleWithin(held, isFailing ? staleIfErrorSeconds : staleWhileRevalidateSeconds, now)) {
      if (mayRead) read();
      counts.stale += 1;
      return held;
    }
    const lastFailure = failure ?? reads.failure;
    if (!mayRead && lastFailure) throw lastFailure;
    counts.misses += 1;
    if (now < evictedMs) context.onNoRoom();
    return read().catch((error) => {
      // What may not stand in for the new value was let go when that failed.
      if (!held || !isStaleWithin(held, staleIfErrorSeconds, Date.now())) throw error;
      counts.stale += 1;
      return held;
    });
  }

  /** What a read brings: the one under way, or one of its own, of which there is one a second. */
  async function refresh(): Promise<HeldVersion<Value>> {
    refuseClosed();
    if (!reading.isRunning() && !reads.mayRefresh(seenMs)) {
      if (held && Date.now() < held.expiresMs) return held;
      if (failure) throw failure;
    }
    return read();
  }

  /** Once for all who want the value at the same time. */
  const read = () =>
    reading.join(async (signal) => {
      try {
        const taken = await take(await reads.read(seenMs), signal);
        viewPace.succeeded();
        failure = undefined;
        return taken;
      } catch (error) {
        if (!signal.aborted) fail(error);
        throw error;
      }
    });

  async function take(stored: SecretRead, signal: AbortSignal): Promise<HeldVersion<Value>> {
    seenMs = stored.readMs;
    // The pinned version, where it stands in for that one.
    const standIn = () => (stored.versionId === refusedVersionId ? held : undefined);
    const version = standIn() ?? (await readVersion(stored, name, held, signal));
    signal.throwIfAborted();
    const pinned = standIn();
    if (!pinned) refusedVersionId = undefined;
    return hold(pinned ?? version, stored.readMs);
  }

  function hold(version: VersionValue<Value>, readMs: number): HeldVersion<Value> {
    const { versionId, expiresMs } = version;
    if (Date.now() >= expiresMs) {
      const when = new Date(expiresMs).toISOString();
      const problem = `${versionStage} of ${secretId} expired at ${when}; expected a rotation before.`;
      throw new SecretReadError('EXPIRED', problem);
    }
    const taken = holdVersion(version, readMs, maxAgeSeconds);
    held = taken;
    context.onHeld(entry);
    const previousVersionId = lastVersionId;
    lastVersionId = versionId;
    if (previousVersionId !== undefined && previousVersionId !== versionId) {
      counts.rotations += 1;
      publish('rotated', { ...name, versionId, previousVersionId });
      listeners.tell(() => handOut(taken));
    }
    return taken;
  }

  function fail(error: unknown): void {
    failure = error instanceof SecretReadError ? error : undefined;
    if (isPassing(error)) return;
    viewPace.failed();
    // Refused or gone: what was read before is no answer any more, whatever happens next.
    if (!isOfNewVersion(error)) release();
  }

  function release(): void {
    held = refusedVersionId = undefined;
    reads.release();
    pendingReads?.release();
  }

  const entry = {
    /** Whom the cache finds by its name, for as long as a value is held. */
    owner: undefined as unknown,
    closed,
    held: () => held,
    fresh,
    current,
    refresh,
    refreshed: () => refresh().catch(() => held),

    refuse(versionId: string): void {
      counts.refusals += 1;
      publish('refused', { ...name, versionId });
      // The pinned version was no better than the one that it stands in for.
      if (held?.versionId === versionId) refusedVersionId = undefined;
    },

    async pinPending(refused: ReadonlySet<string>): Promise<HeldVersion<Value> | undefined> {
      if (versionStage !== 'AWSCURRENT') return undefined;
      pendingReads ??= context.readsOf(pendingName);
      const pending = pendingReads;
      const afterMs = Date.now() - PENDING_AGE_MS;
      if (!pending.mayRefresh(afterMs)) return undefined;
      return pinning.join(async (signal) => {
        try {
          const stored = await pending.read(afterMs);
          if (refused.has(stored.versionId)) return undefined;
          const version = await readVersion(stored, pendingName, held, signal);
          signal.throwIfAborted();
          const standsInFor = held?.versionId;
          const pinned = hold(version, stored.readMs);
          refusedVersionId = standsInFor;
          return pinned;
        } catch {
          return undefined; // None, or not for this caller: what becomes current is waited for.
        }
      });
    },

    onRotation: listeners.add,

    status: (): SecretStatus => ({
      ...name,
      versionId: held?.versionId,
      ageSeconds: held && Math.max(0, Date.now() - held.readMs) / 1000,
      health: held ? (failure ? 'degraded' : 'healthy') : failure ? 'failing' : 'unread',
      errorCode: failure?.code,
    }),

    takeUsed(): boolean {
      const wasUsed = isUsed;
      isUsed = false;
      return wasUsed;
    },

    isWatched: () => listeners.size() > 0,

    evict(): void {
      evictedMs = held?.staleMs ?? 0;
      release();
    },

    close(): void {
      failure = closedError();
      for (const each of [reading, pinning, reads, pendingReads]) each?.abort(failure);
      listeners.clear();
      release();
    },
  };
  return entry;
}
