import { setMaxListeners } from 'node:events';
import type { CacheContext } from './cache-context.ts';
import type { VersionSource } from './candidates.ts';
import { publishRefused, publishRotated } from './diagnostics.ts';
import { Flight } from './flight.ts';
import { type HeldVersion, handOut, holdVersion, isFresh, isStaleWithin, onThisClock } from './held-version.ts';
import { isWithin } from './is-within.ts';
import { Pace } from './pace.ts';
import type { ValueOptions } from './read-value.ts';
import type { RotatingSecret, SecretStatus } from './rotating-secret.ts';
import { RotationListeners } from './rotation-listeners.ts';
import { isOfNewVersion, isPassing, SecretReadError } from './secret-read-error.ts';
import type { SecretRead, SecretReads } from './secret-reads.ts';
import type { Releasable } from './value-bound.ts';
import { VersionReader, type VersionValue } from './version-reader.ts';

/** After a search for another version in vain: so long nobody else waits for one, which would take as long and find as little. */
const VAIN_MS = 60_000;
/** Of AWSPENDING: who is refused a moment later gets what the one before found. */
const PENDING_AGE_MS = 1_000;

/** One view of a secret: the version that is held, the read under way, and how reads fare. */
export class SecretEntry<Value> implements VersionSource<Value>, Releasable {
  readonly #context: CacheContext;
  readonly #reader: VersionReader<Value>;
  readonly #reads: SecretReads;
  readonly #pendingReads: SecretReads;
  readonly #listeners: RotationListeners<Value>;
  readonly #flight = new Flight<HeldVersion<Value>>();
  readonly #pendingFlight = new Flight<HeldVersion<Value> | undefined>();
  /** Of reads that bring a value which this view cannot take. */
  readonly #pace = new Pace();
  readonly #closed = new AbortController();
  #held: HeldVersion<Value> | undefined;
  /** When what this view has looked at last was read. */
  #seenMs = Number.NEGATIVE_INFINITY;
  /** Survives the value, so that a change is noticed after it was let go. */
  #lastVersionId: string | undefined;
  /** What a pinned version stands in for: a read that brings it back changes nothing. */
  #refusedVersionId: string | undefined;
  /** The version for which there was no other, how long that was looked for, and when. */
  #vain: { readonly versionId: string | undefined; readonly seconds: number; readonly sinceMs: number } | undefined;
  /** Until when a value was fresh for which there was no room. */
  #evictedMs = 0;
  #failure: SecretReadError | undefined;
  #isUsed = false;

  constructor(
    readonly secretId: string,
    readonly versionStage: string,
    options: ValueOptions<Value>,
    context: CacheContext,
    /** Whom the cache finds by its name, for as long as a value is held. */
    readonly owner: RotatingSecret<Value>,
  ) {
    // As many as wait for another version; Node.js 20 takes more than ten for a leak.
    setMaxListeners(0, this.#closed.signal);
    this.#context = context;
    this.#reader = new VersionReader(secretId, options);
    this.#reads = context.readsOf(secretId, versionStage);
    this.#pendingReads = context.readsOf(secretId, 'AWSPENDING');
    this.#listeners = new RotationListeners(secretId);
  }

  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  held(): HeldVersion<Value> | undefined {
    return this.#held;
  }

  /** What is held, where it is fresh. */
  fresh(): HeldVersion<Value> | undefined {
    const held = this.#held;
    if (held === undefined || !isFresh(held, Date.now())) return undefined;
    this.#isUsed = true;
    this.#context.counts.hits += 1;
    return held;
  }

  /** What may be handed out, whatever that takes. */
  async current(): Promise<HeldVersion<Value>> {
    const fresh = this.fresh();
    if (fresh) return fresh;
    this.#refuseClosed();
    const { counts, staleIfErrorSeconds, staleWhileRevalidateSeconds, onNoRoom } = this.#context;
    const now = Date.now();
    const held = this.#held && onThisClock(this.#held, now);
    this.#held = held;
    this.#isUsed = held !== undefined;
    const { pace } = this.#reads;
    const mayRead =
      this.#flight.isRunning ||
      this.#reads.since(this.#seenMs) !== undefined ||
      (pace.mayRead(now) && this.#pace.mayRead(now));
    // Where a read has just failed, waiting for the next one would not help.
    const isFailing = pace.isFailing || this.#pace.isFailing;
    if (held && isStaleWithin(held, isFailing ? staleIfErrorSeconds : staleWhileRevalidateSeconds, now)) {
      if (mayRead) this.#read().catch(() => {});
      counts.stale += 1;
      return held;
    }
    const failure = this.#failure ?? this.#reads.failure;
    if (!mayRead && failure) throw failure;
    counts.misses += 1;
    if (now < this.#evictedMs) onNoRoom();
    return this.#read().catch((error) => {
      const kept = this.#held;
      const passed = Date.now();
      const mayStandIn = isPassing(error) || isOfNewVersion(error);
      const mayServe =
        kept && (isFresh(kept, passed) || (mayStandIn && isStaleWithin(kept, staleIfErrorSeconds, passed)));
      if (!mayServe) throw error;
      counts.stale += 1;
      return kept;
    });
  }

  /** What a read brings: the one under way, or one of its own, of which there is one a second. */
  async refresh(): Promise<HeldVersion<Value>> {
    this.#refuseClosed();
    if (this.#flight.isRunning || this.#reads.mayRefresh(this.#seenMs)) return this.#read();
    if (this.#held && Date.now() < this.#held.expiresMs) return this.#held;
    if (this.#failure) throw this.#failure;
    return this.#read();
  }

  refreshed(): Promise<HeldVersion<Value> | undefined> {
    return this.refresh().catch(() => this.#held);
  }

  refuse(versionId: string): void {
    this.#context.counts.refusals += 1;
    publishRefused({ secretId: this.secretId, versionStage: this.versionStage, versionId });
    // The pinned version was no better than the one that it stands in for.
    if (this.#held?.versionId === versionId) this.#refusedVersionId = undefined;
  }

  accepted(): void {
    this.#vain = undefined;
  }

  isVain(seconds: number): boolean {
    const vain = this.#vain;
    if (!vain || vain.versionId !== this.#held?.versionId) return false;
    return vain.seconds >= seconds && isWithin(Date.now(), vain.sinceMs, VAIN_MS);
  }

  giveUp(seconds: number): void {
    this.#vain = { versionId: this.#held?.versionId, seconds, sinceMs: Date.now() };
  }

  async pinPending(refused: ReadonlySet<string>): Promise<HeldVersion<Value> | undefined> {
    if (this.versionStage !== 'AWSCURRENT') return undefined;
    const afterMs = Date.now() - PENDING_AGE_MS;
    if (!this.#pendingFlight.isRunning && !this.#pendingReads.mayRefresh(afterMs)) return undefined;
    return this.#pendingFlight.join(this.#longestReadMs, async (signal) => {
      try {
        const read = await this.#pendingReads.read(afterMs);
        if (refused.has(read.versionId)) return undefined;
        const pending = await this.#reader.valueOf(read, 'AWSPENDING', this.#held);
        signal.throwIfAborted();
        const current = this.#held?.versionId;
        const pinned = this.#hold(pending, read.readMs);
        this.#refusedVersionId = current;
        return pinned;
      } catch {
        return undefined; // None, or not for this caller: what becomes current is waited for.
      }
    });
  }

  onRotation(listener: (value: Value) => void): () => void {
    return this.#listeners.add(listener);
  }

  status(): SecretStatus {
    const { secretId, versionStage } = this;
    const working = this.#failure ? 'degraded' : 'healthy';
    const idle = this.#failure ? 'failing' : 'unread';
    return {
      secretId,
      versionStage,
      versionId: this.#held?.versionId,
      ageSeconds: this.#held && Math.max(0, Date.now() - this.#held.readMs) / 1000,
      health: this.#held ? working : idle,
      errorCode: this.#failure?.code,
    };
  }

  takeUsed(): boolean {
    const isUsed = this.#isUsed;
    this.#isUsed = false;
    return isUsed;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  evict(): void {
    this.#evictedMs = this.#held?.staleMs ?? 0;
    this.#release();
  }

  close(): void {
    const closed = this.#closedError();
    this.#closed.abort(closed);
    this.#flight.abort(closed);
    this.#pendingFlight.abort(closed);
    this.#reads.close(closed);
    this.#pendingReads.close(closed);
    this.#listeners.clear();
    this.#release();
    this.#failure = closed;
  }

  get #longestReadMs(): number {
    return (this.#context.timeoutSeconds + 1) * 1000;
  }

  /** Once for all who want the value at the same time. */
  #read(): Promise<HeldVersion<Value>> {
    return this.#flight.join(this.#longestReadMs, async (signal) => {
      try {
        const held = await this.#take(await this.#reads.read(this.#seenMs), signal);
        this.#pace.succeeded();
        this.#failure = undefined;
        return held;
      } catch (error) {
        if (!signal.aborted) this.#fail(error);
        throw error;
      }
    });
  }

  async #take(read: SecretRead, signal: AbortSignal): Promise<HeldVersion<Value>> {
    signal.throwIfAborted();
    this.#seenMs = read.readMs;
    const version = this.#standIn(read) ?? (await this.#reader.valueOf(read, this.versionStage, this.#held));
    signal.throwIfAborted();
    const pinned = this.#standIn(read);
    if (!pinned) this.#refusedVersionId = undefined;
    return this.#hold(pinned ?? version, read.readMs);
  }

  /** The pinned version, where it stands in for that one. */
  #standIn({ versionId }: SecretRead): HeldVersion<Value> | undefined {
    return versionId === this.#refusedVersionId ? this.#held : undefined;
  }

  #hold(version: VersionValue<Value>, readMs: number): HeldVersion<Value> {
    const { secretId, versionStage } = this;
    const { versionId, expiresMs } = version;
    if (Date.now() >= expiresMs) {
      const when = new Date(expiresMs).toISOString();
      throw new SecretReadError(
        'EXPIRED',
        `${versionStage} of ${secretId} expired at ${when}; expected a rotation before.`,
      );
    }
    const held = holdVersion(version, readMs, this.#context);
    this.#held = held;
    this.#context.onHeld(this);
    const previousVersionId = this.#lastVersionId;
    this.#lastVersionId = versionId;
    if (previousVersionId === undefined || previousVersionId === versionId) return held;
    this.#context.counts.rotations += 1;
    publishRotated({ secretId, versionStage, versionId, previousVersionId });
    this.#listeners.tell(() => handOut(held));
    return held;
  }

  #fail(error: unknown): void {
    this.#failure = error instanceof SecretReadError ? error : undefined;
    if (isPassing(error)) return;
    this.#pace.failed(Date.now());
    // Refused or gone: what was read before is no answer any more, whatever happens next.
    if (!isOfNewVersion(error)) this.#release();
  }

  #release(): void {
    this.#held = undefined;
    this.#refusedVersionId = undefined;
    this.#reads.release();
    this.#pendingReads.release();
  }

  #refuseClosed(): void {
    if (this.#closed.signal.aborted) throw this.#closedError();
  }

  #closedError(): SecretReadError {
    return new SecretReadError('CLOSED', `${this.secretId} cannot be read: its cache was closed.`);
  }
}
